package io.firefly.voip.media.sdp;

import io.firefly.voip.audio.G711;
import io.firefly.voip.media.sdp.SdpReader.Malformed;
import io.firefly.voip.media.sdp.SdpReader.Read;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Our side of the offers and answers of one call (RFC 3264): remembers who we are ({@code o=}), what stands, and what
 * we have offered. A refused exchange changes nothing: what stood before still stands.
 *
 * <p>One call, one negotiator; not thread-safe. What the network sends never makes it throw.
 */
public final class SdpNegotiator {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int EVENT_PAYLOAD_TYPE = 101;

    private final LocalAudio local;
    // 31 bits: some phones read it as an int.
    private final long sessionId = RANDOM.nextInt(Integer.MAX_VALUE);
    private long version;
    private @Nullable InetAddress address;
    private List<MediaDescription> lines = List.of();
    private String written = "";
    private @Nullable AudioAgreement standing;
    private boolean offered;

    public SdpNegotiator(LocalAudio local) {
        this.local = local;
    }

    /** Reads their offer and makes our answer: same media lines in the same order, all but one audio switched off. */
    public SdpNegotiation answer(String theirOffer) {
        SdpReader.Reading reading = SdpReader.read(theirOffer);
        if (reading instanceof Malformed malformed) return new SdpNegotiation.Refused(malformed.sentence());
        SessionDescription theirs = ((Read) reading).description();
        AudioChoice choice = AudioChoice.from(theirs, local.codecs());
        if (choice.audio() == null) return new SdpNegotiation.Refused(choice.reason());
        AudioAgreement audio = choice.audio();
        String problem = settleAddress(audio.remote());
        if (problem != null) return new SdpNegotiation.Refused(problem);

        List<MediaDescription> ours = new ArrayList<>();
        for (int i = 0; i < theirs.media().size(); i++) {
            MediaDescription line = theirs.media().get(i);
            ours.add(i == choice.index() ? audioLine(line.protocol(), audio) : line.rejected());
        }
        standing = audio;
        offered = false;
        return new SdpNegotiation.Agreed(write(ours), audio);
    }

    /** Our own offer: all our codecs, telephone-event, sendrecv; in a running call with the media lines that stand. */
    public String offer() {
        String problem = settleAddress(standing == null ? null : standing.remote());
        if (problem != null) throw new IllegalStateException(problem);
        List<RtpMap> maps = new ArrayList<>();
        for (G711 codec : local.codecs()) maps.add(ofLaw(codec));
        maps.add(event(standing != null && standing.hasEvents() ? standing.eventPayloadType() : EVENT_PAYLOAD_TYPE));
        var further = new SdpWriter.AudioAttributes(Direction.SENDRECV, true);
        List<MediaDescription> ours = new ArrayList<>(lines);
        int index = audioIndex();
        String protocol = index < ours.size() ? ours.get(index).protocol() : "RTP/AVP";
        MediaDescription audio = SdpWriter.audio(local.port(), protocol, maps, further);
        if (index < ours.size()) ours.set(index, audio);
        else ours.add(audio);
        offered = true;
        return write(ours);
    }

    /**
     * Reads their answer to {@link #offer}.
     *
     * @throws IllegalStateException when nothing was offered
     */
    public SdpNegotiation accept(String theirAnswer) {
        if (!offered) throw new IllegalStateException("an answer without an offer of ours");
        SdpReader.Reading reading = SdpReader.read(theirAnswer);
        if (reading instanceof Malformed malformed) return new SdpNegotiation.Refused(malformed.sentence());
        SessionDescription theirs = ((Read) reading).description();
        AudioChoice choice = AudioChoice.from(theirs, local.codecs());
        if (choice.audio() == null) return new SdpNegotiation.Refused(choice.reason());
        String problem = familyProblem(choice.audio().remote());
        if (problem != null) return new SdpNegotiation.Refused(problem);
        offered = false;
        standing = choice.audio();
        return new SdpNegotiation.Agreed(written, choice.audio());
    }

    private MediaDescription audioLine(String protocol, AudioAgreement audio) {
        List<RtpMap> maps = new ArrayList<>();
        maps.add(new RtpMap(audio.payloadType(), audio.codec().name(), 8_000));
        if (audio.hasEvents()) maps.add(event(audio.eventPayloadType()));
        var further = new SdpWriter.AudioAttributes(audio.direction(), audio.rtcpMux());
        return SdpWriter.audio(local.port(), protocol, maps, further);
    }

    private int audioIndex() {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).port() != 0) return i;
        }
        return lines.size();
    }

    /** Our address is chosen once: a call does not move. Answers what is wrong, or null. */
    private @Nullable String settleAddress(@Nullable InetSocketAddress remote) {
        if (address == null) {
            InetAddress chosen = local.address().towards(remote == null ? null : remote.getAddress());
            if (remote != null && !sameFamily(chosen, remote)) return otherFamily(chosen);
            address = chosen;
        }
        return familyProblem(remote);
    }

    private @Nullable String familyProblem(@Nullable InetSocketAddress remote) {
        InetAddress ours = address;
        return ours == null || remote == null || sameFamily(ours, remote) ? null : otherFamily(ours);
    }

    private static boolean sameFamily(InetAddress ours, InetSocketAddress remote) {
        return ours.getClass() == remote.getAddress().getClass();
    }

    private static String otherFamily(InetAddress ours) {
        return "their audio address is of the other IP family; ours is " + SdpWriter.connection(ours);
    }

    /** Numbers the description: the version grows only when something else has changed (RFC 3264 8). */
    private String write(List<MediaDescription> ours) {
        InetAddress own = Objects.requireNonNull(address);
        String unchanged = SdpWriter.write(SdpWriter.session(sessionId, version, own, ours));
        if (!unchanged.equals(written)) {
            version++;
            written = SdpWriter.write(SdpWriter.session(sessionId, version, own, ours));
        }
        lines = List.copyOf(ours);
        return written;
    }

    private static RtpMap ofLaw(G711 codec) {
        return new RtpMap(codec == G711.PCMU ? 0 : 8, codec.name(), 8_000);
    }

    private static RtpMap event(int payloadType) {
        return new RtpMap(payloadType, RtpMap.TELEPHONE_EVENT, 8_000);
    }
}

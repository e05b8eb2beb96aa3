package io.firefly.voip.media.sdp;

import io.firefly.voip.audio.G711;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Picks the one audio stream of a description that we can serve.
 *
 * @param index which media line it is, or -1
 * @param audio what follows from that line; null when no line will do
 * @param reason why none will do
 */
record AudioChoice(int index, @Nullable AudioAgreement audio, String reason) {
    private static final int DEFAULT_PTIME_MILLIS = 20;
    private static final int MIN_PTIME_MILLIS = 10;
    private static final int MAX_PTIME_MILLIS = 60;

    /** The first media line that is audio over plain RTP with a codec of {@code codecs}, in the other side's order. */
    static AudioChoice from(SessionDescription theirs, List<G711> codecs) {
        String reason = "no audio line";
        for (int i = 0; i < theirs.media().size(); i++) {
            MediaDescription line = theirs.media().get(i);
            if (!line.media().equals("audio")) continue;
            AudioChoice choice = weigh(theirs, i, codecs);
            if (choice.audio != null) return choice;
            reason = choice.reason;
        }
        return refused(reason);
    }

    private static AudioChoice weigh(SessionDescription theirs, int index, List<G711> codecs) {
        MediaDescription line = theirs.media().get(index);
        if (line.port() == 0) return refused("their audio line is switched off (port 0)");
        if (!line.isPlainRtpAudio()) return refused("transport protocol of their audio is not RTP/AVP");
        RtpMap codec = firstCommon(line.rtpMaps(), codecs);
        if (codec == null) return refused("no common codec: we speak " + codecs);
        String connection = theirs.connectionOf(line);
        InetAddress address = connection == null ? null : IpLiteral.parse(connection);
        if (address == null) return refused("their connection line is missing or not an IP address");
        if (address.isMulticastAddress()) return refused("their connection line is a multicast address");
        return new AudioChoice(index, agreement(theirs, line, codec, address), "");
    }

    private static AudioAgreement agreement(
            SessionDescription theirs, MediaDescription line, RtpMap codec, InetAddress address) {
        boolean old = address.isAnyLocalAddress();
        Direction said = theirs.directionOf(line);
        Direction direction = (old ? said.withoutReceiving() : said).reversed();
        boolean mux = line.has("rtcp-mux");
        InetSocketAddress remote = old ? null : new InetSocketAddress(address, line.port());
        return new AudioAgreement(
                remote,
                remote == null ? null : mux ? remote : rtcpOf(line, remote),
                mux,
                law(codec),
                codec.payloadType(),
                eventPayloadType(line.rtpMaps()),
                direction,
                ptime(line),
                sendMillis(line));
    }

    private static @Nullable RtpMap firstCommon(List<RtpMap> maps, List<G711> codecs) {
        for (RtpMap map : maps) {
            G711 law = map.law();
            if (law != null && codecs.contains(law)) return map;
        }
        return null;
    }

    private static G711 law(RtpMap map) {
        G711 law = map.law();
        if (law == null) throw new IllegalStateException("not a G.711 codec: " + map);
        return law;
    }

    private static int eventPayloadType(List<RtpMap> maps) {
        for (RtpMap map : maps) {
            if (map.isTelephoneEvent()) return map.payloadType();
        }
        return AudioAgreement.NO_EVENTS;
    }

    /**
     * RFC 3605: {@code a=rtcp:53020 [IN IP4 126.16.64.4]}; without it the next port (RFC 3550 11). Of another host than
     * the sound's it is not believed: it could be anybody's, and nothing that comes from the caller would ever prove it.
     */
    private static @Nullable InetSocketAddress rtcpOf(MediaDescription line, InetSocketAddress rtp) {
        String[] parts = String.valueOf(line.value("rtcp")).split("\\s+", -1);
        Integer port = SdpReader.number(parts[0], 65_535);
        boolean here = parts.length < 4 || rtp.getAddress().equals(IpLiteral.parse(parts[3]));
        if (here && port != null && port > 0) return new InetSocketAddress(rtp.getAddress(), port);
        return rtp.getPort() == 65_535 ? null : new InetSocketAddress(rtp.getAddress(), rtp.getPort() + 1);
    }

    private static int ptime(MediaDescription line) {
        String value = line.value("ptime");
        Integer millis = value == null ? null : SdpReader.number(value, 1_000);
        if (millis == null) return DEFAULT_PTIME_MILLIS;
        return Math.max(MIN_PTIME_MILLIS, Math.min(MAX_PTIME_MILLIS, millis));
    }

    /** RFC 8866 6.4. Our tick is 20 ms: it gives one packet or two, and nobody takes less than 10 ms. */
    private static int sendMillis(MediaDescription line) {
        String value = line.value("maxptime");
        Integer most = value == null ? null : SdpReader.number(value, 1_000);
        return most == null || most == 0 || most >= DEFAULT_PTIME_MILLIS ? DEFAULT_PTIME_MILLIS : MIN_PTIME_MILLIS;
    }

    private static AudioChoice refused(String reason) {
        return new AudioChoice(-1, null, reason);
    }
}

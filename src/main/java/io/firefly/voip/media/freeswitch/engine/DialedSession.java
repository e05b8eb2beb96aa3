package io.firefly.voip.media.freeswitch.engine;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.DialedLeg;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.MediaListener;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.MediaStatistics;
import io.firefly.voip.media.MediaUnavailableException;
import io.firefly.voip.media.Negotiated;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import io.firefly.voip.media.freeswitch.engine.FreeSwitchMediaEngine.Parts;
import io.firefly.voip.media.freeswitch.engine.NodeCall.Reached;
import io.firefly.voip.media.freeswitch.leg.NodeLeg;
import io.firefly.voip.media.freeswitch.leg.Strands.Strand;
import io.firefly.voip.media.sdp.Direction;
import io.firefly.voip.media.sdp.RelayedAudio;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call of ours on a node: the caller's SDP goes there as our INVITE, what the node says to it goes to the caller. Sound
 * flows between those two; what we hear and say comes by the {@code ChannelAudio}.
 *
 * <p>Any thread; the state belongs to the strand.
 */
final class DialedSession implements MediaSession, NodeLeg.Owner {
    private static final Logger log = LoggerFactory.getLogger(DialedSession.class);
    private static final Set<String> USUAL_CODECS = Set.of("PCMA", "PCMU", "G722", "OPUS", "L16");
    private static final Negotiated OVER = new Negotiated.Refused(HangupCause.CANCELLED, "the media session is closed");

    private final CallId call;
    private final Parts parts;
    private final Strand strand;
    private final Runnable whenClosed;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final AtomicBoolean isStarted = new AtomicBoolean();
    private volatile NodeCall current;
    private volatile AudioFormat format = AudioFormat.NARROWBAND;
    private volatile @Nullable String codec;
    private boolean closed;
    private boolean triedAnother;
    private volatile @Nullable CallerChannel caller;
    private @Nullable String endedEarly;
    private RelayedAudio.Shown shown = RelayedAudio.Shown.ALL;
    private String callersSdp = "";
    private String switchSdp = "";
    private boolean answerDue;

    /** @throws MediaUnavailableException when no node takes calls */
    DialedSession(CallId call, Parts parts, Runnable whenClosed) {
        this.call = call;
        this.parts = parts;
        this.whenClosed = whenClosed;
        strand = parts.strands().of(call);
        current = reserve(null);
    }

    private NodeCall reserve(@Nullable NodeCall failed) {
        NodePool.Place place =
                parts.pool().choose(failed == null ? null : failed.place().node());
        try {
            var reserved = new NodeCall.Reserved(place, parts.transport().open(call, place.node()));
            return new NodeCall(call, reserved, strand, this);
        } catch (RuntimeException e) {
            place.close();
            throw e;
        }
    }

    @Override
    public CompletionStage<Negotiated> answer(String sdpOffer) {
        return strand.call(() -> {
            if (closed) return completedFuture(OVER);
            if (caller != null) return renegotiate(sdpOffer);
            return reach(sdpOffer).thenApplyAsync(reached -> agree(reached, sdpOffer), strand);
        });
    }

    /** The first time the node's own offer; later what stands, for sound in both directions. */
    @Override
    public CompletionStage<String> offer() {
        return strand.call(() -> {
            if (caller != null) return completedFuture(RelayedAudio.inBothDirections(switchSdp));
            return reach(null).thenApplyAsync(this::offered, strand);
        });
    }

    private String offered(Reached reached) {
        if (closed) throw new MediaUnavailableException("the media session of call " + call + " is closed");
        if (!(reached instanceof Reached.Here here)) throw new MediaUnavailableException(reasonOf(reached));
        shown = RelayedAudio.Shown.of(here.sdp());
        switchSdp = shown.toCaller(here.sdp());
        format = here.format();
        answerDue = true;
        return switchSdp;
    }

    @Override
    public CompletionStage<Negotiated> accept(String sdpAnswer) {
        return strand.call(() -> {
            if (closed) return completedFuture(OVER);
            if (caller != null) return renegotiate(sdpAnswer);
            RelayedAudio says = RelayedAudio.of(sdpAnswer);
            if (!answerDue || says == null) return completedFuture(refused("the caller's answer has no sound"));
            answerDue = false;
            callersSdp = sdpAnswer;
            current.leg().acknowledge(shown.fromCaller(sdpAnswer));
            return current.leg()
                    .lateChannel()
                    .handleAsync((channel, failure) -> accepted(says, channel, failure), strand);
        });
    }

    private Negotiated accepted(RelayedAudio says, @Nullable SwitchChannel channel, @Nullable Throwable failure) {
        if (closed) return OVER;
        if (channel == null || endedEarly != null) {
            String why = failure == null ? String.valueOf(endedEarly) : NodeCall.messageOf(failure);
            return new Negotiated.Refused(HangupCause.MEDIA_UNAVAILABLE, why);
        }
        codec = says.codec();
        CallerChannel met = meet(channel);
        met.attach();
        met.away(says.direction() != Direction.SENDRECV);
        return new Negotiated.Agreed(switchSdp, says.codec(), says.direction().receives());
    }

    /** A node that fails is given up for another one, once. */
    private CompletionStage<Reached> reach(@Nullable String sdpOffer) {
        return current.dial(parts.desk(), sdpOffer).thenComposeAsync(reached -> tryAnother(reached, sdpOffer), strand);
    }

    private CompletionStage<Reached> tryAnother(Reached reached, @Nullable String sdpOffer) {
        if (!(reached instanceof Reached.NotHere notHere) || closed || triedAnother) return completedFuture(reached);
        triedAnother = true;
        log.warn("call={} not on {}", call, notHere.reason());
        try {
            NodeCall next = reserve(current);
            current.end(HangupCause.MEDIA_UNAVAILABLE);
            current = next;
            endedEarly = null;
        } catch (MediaUnavailableException e) {
            log.warn("call={} and no other node: {}", call, e.getMessage());
            return completedFuture(reached);
        }
        return reach(sdpOffer);
    }

    private Negotiated agree(Reached reached, String sdpOffer) {
        if (closed) return OVER;
        if (reached instanceof Reached.NoCommonCodec none) return refused(none.reason());
        if (!(reached instanceof Reached.Here here) || here.channel() == null || endedEarly != null) {
            return new Negotiated.Refused(HangupCause.MEDIA_UNAVAILABLE, reasonOf(reached));
        }
        callersSdp = sdpOffer;
        format = here.format();
        CallerChannel met = meet(here.channel());
        met.attach();
        return agreed(here.sdp(), here.says(), sdpOffer, met);
    }

    private String reasonOf(Reached reached) {
        if (reached instanceof Reached.NotHere notHere) return notHere.reason();
        if (reached instanceof Reached.NoCommonCodec none) return none.reason();
        return String.valueOf(endedEarly);
    }

    private CallerChannel meet(SwitchChannel channel) {
        var surroundings = parts.surroundings(call, Duration.ZERO);
        CallerChannel met = new CallerChannel(surroundings, channel, current.audio()).begin();
        caller = met;
        return met;
    }

    private Negotiated agreed(String sdp, RelayedAudio says, String sdpOffer, CallerChannel met) {
        RelayedAudio theirs = RelayedAudio.of(sdpOffer);
        codec = says.codec();
        switchSdp = shown.toCaller(sdp);
        met.away(says.direction() != Direction.SENDRECV);
        boolean callerHears = says.direction().sends()
                && (theirs == null || theirs.direction().receives());
        return new Negotiated.Agreed(switchSdp, says.codec(), callerHears);
    }

    /** FreeSWITCH 1.11 is deaf after an offer that it refuses, so it must not see one without any codec it may have. */
    private CompletionStage<Negotiated> renegotiate(String sdpOffer) {
        boolean hopeful = RelayedAudio.offersOneOf(USUAL_CODECS, sdpOffer)
                || RelayedAudio.offersOneOf(Set.of(String.valueOf(codec)), sdpOffer);
        if (!hopeful) return completedFuture(refused("a new offer without a codec that FreeSWITCH usually has"));
        return current.leg()
                .reoffer(shown.fromCaller(sdpOffer))
                .thenApplyAsync(reply -> renegotiated(reply, sdpOffer), strand);
    }

    private Negotiated renegotiated(DialedLeg.Reply reply, String sdpOffer) {
        CallerChannel met = caller;
        if (closed || met == null) return OVER;
        RelayedAudio says = reply.sdp() == null ? null : RelayedAudio.of(reply.sdp());
        if (reply.status() < 300 && reply.sdp() != null && says != null) {
            callersSdp = sdpOffer;
            return agreed(reply.sdp(), says, sdpOffer, met);
        }
        log.info("call={} FreeSWITCH refused a new offer: {}", call, reply.status());
        return refused("FreeSWITCH: " + reply.status());
    }

    private static Negotiated refused(String reason) {
        return new Negotiated.Refused(HangupCause.NO_COMMON_CODEC, reason);
    }

    /** The leg of a try that was given up is silent. */
    @Override
    public void over(HangupCause cause, String why) {
        if (caller != null) caller.legOver(cause, why);
        else endedEarly = why;
    }

    /** The node refreshes its session: nothing new. Anything else it may not decide alone. */
    @Override
    public CompletionStage<@Nullable String> reoffered(@Nullable String sdpOffer) {
        return strand.call(() -> {
            boolean same = sdpOffer == null || RelayedAudio.sayTheSame(shown.toCaller(sdpOffer), switchSdp);
            boolean known = !closed && caller != null && !callersSdp.isEmpty();
            return completedFuture(known && same ? shown.fromCaller(callersSdp) : null);
        });
    }

    @Override
    public void start(MediaListener listener) {
        if (isClosed.get()) return;
        if (codec == null) throw new IllegalStateException("call " + call + ": start before the media was negotiated");
        if (!isStarted.compareAndSet(false, true))
            throw new IllegalStateException("call " + call + ": media started twice");
        strand.execute(() -> {
            if (caller != null) caller.start(listener);
        });
    }

    @Override
    public boolean isLost() {
        CallerChannel met = caller;
        return met != null && (met.isOver() || !current.place().node().health().up());
    }

    @Override
    public void connect(AudioSink fromCaller, AudioSource toCaller) {
        current.audio().connect(fromCaller, toCaller);
    }

    @Override
    public boolean hearOnArrival(AudioSink ears) {
        return current.audio().hearOnArrival(ears);
    }

    @Override
    public void discardUnheard() {
        current.audio().discardUnheard();
    }

    @Override
    public Duration delay() {
        return current.audio().delay();
    }

    @Override
    public boolean recordTo(Path stereoWav, Runnable whenRefused) {
        strand.execute(() -> {
            if (caller != null) caller.recordTo(stereoWav, whenRefused);
            else whenRefused.run();
        });
        return true;
    }

    @Override
    public AudioFormat format() {
        return format;
    }

    @Override
    public void sendDtmf(String digits) {
        CallerChannel.checkKeys(digits);
        strand.execute(() -> {
            if (caller != null) caller.sendDtmf(digits);
        });
    }

    @Override
    public MediaStatistics statistics() {
        return CallerChannel.named(codec, current.audio().statistics());
    }

    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) return;
        strand.execute(() -> {
            closed = true;
            if (caller != null) caller.close();
            current.end(HangupCause.NORMAL);
            whenClosed.run();
        });
    }
}

package io.firefly.voip.media.freeswitch.rtp;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.MediaListener;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.MediaStatistics;
import io.firefly.voip.media.Negotiated;
import io.firefly.voip.media.freeswitch.ChannelAudio;
import io.firefly.voip.media.freeswitch.EventSocketException;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import io.firefly.voip.media.freeswitch.SwitchNode;
import io.firefly.voip.media.freeswitch.leg.LegDesk;
import io.firefly.voip.media.freeswitch.leg.NodeLeg;
import io.firefly.voip.media.freeswitch.leg.Strands.Strand;
import io.firefly.voip.media.sdp.RelayedAudio;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session of the embedded engine, a leg of ours that carries it to the node, and the bridge. State: strand only. */
final class RtpAudio implements ChannelAudio, NodeLeg.Owner {
    private static final Logger log = LoggerFactory.getLogger(RtpAudio.class);
    /** The user that the node's dialplan answers and parks. */
    private static final String USER = "firefly-media";

    private static final String USUAL_CODEC = "PCMA";
    /** A channel that was answered a moment ago may have no media yet. */
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(60);

    private static final Duration LIFE_SIGN = Duration.ofMillis(500);

    private final CallId call;
    private final SwitchNode node;
    private final MediaSession inner;
    private final LegDesk desk;
    private final Strand strand;
    private final CompletableFuture<String> bridged = new CompletableFuture<>();
    private @Nullable NodeLeg leg;
    private @Nullable SwitchChannel ours;
    private @Nullable Runnable whenLost;
    private @Nullable String lostBecause;
    private boolean closed;

    /** Whose sound, where, and our end of it. */
    record Place(CallId call, SwitchNode node, MediaSession inner) {}

    RtpAudio(Place place, LegDesk desk, Strand strand) {
        this.call = place.call();
        this.node = place.node();
        this.inner = place.inner();
        this.desk = desk;
        this.strand = strand;
    }

    @Override
    public CompletionStage<AudioFormat> prepare() {
        return prepare(USUAL_CODEC);
    }

    @Override
    public CompletionStage<AudioFormat> prepare(String callerCodec) {
        return strand.call(() -> inner.offer()
                .thenComposeAsync(offer -> dial(RelayedAudio.only(callerCodec, offer)), strand)
                .thenComposeAsync(this::answered, strand)
                .thenApplyAsync(this::met, strand));
    }

    private CompletionStage<NodeLeg.Final> dial(String offer) {
        if (closed) throw new EventSocketException("the call is over");
        leg = desk.dial(new LegDesk.Wish(call, node, USER, offer), this);
        return leg.response();
    }

    private CompletionStage<SwitchChannel> answered(NodeLeg.Final response) {
        if (!response.isAnswer() || leg == null) {
            throw new EventSocketException("our leg was refused: " + response.status() + " " + response.text());
        }
        return inner.accept(response.text()).thenCombine(leg.channel(), (negotiated, channel) -> {
            if (negotiated instanceof Negotiated.Refused refused) throw new EventSocketException(refused.reason());
            return channel;
        });
    }

    private AudioFormat met(SwitchChannel channel) {
        ours = channel;
        channel.listen(new OurChannel());
        return inner.format();
    }

    @Override
    public CompletionStage<?> attach(SwitchChannel caller) {
        return strand.call(() -> {
            SwitchChannel other = ours;
            if (other == null) throw new EventSocketException("attached before it was prepared");
            long deadlineNanos = System.nanoTime() + desk.patience().toNanos();
            strand.after(
                    desk.patience(),
                    () -> bridged.completeExceptionally(
                            new EventSocketException("no CHANNEL_BRIDGE within " + desk.patience())));
            return bridge(caller, other.uuid(), deadlineNanos).thenCompose(said -> bridged);
        });
    }

    private CompletionStage<String> bridge(SwitchChannel caller, String other, long deadlineNanos) {
        CompletableFuture<String> done = new CompletableFuture<>();
        caller.api("uuid_bridge", caller.uuid() + " " + other)
                .whenCompleteAsync(
                        (said, failure) -> {
                            if (failure == null) done.complete(said);
                            else if (closed || System.nanoTime() > deadlineNanos) done.completeExceptionally(failure);
                            else strand.after(BETWEEN_TRIES, () -> again(caller, other, deadlineNanos, done));
                        },
                        strand);
        return done;
    }

    private void again(SwitchChannel caller, String other, long deadlineNanos, CompletableFuture<String> done) {
        log.debug("bridging once more call={}", call);
        bridge(caller, other, deadlineNanos).whenComplete((said, failure) -> {
            if (failure == null) done.complete(said);
            else done.completeExceptionally(failure);
        });
    }

    @Override
    public void start(Runnable newWhenLost) {
        strand.execute(() -> {
            if (closed) return;
            whenLost = newWhenLost;
            inner.start(new InnerSession());
            if (lostBecause != null) newWhenLost.run();
        });
    }

    @Override
    public void connect(AudioSink fromCaller, AudioSource toCaller) {
        inner.connect(fromCaller, toCaller);
    }

    @Override
    public boolean hearOnArrival(AudioSink ears) {
        return inner.hearOnArrival(ears);
    }

    /** A frame is sent when it is due: nothing is ahead. */
    @Override
    public void discardUnheard() {}

    @Override
    public MediaStatistics statistics() {
        return inner.statistics();
    }

    @Override
    public void close() {
        strand.execute(() -> {
            if (closed) return;
            closed = true;
            bridged.completeExceptionally(new EventSocketException("the call is over"));
            if (leg != null) leg.end(HangupCause.NORMAL);
            inner.close();
        });
    }

    private void broke(String why) {
        strand.execute(() -> {
            if (closed || lostBecause != null) return;
            lostBecause = why;
            log.info("our leg is lost call={} node={}: {}", call, node.name(), why);
            bridged.completeExceptionally(new EventSocketException(why));
            if (whenLost != null) whenLost.run();
        });
    }

    @Override
    public void over(HangupCause cause, String why) {
        broke(why);
    }

    /** Nobody asked for it: what stands is all we have. */
    @Override
    public CompletionStage<@Nullable String> reoffered(@Nullable String sdpOffer) {
        if (sdpOffer == null) return inner.offer().thenApply(sdp -> sdp);
        return inner.answer(sdpOffer).thenApply(said -> said instanceof Negotiated.Agreed agreed ? agreed.sdp() : null);
    }

    /** The node's end of our leg. */
    private final class OurChannel implements SwitchChannel.Listener {
        /** Keys are heard of the caller's channel. */
        @Override
        public void dtmf(char digit, int millis) {}

        @Override
        public void bridged(String otherUuid) {
            bridged.complete(otherUuid);
        }

        @Override
        public void unbridged() {
            if (bridged.isDone()) broke("somebody ended the bridge");
        }

        @Override
        public void hungUp(HangupCause cause, String switchCause) {
            broke("hung up: " + switchCause);
        }

        @Override
        public void lost(String why) {
            broke(why);
        }
    }

    /** Our end of it. */
    private final class InnerSession implements MediaListener {
        @Override
        public void dtmf(char digit, int millis) {}

        /** A silent or held caller is no fault of this leg; a media loop that does not send any more is. */
        @Override
        public void timedOut() {
            long sent = inner.statistics().packetsSent();
            strand.after(LIFE_SIGN, () -> {
                if (inner.statistics().packetsSent() == sent) broke("the media loop stands still");
            });
        }
    }
}

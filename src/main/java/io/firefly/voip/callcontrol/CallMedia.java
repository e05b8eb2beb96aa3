package io.firefly.voip.callcontrol;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.bridge.AudioBridge;
import io.firefly.voip.call.Call;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.MediaListener;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.MediaStatistics;
import io.firefly.voip.media.Negotiated;
import io.firefly.voip.media.Negotiated.Agreed;
import io.firefly.voip.recording.Recording;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What one call holds on the media side: the session, both paths, the recording. Call thread only. */
final class CallMedia {
    private static final Negotiated NO_OTHER = new Negotiated.Refused(
            HangupCause.MEDIA_UNAVAILABLE, "what was negotiated is lost, and the other way has another rate");
    private static final String OUR_FIRST_CODEC = "PCMA";
    /** Sound that left us is still on its way: network and the caller's jitter buffer. */
    private static final Duration HEARD_AFTER = Duration.ofMillis(300);

    private final Call call;
    private final @Nullable String sdpOffer;
    private final CallServices services;

    /** Written by the call's thread. */
    private volatile @Nullable MediaSession session;

    private @Nullable CompletionStage<Negotiated> negotiation;
    private @Nullable AudioBridge bridge;
    private @Nullable Recording recording;
    private boolean started;
    /** Our offer is out and the caller's answer is due in the ACK. */
    private boolean answerDue;

    // The media thread reads these; the recording begins with the answer, after the paths were built.
    private volatile AudioSink callerTap = AudioSink.NOWHERE;
    private volatile AudioSink agentTap = AudioSink.NOWHERE;

    CallMedia(Call call, @Nullable String sdpOffer, CallServices services) {
        this.call = call;
        this.sdpOffer = sdpOffer;
        this.services = services;
    }

    /**
     * Opens the session and reads the caller's offer, or makes ours when there was none; the first time it is asked.
     *
     * @throws io.firefly.voip.media.MediaUnavailableException when no port is left
     */
    CompletionStage<Negotiated> negotiate() {
        CompletionStage<Negotiated> known = negotiation;
        if (known != null) return known;
        MediaSession opened = services.media().open(call.id());
        session = opened;
        answerDue = sdpOffer == null;
        CompletionStage<Negotiated> fresh = sdpOffer != null
                ? opened.answer(sdpOffer)
                : opened.offer().thenApply(sdp -> new Agreed(sdp, OUR_FIRST_CODEC, true));
        negotiation = fresh;
        return fresh;
    }

    /** What was negotiated while it rang, or anew when that was lost meanwhile: once, and only for the same frames. */
    CompletionStage<Negotiated> stillNegotiated(Negotiated negotiated) {
        MediaSession current = open();
        String offer = sdpOffer;
        if (offer == null || started || !current.isLost()) return CompletableFuture.completedFuture(negotiated);
        current.close();
        MediaSession another = services.media().open(call.id());
        session = another;
        AudioBridge built = bridge;
        CompletionStage<Negotiated> fresh = another.answer(offer)
                .thenApply(agreed -> built == null || built.format().equals(another.format()) ? agreed : NO_OTHER);
        negotiation = fresh;
        return fresh;
    }

    boolean answerDue() {
        return answerDue;
    }

    /** The caller's answer to our offer, from the ACK. */
    CompletionStage<Negotiated> accept(String sdpAnswer) {
        answerDue = false;
        return open().accept(sdpAnswer).thenApply(negotiated -> {
            String unused = heard(negotiated);
            return negotiated;
        });
    }

    /** A re-INVITE: its answer, or our offer when it has none; null when there is no common ground. */
    CompletionStage<@Nullable String> renegotiate(@Nullable String newOffer) {
        MediaSession current = session;
        if (current == null) return CompletableFuture.completedFuture(null);
        answerDue = newOffer == null;
        if (newOffer == null) return current.offer().thenApply(sdp -> sdp);
        return current.answer(newOffer).thenApply(this::heard);
    }

    /** On hold nobody speaks into the void, and the music of the hold is not said to anybody. */
    private @Nullable String heard(Negotiated negotiated) {
        if (!(negotiated instanceof Agreed agreed)) return null;
        if (bridge != null) bridge.hold(!agreed.callerHears());
        return agreed.sdp();
    }

    /** Null before a session is open. Any thread. */
    @Nullable
    MediaStatistics statistics() {
        MediaSession opened = session;
        return opened == null ? null : opened.statistics();
    }

    boolean isStarted() {
        return started;
    }

    /** Sound flows from here on; recorded when asked. Once, when the media was negotiated. */
    void start(MediaListener listener, boolean record) {
        if (record) {
            Recording begun = services.recorder().start(call, bridge().format(), open()::recordTo);
            recording = begun;
            callerTap = begun.callerSide();
            agentTap = begun.agentSide();
        }
        bridge().join(open());
        open().start(listener);
        started = true;
    }

    /** Both paths; built when first needed, which is while it rings when an agent is dialled. */
    AudioBridge bridge() {
        AudioBridge known = bridge;
        if (known != null) return known;
        AudioFormat format = open().format();
        AudioBridge built = new AudioBridge(
                format,
                (pcm, length) -> callerTap.write(pcm, length),
                (pcm, length) -> agentTap.write(pcm, length),
                services.agentTempo());
        bridge = built;
        return built;
    }

    /** @return completes when the last sample was sent, or exceptionally when the file cannot be played */
    CompletionStage<?> play(Path file, double tempo) {
        return services.sounds().sound(file, bridge().format(), tempo).thenCompose(sound -> {
            CompletableFuture<Boolean> heard = new CompletableFuture<>();
            bridge().play(sound, () -> heard.complete(true));
            return heard;
        });
    }

    /** From when the last sample was read until the caller has heard it. */
    Duration untilHeard() {
        MediaSession opened = session;
        return opened == null ? HEARD_AFTER : HEARD_AFTER.plus(opened.delay());
    }

    void sendDtmf(String digits) {
        open().sendDtmf(digits);
    }

    void said(Instant at, String speaker, String text) {
        if (recording != null) recording.said(at, speaker, text);
    }

    /** Gives everything back; the recording is closed after the last frame. */
    void close(Recording.Summary summary) {
        MediaSession opened = session;
        if (opened != null) opened.close();
        if (recording != null) recording.finish(summary);
    }

    private MediaSession open() {
        MediaSession opened = session;
        if (opened == null) throw new IllegalStateException("no media session is open for call " + call.id());
        return opened;
    }
}

package io.firefly.voip.media.freeswitch.engine;

import static java.util.concurrent.CompletableFuture.completedFuture;

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
import io.firefly.voip.media.freeswitch.SwitchChannel;
import io.firefly.voip.media.freeswitch.engine.FreeSwitchMediaEngine.Parts;
import io.firefly.voip.media.freeswitch.leg.Strands.Strand;
import io.firefly.voip.media.sdp.RelayedAudio;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call that FreeSWITCH handed to us: it negotiates with the caller by itself, so every negotiation here succeeds and
 * only says which codec the channel has. Its leg answers the channel.
 *
 * <p>Any thread; the state belongs to the strand.
 */
final class HandedSession implements MediaSession {
    private static final Negotiated OVER = new Negotiated.Refused(HangupCause.CANCELLED, "the media session is closed");
    /** Nobody reads it: the channel's leg executes {@code answer}. */
    private static final String NO_SDP = "";

    private static final Duration LEG_FIRST = Duration.ofSeconds(1);
    private static final String UNKNOWN_CODEC = "?";

    private final SwitchChannel channel;
    private final NodePool.Place place;
    private final ChannelAudio audio;
    private final CallerChannel caller;
    private final Strand strand;
    private final Runnable whenClosed;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final AtomicBoolean isStarted = new AtomicBoolean();
    private volatile AudioFormat format = AudioFormat.NARROWBAND;
    private volatile @Nullable String codec;
    private @Nullable CompletionStage<Negotiated> prepared;
    private boolean closed;

    HandedSession(CallId call, SwitchChannel channel, Parts parts, Runnable whenClosed) {
        this.channel = channel;
        this.whenClosed = whenClosed;
        strand = parts.strands().of(call);
        place = parts.pool().occupy(channel.node());
        try {
            audio = parts.transport().open(call, channel.node());
        } catch (RuntimeException e) {
            place.close();
            throw e;
        }
        caller = new CallerChannel(parts.surroundings(call, LEG_FIRST), channel, audio);
    }

    String uuid() {
        return channel.uuid();
    }

    @Override
    public CompletionStage<Negotiated> answer(String sdpOffer) {
        return strand.call(() -> prepare(sdpOffer));
    }

    private CompletionStage<Negotiated> prepare(String sdpOffer) {
        if (closed) return completedFuture(OVER);
        CompletionStage<Negotiated> known = prepared;
        if (known != null) return known;
        caller.begin();
        String spoken = codecOf(sdpOffer);
        CompletionStage<Negotiated> fresh = audio.prepare(spoken)
                .handleAsync((ready, failure) -> ready == null ? failed(failure) : agree(spoken, ready), strand);
        prepared = fresh;
        return fresh;
    }

    private Negotiated agree(String spoken, AudioFormat ready) {
        if (closed) return OVER;
        format = ready;
        codec = spoken;
        return new Negotiated.Agreed(NO_SDP, spoken, true);
    }

    private static Negotiated failed(@Nullable Throwable failure) {
        String reason = failure == null ? "no sound" : NodeCall.messageOf(failure);
        return new Negotiated.Refused(HangupCause.MEDIA_UNAVAILABLE, reason);
    }

    private String codecOf(String sdpOffer) {
        String known = Stream.of("rtp_use_codec_name", "read_codec")
                .map(channel::variable)
                .filter(name -> name != null && !name.isBlank())
                .findFirst()
                .orElse(null);
        if (known != null) return known.toUpperCase(Locale.ROOT);
        RelayedAudio says = sdpOffer.isBlank() ? null : RelayedAudio.of(sdpOffer);
        return says == null ? UNKNOWN_CODEC : says.codec();
    }

    @Override
    public CompletionStage<String> offer() {
        return answer(NO_SDP).thenApply(agreed -> NO_SDP);
    }

    @Override
    public CompletionStage<Negotiated> accept(String sdpAnswer) {
        return answer(sdpAnswer);
    }

    @Override
    public void start(MediaListener listener) {
        if (isClosed.get()) return;
        if (codec == null) throw new IllegalStateException(channel.uuid() + ": start before the media was negotiated");
        if (!isStarted.compareAndSet(false, true))
            throw new IllegalStateException(channel.uuid() + ": media started twice");
        strand.execute(() -> {
            caller.start(listener);
            caller.answerAndAttach();
        });
    }

    @Override
    public void connect(AudioSink fromCaller, AudioSource toCaller) {
        audio.connect(fromCaller, toCaller);
    }

    @Override
    public boolean hearOnArrival(AudioSink ears) {
        return audio.hearOnArrival(ears);
    }

    @Override
    public void discardUnheard() {
        audio.discardUnheard();
    }

    @Override
    public Duration delay() {
        return audio.delay();
    }

    @Override
    public boolean recordTo(Path stereoWav, Runnable whenRefused) {
        strand.execute(() -> caller.recordTo(stereoWav, whenRefused));
        return true;
    }

    @Override
    public AudioFormat format() {
        return format;
    }

    @Override
    public void sendDtmf(String digits) {
        CallerChannel.checkKeys(digits);
        strand.execute(() -> caller.sendDtmf(digits));
    }

    @Override
    public MediaStatistics statistics() {
        return CallerChannel.named(codec, audio.statistics());
    }

    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) return;
        strand.execute(() -> {
            closed = true;
            caller.close();
            audio.close();
            place.close();
            whenClosed.run();
        });
    }
}

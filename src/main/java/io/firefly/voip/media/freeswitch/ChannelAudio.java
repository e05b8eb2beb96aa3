package io.firefly.voip.media.freeswitch;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.media.MediaStatistics;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The sound between one channel and us. The same promises as {@link io.firefly.voip.media.MediaSession}: every 20 ms one
 * frame to the sink and one from the source, also when nothing arrives. Any thread; every method returns at once.
 */
public interface ChannelAudio extends AutoCloseable {
    /** Does what can be done before the caller's channel is there (a leg of ours). Completes with the rate of the frames. */
    CompletionStage<AudioFormat> prepare();

    /**
     * {@link #prepare} when it is known already what the caller's channel speaks: what avoids transcoding.
     *
     * @param callerCodec encoding name, for example {@code PCMA}
     */
    default CompletionStage<AudioFormat> prepare(String callerCodec) {
        return prepare();
    }

    /**
     * Joins the caller's channel; once, after {@link #prepare}. Completes when sound can flow.
     *
     * @param caller may be listened to here: its session hears of it in another way
     */
    CompletionStage<?> attach(SwitchChannel caller);

    /**
     * Frames flow from now on, or from when the channel is joined: the caller may be quicker, or not answered yet.
     *
     * @param whenLost runs once, on a worker, when this way of sound broke although nobody closed it
     */
    void start(Runnable whenLost);

    void connect(AudioSink fromCaller, AudioSource toCaller);

    /** As {@link io.firefly.voip.media.MediaSession#hearOnArrival}. */
    boolean hearOnArrival(AudioSink ears);

    /** What was sent ahead and the caller has not heard yet is thrown away, as far as that can be done. */
    void discardUnheard();

    /** How much later than it is read the caller hears what we say, when that is more than a moment. */
    default Duration delay() {
        return Duration.ZERO;
    }

    MediaStatistics statistics();

    /** Gives everything back. May be called twice. */
    @Override
    void close();
}

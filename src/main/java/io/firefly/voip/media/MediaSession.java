package io.firefly.voip.media;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The sound of one call between us and the caller.
 *
 * <p>Negotiation follows RFC 3264: either {@link #answer} the caller's offer or {@link #offer} and then
 * {@link #accept} the answer; both may happen again (hold, codec change). Every 20 ms the media thread writes what the
 * caller said to the connected sink, then reads what the caller shall hear from the connected source, exactly once
 * each, also when packets are missing: a recording that is tapped there is as long as the call.
 *
 * <p>All methods return at once and may be called from any thread.
 */
public interface MediaSession extends AutoCloseable {
    /** Reads an offer and makes our answer. Completes with {@link Negotiated.Refused} when there is no common codec. */
    CompletionStage<Negotiated> answer(String sdpOffer);

    /** Our own offer, for an INVITE without one. */
    CompletionStage<String> offer();

    /** Reads the answer to our offer. */
    CompletionStage<Negotiated> accept(String sdpAnswer);

    /** Sound starts to flow in both directions, comfort silence included, within one frame. */
    void start(MediaListener listener);

    /**
     * Whether what was negotiated is gone already, although nobody could be told before the {@link #start}: the caller may
     * still be offered something else.
     */
    default boolean isLost() {
        return false;
    }

    /** Joins the call to somebody: takes effect with the next frame; replaces what was connected before. */
    void connect(AudioSink fromCaller, AudioSource toCaller);

    /**
     * Besides who is {@link #connect}ed, lets ears hear the caller without the wait for the next 20 ms: in order, in
     * pieces of up to 20 ms on the media thread, sound and silence together as long as real time. Replaces who heard
     * before.
     *
     * @return false when this engine has no such sound: the ears stay deaf and need what the connected sink hears
     */
    default boolean hearOnArrival(AudioSink ears) {
        return false;
    }

    /**
     * What was read from the connected source and the caller has not heard yet is thrown away, as far as this engine keeps
     * such a thing: the caller has interrupted who speaks.
     */
    default void discardUnheard() {}

    /** How much later than it is read from the connected source the caller hears it, when that is more than a moment. */
    default Duration delay() {
        return Duration.ZERO;
    }

    /**
     * Before the {@link #start}: this engine shall write the call down by itself, caller left and what they hear right,
     * from when sound flows until it ends. Makes the folder when it is missing.
     *
     * @param whenRefused runs when it turns out later that it does not, on a worker; hand over and return
     * @return false when it cannot
     */
    default boolean recordTo(Path stereoWav, Runnable whenRefused) {
        return false;
    }

    /** The rate of the frames; fixed when negotiation has succeeded. */
    AudioFormat format();

    /** Queues digits {@code 0-9*#A-D} as telephone-events (RFC 4733), 100 ms each with a 50 ms gap. */
    void sendDtmf(String digits);

    MediaStatistics statistics();

    /** Gives everything back. May be called twice. */
    @Override
    void close();
}

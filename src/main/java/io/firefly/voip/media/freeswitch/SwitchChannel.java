package io.firefly.voip.media.freeswitch;

import io.firefly.voip.call.HangupCause;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One channel of a FreeSWITCH, steered over the event socket of its node or over one of its own (a call that its
 * dialplan handed to us). Any thread; what comes after the channel's end fails or does nothing.
 */
public interface SwitchChannel {
    String uuid();

    SwitchNode node();

    /** A channel variable as it was when we met the channel ({@code sip_h_X-Firefly-Call}); null when unset. */
    @Nullable
    String variable(String name);

    /** Names who hears of it; called once, what happened already is told now. */
    void listen(Listener listener);

    /**
     * Runs an application on the channel.
     *
     * @throws IllegalArgumentException when the argument has control characters or begins an expansion, a dollar sign and a brace
     * @return the {@code Application-Response} when it is over; fails with {@link EventSocketException}
     */
    CompletionStage<String> execute(String application, String argument);

    /**
     * {@link #execute} behind what was queued before, without a gap; what is executed meanwhile waits for its end.
     *
     * @return never completes when it is dropped; may be cancelled then
     */
    CompletionStage<String> queue(String application, String argument);

    /** What was queued and is not over is broken off or never begun. */
    void dropQueued();

    /** {@link SwitchNode#api} on this channel's own link. */
    CompletionStage<String> api(String command, String arguments);

    /** Ends the channel and what belongs to it. */
    void hangUp(HangupCause cause);

    /** Told one after the other, in the order FreeSWITCH said it, on a worker: hand over and return. */
    interface Listener {
        /** Once per key, at its beginning. */
        void dtmf(char digit, int millis);

        default void bridged(String otherUuid) {}

        default void unbridged() {}

        /** An event of a module, for example {@code mod_audio_fork::connect}. */
        default void custom(String subclass, String body) {}

        /** {@code switchCause} in FreeSWITCH's words, {@code MEDIA_TIMEOUT}. The last word, once. */
        void hungUp(HangupCause cause, String switchCause);

        /** The node died, or was started anew: the channel is gone. The last word, once. */
        void lost(String why);
    }
}

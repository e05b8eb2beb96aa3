package io.firefly.voip.call;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A leg that we called (RFC 3261 13.2), the mirror image of {@link CallLeg}.
 *
 * <p>Every method returns at once, from any thread and in any state; what comes too late does nothing.
 */
public interface DialedLeg {
    /**
     * The answer to the offer that came with the 200, sent in the ACK. Needed only when the INVITE had no offer; any
     * other 200 is acknowledged at once.
     */
    void acknowledge(String sdpAnswer);

    /** re-INVITE (RFC 3261 14.1), repeated once after a 491; without an offer the far end is asked for its own. */
    CompletionStage<Reply> reoffer(@Nullable String sdpOffer);

    /** CANCEL while it is open, BYE after it was answered. A 200 that crosses the CANCEL gets ACK and BYE. */
    void end(HangupCause cause);

    /**
     * The final response to a re-INVITE.
     *
     * @param status 408 when nobody answered, 481 when the dialog is gone: then the leg is over
     * @param sdp the body of a 2xx
     */
    record Reply(int status, @Nullable String sdp) {}

    /** What the far end does. The last word is one of {@code refused}, {@code hungUp} and {@code lost}, once. */
    interface Listener {
        /** A provisional response above 100, with the SDP of early media if it has some. */
        default void progress(int status, @Nullable String sdp) {}

        /** 200: the dialog stands. {@code sdp} is the answer, or the offer when we made none. */
        void answered(String sdp);

        /** A final response from 300 on; 408 when nobody answered, 503 when it could not be sent. */
        void refused(int status, String reason);

        /**
         * BYE came and was answered.
         *
         * @param q850 cause of its Reason header (RFC 3326), 0 without one
         */
        void hungUp(int q850);

        /** The dialog is gone without a BYE. */
        void lost(HangupCause cause);

        /** re-INVITE of the far end; null refuses with 488. */
        CompletionStage<@Nullable String> reoffered(@Nullable String sdpOffer);
    }
}

package io.firefly.voip.call;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;

/**
 * The signalling side of one call: what we may say to the caller's network.
 *
 * <p>Every method returns at once and may be called in any state; what comes too late (an answer after CANCEL) is
 * dropped, because the network decides races, not we. Called on the call's own thread.
 */
public interface CallLeg {
    /** Names who hears of the far end's doings. Called once, before anything else; what happened already is told now. */
    void listen(CallLegListener listener);

    /** 180 Ringing, repeated every 60 s as RFC 3261 13.3.1.1 asks. */
    void ring();

    /**
     * 200 OK, repeated until the ACK comes (RFC 3261 13.3.1.4).
     *
     * @param sdp our answer, or our offer when the INVITE had none
     */
    void answer(String sdp);

    /** A final response before the answer, a BYE after it. A second call does nothing. */
    void end(HangupCause cause);

    /**
     * Asks the far end to call somebody else in our place (RFC 3515). This call goes on: whoever asked ends it when that
     * went well.
     *
     * @return how it went, once; never exceptionally
     */
    default CompletionStage<Referred> refer(Referral referral) {
        return CompletableFuture.completedFuture(new Referred(false, 501));
    }

    /**
     * Where somebody is sent.
     *
     * @param to a SIP address
     * @param patience until then the outcome is known, or it is 408
     * @param progress hears provisional statuses (180) of the call that the far end makes, on a signalling thread
     */
    record Referral(String to, Duration patience, IntConsumer progress) {
        public Referral {
            if (to.chars().anyMatch(c -> c <= ' ' || c == 127 || c == '<' || c == '>'))
                throw new IllegalArgumentException("not an address to refer to");
        }
    }

    /**
     * How a referral went.
     *
     * @param accepted the far end took it
     * @param status final status of the call that it made; of the REFER itself when it was not accepted; 0 when the far
     *     end does not tell
     */
    record Referred(boolean accepted, int status) {}
}

package io.firefly.voip.call;

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
}

package io.firefly.voip.sip;

/** Answers one request, once; any thread. */
public interface SipResponder {
    /** Sends the final response. Does nothing when the request was answered already or became a call. */
    void respond(SipResponse response);

    /** True when a response was sent or the request became a call, whose leg answers it. */
    boolean isDone();
}

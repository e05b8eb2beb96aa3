package io.firefly.voip.sip;

/** Takes requests of the methods it was registered for. Told on a SIP thread, which may be the only one that reads: hand over
 * and return. */
@FunctionalInterface
public interface SipRequestHandler {
    void onRequest(SipRequest request, SipResponder responder);
}

package io.firefly.voip.call;

/** Takes a new call from a door (SIP, event socket, browser). Returns at once. */
public interface IncomingCallListener {
    void onIncomingCall(IncomingCall call);
}

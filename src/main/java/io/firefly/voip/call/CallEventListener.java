package io.firefly.voip.call;

/** Hears what happens in calls. Told on the call's own thread: hand over and return. */
public interface CallEventListener {
    void onCallEvent(CallEvent event);
}

package io.firefly.voip.cdr;

/** Hears of every call that is over, once. Told on the call's own thread: hand over and return. */
@FunctionalInterface
public interface CdrListener {
    void onCallDetail(CallDetailRecord detail);
}

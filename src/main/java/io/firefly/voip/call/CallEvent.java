package io.firefly.voip.call;

import java.time.Instant;

/** What happened in a call, told after it happened. */
public sealed interface CallEvent {
    Call call();

    Instant at();

    /** A call waits for a decision: the routes at {@code call:incoming} hear this. */
    record CallOffered(Call call, Instant at) implements CallEvent {}

    record CallAnswered(Call call, Instant at) implements CallEvent {}

    /** Told exactly once per call, after everything it held was given back. */
    record CallEnded(Call call, Instant at, HangupCause cause, EndedBy endedBy) implements CallEvent {}

    /** Who ended the call. */
    enum EndedBy {
        CALLER,
        US,
        NETWORK
    }
}

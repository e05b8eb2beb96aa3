package io.firefly.voip.agent.simulator.wire;

/** The time of a session. Tasks come back on the session's thread. */
public interface Clock {
    /** Since any moment in the past; never goes back. */
    long nowMillis();

    /** Runs a task after a while; without one, at once. */
    void after(long millis, Runnable task);
}

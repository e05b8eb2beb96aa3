package io.firefly.voip.agent.simulator.wire;

import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that moves only when told to: ten minutes of a conversation pass in a moment. One thread at a time. */
public final class VirtualClock implements Clock {
    private final PriorityQueue<Due> timers =
            new PriorityQueue<>(Comparator.comparingLong(Due::atMillis).thenComparingLong(Due::order));
    private long nowMillis;
    private long ordered;

    private record Due(long atMillis, long order, Runnable task) {}

    @Override
    public long nowMillis() {
        return nowMillis;
    }

    @Override
    public void after(long millis, Runnable task) {
        if (millis <= 0) {
            task.run();
        } else {
            timers.add(new Due(nowMillis + millis, ordered++, task));
        }
    }

    /** Runs all that is due on the way, each at its time. */
    public void advance(long millis) {
        long end = nowMillis + millis;
        for (Due due = timers.peek(); due != null && due.atMillis() <= end; due = timers.peek()) {
            timers.remove();
            nowMillis = due.atMillis();
            due.task().run();
        }
        nowMillis = end;
    }
}

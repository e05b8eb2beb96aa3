package io.firefly.voip.camel.call;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One entry of routes, {@code call:incoming} or {@code call:ended}, and who listens there. While a route is being
 * swapped nobody does for some milliseconds: whoever comes then waits a little.
 */
final class CallEntrance {
    private final CallVerb verb;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable CallConsumer listener;
    private long absentSinceNanos = System.nanoTime();
    private int inside;

    /** @param patience how long after the last listener went a new one is waited for */
    CallEntrance(CallVerb verb, Duration patience) {
        this.verb = verb;
        this.patience = patience;
    }

    void open(CallConsumer consumer) {
        lock.lock();
        try {
            if (listener != null && listener != consumer) {
                throw new IllegalStateException("two routes listen at " + verb + "; one is right");
            }
            listener = consumer;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void close(CallConsumer consumer) {
        lock.lock();
        try {
            if (listener != consumer) return;
            listener = null;
            absentSinceNanos = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    /** Who listens, counted as inside until {@link #leave}; null when nobody does and nobody came in time. */
    @Nullable
    CallConsumer enter() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (listener == null) {
                long left = absentSinceNanos + patience.toNanos() - System.nanoTime();
                if (left <= 0) return null;
                long unused = changed.awaitNanos(left);
            }
            inside++;
            return listener;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            inside--;
        } finally {
            lock.unlock();
        }
    }

    int inside() {
        lock.lock();
        try {
            return inside;
        } finally {
            lock.unlock();
        }
    }
}

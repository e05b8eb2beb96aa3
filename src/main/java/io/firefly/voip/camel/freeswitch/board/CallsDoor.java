package io.firefly.voip.camel.freeswitch.board;

import io.firefly.voip.call.HangupCause;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between the calls that FreeSWITCH hands over and the route that takes them. While the route is being swapped there is
 * none for some milliseconds: whoever comes then waits a little.
 */
public final class CallsDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallsDoor.class);
    private static final int ROUTE_THREADS = 16;
    private static final int MAX_WAITING = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** The newest first: it takes everything. */
    private final Deque<Consumer<HandedCall>> routes = new ArrayDeque<>();

    private final ThreadPoolExecutor threads;
    private boolean hadOne;

    CallsDoor() {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                ROUTE_THREADS, ROUTE_THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), task -> {
                    Thread worker = new Thread(task, "freeswitch-route-" + number.incrementAndGet());
                    worker.setDaemon(true);
                    return worker;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    public void open(Consumer<HandedCall> route) {
        lock.lock();
        try {
            routes.remove(route);
            routes.addFirst(route);
            hadOne = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public void close(Consumer<HandedCall> route) {
        lock.lock();
        try {
            routes.remove(route);
        } finally {
            lock.unlock();
        }
    }

    /** Hands over and returns. */
    void take(HandedCall call) {
        try {
            threads.execute(() -> bringIn(call));
        } catch (RejectedExecutionException e) {
            LOG.warn("{} is ended: too many wait for their route", call);
            call.end(HangupCause.OVER_RATE);
        }
    }

    private void bringIn(HandedCall call) {
        Consumer<HandedCall> route = route();
        if (route == null) {
            LOG.warn("{} is ended: no route takes it; freeswitch-calls does when it runs", call);
            call.end(HangupCause.DRAINING);
            return;
        }
        route.accept(call);
    }

    private @Nullable Consumer<HandedCall> route() {
        lock.lock();
        try {
            long left = hadOne ? PATIENCE.toNanos() : 0;
            while (routes.isEmpty() && left > 0) left = changed.awaitNanos(left);
            return routes.peekFirst();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

package io.firefly.voip.camel.call;

import io.firefly.voip.call.CallId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code call-route-*} threads. Calls share them; what concerns one call is done one after the other, in order.
 * Bounded: what does not fit is refused and counted, never queued without end.
 */
final class CallWorkers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallWorkers.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private final ExecutorService threads;
    private final Map<CallId, Queue<Runnable>> waiting = new HashMap<>();
    private final AtomicLong refused = new AtomicLong();

    /** @param queue how many calls may wait for a thread */
    CallWorkers(int size, int queue) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(size, size, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queue), task -> {
                    Thread worker = new Thread(task, "call-route-" + number.incrementAndGet());
                    worker.setDaemon(true);
                    return worker;
                });
        pool.allowCoreThreadTimeOut(true);
        threads = pool;
    }

    /** Hands over and returns; false when there is no room. Any thread. */
    boolean offer(CallId call, Runnable task) {
        synchronized (waiting) {
            Queue<Runnable> others = waiting.get(call);
            if (others != null) {
                others.add(task); // at most two per call: it comes, it ends
                return true;
            }
            try {
                threads.execute(() -> runAll(call));
            } catch (RejectedExecutionException e) {
                refused.incrementAndGet();
                return false;
            }
            Queue<Runnable> mine = new ArrayDeque<>();
            mine.add(task);
            waiting.put(call, mine);
            return true;
        }
    }

    private void runAll(CallId call) {
        while (true) {
            Runnable next;
            synchronized (waiting) {
                next = waiting.getOrDefault(call, new ArrayDeque<>()).poll();
                if (next == null) {
                    waiting.remove(call);
                    return;
                }
            }
            try {
                next.run();
            } catch (RuntimeException e) {
                LOG.error("call {}: an event of it was lost", call, e);
            }
        }
    }

    /** How often there was no room. */
    long refused() {
        return refused.get();
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) threads.shutdownNow();
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}

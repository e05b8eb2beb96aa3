package io.firefly.voip.camel.freeswitch.esl;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code esl-work-*} threads. What concerns one channel is always done by the same one, so it stays in order.
 * Offering never waits: above the bound, what can be spared is dropped and counted.
 */
public final class EslWorkers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EslWorkers.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final List<ThreadPoolExecutor> threads = new ArrayList<>();
    private final int bound;
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();

    /** @param bound tasks that may wait, of all threads together */
    public EslWorkers(int count, int bound) {
        this.bound = bound;
        for (int i = 1; i <= count; i++) {
            String name = "esl-work-" + i;
            ThreadPoolExecutor thread =
                    new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                        Thread worker = new Thread(task, name);
                        worker.setDaemon(true);
                        return worker;
                    });
            thread.allowCoreThreadTimeOut(true);
            threads.add(thread);
        }
    }

    /** Takes a task that can be spared; false, and counted, when too much waits. */
    boolean offer(String key, Runnable task) {
        if (waiting.get() >= bound) {
            dropped.increment();
            return false;
        }
        execute(key, task);
        return true;
    }

    /** Takes a task whose number is bounded otherwise: a reply, a result, the end of a channel. */
    public void execute(String key, Runnable task) {
        waiting.incrementAndGet();
        try {
            threads.get(Math.floorMod(key.hashCode(), threads.size())).execute(() -> run(task));
        } catch (RejectedExecutionException closed) {
            waiting.decrementAndGet();
            dropped.increment();
        }
    }

    private void run(Runnable task) {
        waiting.decrementAndGet();
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("an event of FreeSWITCH was lost", e);
        }
    }

    public int waiting() {
        return waiting.get();
    }

    public long dropped() {
        return dropped.sum();
    }

    @Override
    public void close() {
        threads.forEach(ThreadPoolExecutor::shutdown);
        try {
            for (ThreadPoolExecutor thread : threads) {
                if (!thread.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.forEach(ThreadPoolExecutor::shutdownNow);
            Thread.currentThread().interrupt();
        }
    }
}

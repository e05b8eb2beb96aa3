package io.firefly.voip.media.freeswitch.leg;

import io.firefly.voip.call.CallId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@code freeswitch-*} threads. Nobody waits on them. */
public final class Strands implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Strands.class);

    private final List<ScheduledThreadPoolExecutor> threads = new ArrayList<>();

    public Strands(int count) {
        AtomicInteger number = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            var executor = new ScheduledThreadPoolExecutor(1, task -> {
                Thread thread = new Thread(task, "freeswitch-" + number.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });
            executor.setRemoveOnCancelPolicy(true);
            executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
            threads.add(executor);
        }
    }

    /** All that belongs to that call happens there, one after the other. */
    public Strand of(CallId call) {
        return new Strand(threads.get(Math.floorMod(call.hashCode(), threads.size())));
    }

    /** For what belongs to no call. */
    public Strand any() {
        return new Strand(threads.get(0));
    }

    @Override
    public void close() {
        threads.forEach(ScheduledThreadPoolExecutor::shutdown);
    }

    /** One thing after the other; after the shutdown nothing. Any thread. */
    public static final class Strand implements Executor {
        private final ScheduledThreadPoolExecutor executor;

        private Strand(ScheduledThreadPoolExecutor executor) {
            this.executor = executor;
        }

        @Override
        public void execute(Runnable task) {
            try {
                executor.execute(guarded(task));
            } catch (RejectedExecutionException e) {
                log.debug("dropped after shutdown: {}", task);
            }
        }

        /** @return cancels it */
        public Runnable after(Duration delay, Runnable task) {
            try {
                var scheduled = executor.schedule(guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
                return () -> scheduled.cancel(false);
            } catch (RejectedExecutionException e) {
                log.debug("dropped after shutdown: {}", task);
                return () -> {};
            }
        }

        /** Does there what has a result. */
        public <T extends @Nullable Object> CompletionStage<T> call(Supplier<? extends CompletionStage<T>> work) {
            return CompletableFuture.supplyAsync(work, this).thenCompose(result -> result);
        }

        /** A mistake in one step must be seen. */
        private static Runnable guarded(Runnable task) {
            return () -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    log.error("a step of a call on FreeSWITCH failed", e);
                }
            };
        }
    }
}

package io.firefly.voip.callcontrol;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@code call-*} threads. One call is always served by the same one, so that its state has one writer. */
final class CallThreads implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CallThreads.class);

    private final List<ScheduledThreadPoolExecutor> threads = new ArrayList<>();

    CallThreads(int count) {
        AtomicInteger number = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            var executor = new ScheduledThreadPoolExecutor(1, task -> {
                Thread thread = new Thread(task, "call-" + number.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });
            executor.setRemoveOnCancelPolicy(true);
            executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
            threads.add(executor);
        }
    }

    CallThread of(CallId call) {
        return new CallThread(threads.get(Math.floorMod(call.hashCode(), threads.size())));
    }

    @Override
    public void close() {
        threads.forEach(ScheduledThreadPoolExecutor::shutdown);
    }

    /** Something that will happen unless it is cancelled. */
    interface Timer {
        void cancel();
    }

    /** The thread of one call. */
    static final class CallThread implements Executor {
        private final ScheduledThreadPoolExecutor executor;

        private CallThread(ScheduledThreadPoolExecutor executor) {
            this.executor = executor;
        }

        /** Runs the task behind everything that was handed over before; after shutdown it is dropped. */
        @Override
        public void execute(Runnable task) {
            try {
                executor.execute(guarded(task));
            } catch (RejectedExecutionException e) {
                log.debug("dropped after shutdown: {}", task);
            }
        }

        /** Runs the task once, later; after shutdown never. */
        Timer after(Duration delay, Runnable task) {
            try {
                var scheduled = executor.schedule(guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
                return () -> scheduled.cancel(false);
            } catch (RejectedExecutionException e) {
                log.debug("dropped after shutdown: {}", task);
                return () -> {};
            }
        }

        /** @return completes on this thread after the delay; after shutdown never */
        CompletionStage<?> later(Duration delay) {
            CompletableFuture<Boolean> past = new CompletableFuture<>();
            Timer unused = after(delay, () -> past.complete(true));
            return past;
        }

        /** A mistake in one step must be seen, and must not take the timer of another call with it. */
        private static Runnable guarded(Runnable task) {
            return () -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    log.error("a step of a call failed", e);
                }
            };
        }
    }
}

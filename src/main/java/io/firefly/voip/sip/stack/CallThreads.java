package io.firefly.voip.sip.stack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What belongs to one Call-ID is done in order, one thing at a time, by whoever brings it while nobody is at it: a
 * request comes, is understood and answered without waking anybody. What may have to wait for a connection is never done
 * by a thread that others need, whoever brought it. The threads {@code sip-*} do the rest;
 * those that have nothing to do for a while end.
 */
public final class CallThreads implements AutoCloseable {
    private static final int LINES = 1024;
    /** Of what came from outside; more would be memory that strangers fill. */
    private static final int MAX_OFFERED = 5000;

    private static final int IDLE_SECONDS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(CallThreads.class);

    private final List<Line> lines = new ArrayList<>();
    private final AtomicInteger offered = new AtomicInteger();
    private final ThreadPoolExecutor helpers;
    private final ScheduledThreadPoolExecutor timer;

    public CallThreads(int threads) {
        // Not in the group of the stack: what these threads call starts threads of its own, which inherit the
        // group.
        ThreadGroup ours = Thread.currentThread().getThreadGroup();
        ThreadFactory names = factory(ours, "sip");
        helpers = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), names);
        helpers.allowCoreThreadTimeOut(true);
        for (int i = 0; i < LINES; i++) lines.add(new Line());
        timer = new ScheduledThreadPoolExecutor(1, factory(ours, "sip-timer"));
        timer.setRemoveOnCancelPolicy(true);
    }

    /**
     * Takes what came from outside, and does it now if it can.
     *
     * @param mayWait its answer goes by a connection, which the thread that brings it serves anyway
     * @return false when too much waits already
     */
    public boolean offer(String callId, boolean mayWait, Runnable work) {
        boolean taken = offered.incrementAndGet() <= MAX_OFFERED
                && line(callId).run(new Task(() -> finish(work), mayWait), mayWait);
        if (!taken) offered.decrementAndGet();
        return taken;
    }

    private void finish(Runnable work) {
        try {
            work.run();
        } finally {
            offered.decrementAndGet();
        }
    }

    /** Takes what our own calls do, which their number bounds; it never waits. False when we are closed. */
    public boolean execute(String callId, Runnable work) {
        return line(callId).run(new Task(work, false), false);
    }

    /** As {@link #execute}, by another thread: for what may have to wait for a connection. */
    public boolean handOver(String callId, Runnable work) {
        return line(callId).handOver(new Task(work, true));
    }

    /** Does it later on the thread of the call; a cancelled one does nothing even when its time has come. */
    public Future<?> later(String callId, Duration delay, Runnable work) {
        Alarm alarm = new Alarm(() -> guarded(work));
        try {
            Runnable fire = () -> handOver(callId, alarm);
            alarm.waiting = timer.schedule(fire, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            alarm.cancel(false);
        }
        return alarm;
    }

    public void every(Duration period, Runnable work) {
        Future<?> unused = timer.scheduleWithFixedDelay(
                () -> guarded(work), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        helpers.shutdownNow();
        try {
            if (!helpers.awaitTermination(1, TimeUnit.SECONDS)) LOG.warn("a SIP thread is still at work");
            if (!timer.awaitTermination(1, TimeUnit.SECONDS)) LOG.warn("the SIP timer is still at work");
        } catch (InterruptedException stopWaiting) {
            Thread.currentThread().interrupt();
        }
    }

    /** Daemons named {@code <name>-0} and so on. */
    public static ThreadFactory factory(ThreadGroup group, String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(group, task, name + "-" + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }

    private Line line(String callId) {
        return lines.get(Math.floorMod(callId.hashCode(), LINES));
    }

    /** An Error too is that of one call: the others of its line must not wait for ever. */
    @SuppressWarnings("IllegalCatch")
    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (Throwable failure) {
            tell(failure);
        }
    }

    @SuppressWarnings("IllegalCatch")
    private static void tell(Throwable failure) {
        try {
            LOG.error("SIP work failed", failure);
        } catch (Throwable speechless) {
            // Without memory there is no log either.
        }
    }

    private record Task(Runnable work, boolean mayWait) {}

    /** The Call-IDs of one hash, and what is to be done for them. */
    private final class Line {
        /** So much for others, then a helper goes on: whoever brought something has work of his own. */
        private static final int MAX_AT_ONCE = 16;

        private final Queue<Task> waiting = new ConcurrentLinkedQueue<>();
        /** Of what waits and is being done. */
        private final AtomicInteger length = new AtomicInteger();

        boolean run(Task task, boolean patient) {
            if (helpers.isShutdown()) return false;
            waiting.add(task);
            if (length.getAndIncrement() == 0) serve(patient);
            return true;
        }

        boolean handOver(Task task) {
            waiting.add(task);
            return length.getAndIncrement() > 0 || help();
        }

        /** @param patient whether this thread may wait, too */
        private void serve(boolean patient) {
            for (int done = 0; done < MAX_AT_ONCE; done++) {
                Task next = waiting.peek();
                if (next != null && next.mayWait && !patient) break;
                waiting.poll();
                if (next != null) guarded(next.work);
                if (length.decrementAndGet() == 0) return;
            }
            help();
        }

        private boolean help() {
            try {
                helpers.execute(() -> serve(true));
                return true;
            } catch (RejectedExecutionException closed) {
                return false;
            } catch (OutOfMemoryError noThread) {
                // A line that nobody serves would be dead for ever.
                tell(noThread);
                serve(true);
                return true;
            }
        }
    }

    private static final class Alarm extends FutureTask<Void> {
        private volatile @Nullable Future<?> waiting;

        Alarm(Runnable work) {
            super(work, null);
        }

        @Override
        protected void done() {
            Future<?> timed = waiting;
            if (isCancelled() && timed != null) timed.cancel(false);
        }
    }
}

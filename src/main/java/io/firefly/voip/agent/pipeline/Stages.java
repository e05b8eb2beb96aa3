package io.firefly.voip.agent.pipeline;

import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.cost.UsageMeter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the stages of one session on worker threads and brings what comes of them to the agent's thread. Nothing comes of a
 * job that was cancelled or took too long.
 */
final class Stages {
    private static final Logger log = LoggerFactory.getLogger(Stages.class);
    private static final int MAX_QUOTE_CHARS = 200;

    /** One of the three. */
    enum Stage {
        TRANSCRIBE,
        GENERATE,
        SPEAK;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What stages need of their session. */
    interface Line {
        /** Runs a task on the agent's thread, unless the session is over by then. */
        void post(Runnable task);

        void after(Duration delay, Runnable task);

        /** @throws RejectedExecutionException when all workers are busy */
        Future<?> work(Runnable task);

        long nanoTime();

        /** In this call. */
        void used(AgentUsage usage);
    }

    /** What all sessions have done, for metrics. */
    static final class Tally {
        private final Map<Stage, LongAdder> runs = adders();
        private final Map<Stage, LongAdder> nanos = adders();
        private final Map<Stage, LongAdder> failures = adders();
        private final UsageMeter usage = new UsageMeter();

        private static Map<Stage, LongAdder> adders() {
            Map<Stage, LongAdder> all = new EnumMap<>(Stage.class);
            for (Stage stage : Stage.values()) all.put(stage, new LongAdder());
            return all;
        }

        long runs(Stage stage) {
            return sum(runs, stage);
        }

        long nanos(Stage stage) {
            return sum(nanos, stage);
        }

        long failures(Stage stage) {
            return sum(failures, stage);
        }

        UsageMeter usage() {
            return usage;
        }

        private static long sum(Map<Stage, LongAdder> adders, Stage stage) {
            LongAdder adder = adders.get(stage);
            return adder == null ? 0 : adder.sum();
        }

        private static void add(Map<Stage, LongAdder> adders, Stage stage, long more) {
            LongAdder adder = adders.get(stage);
            if (adder != null) adder.add(more);
        }
    }

    /** What is to be done and who is told, on the agent's thread: one of the two, once. */
    record Order<T>(Stage stage, Duration timeout, Callable<T> work, Consumer<T> done, Consumer<String> failed) {}

    private final Line line;
    private final Tally tally;

    Stages(Line line, Tally tally) {
        this.line = line;
        this.tally = tally;
    }

    void post(Runnable task) {
        line.post(task);
    }

    void after(Duration delay, Runnable task) {
        line.after(delay, task);
    }

    long nanoTime() {
        return line.nanoTime();
    }

    /** What a stage cost that came to an end; one that was interrupted does not tell. */
    void used(AgentUsage more) {
        if (more.equals(AgentUsage.NONE)) return;
        tally.usage().add(more);
        line.used(more);
    }

    <T> Job start(Order<T> order) {
        Job job = new Job(order.stage(), order.timeout(), order.failed());
        try {
            job.future = line.work(() -> run(job, order));
        } catch (RejectedExecutionException e) {
            line.post(() -> job.fail("all workers are busy: raise firefly.pipeline.workers or take fewer calls"));
            return job;
        }
        line.after(order.timeout(), job::look);
        return job;
    }

    /** Worker thread. */
    private <T> void run(Job job, Order<T> order) {
        if (job.over) return;
        try {
            T result = order.work().call();
            line.post(() -> job.succeed(() -> order.done().accept(result)));
        } catch (InterruptedException e) {
            log.debug("stage {} interrupted", order.stage().label());
        } catch (Exception e) {
            if (job.over) return;
            log.debug("stage {} failed", order.stage().label(), e);
            line.post(() -> job.fail(reason(e)));
        }
    }

    /** In one line, of the outermost that has words of its own. */
    static String reason(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && isWrapper(cause, cause.getCause())) cause = cause.getCause();
        String message = cause.getMessage();
        String words = message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
        String line = words.replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= MAX_QUOTE_CHARS ? line : line.substring(0, MAX_QUOTE_CHARS) + "...";
    }

    private static boolean isWrapper(Throwable outer, Throwable inner) {
        String message = outer.getMessage();
        return message == null || message.isBlank() || message.equals(inner.toString());
    }

    /** One run of a stage. Agent's thread. */
    final class Job {
        private final Stage stage;
        private final Duration timeout;
        private final Consumer<String> failed;
        private final long beganNanos = line.nanoTime();
        private long movedNanos = beganNanos;
        private volatile boolean over;
        private @Nullable Future<?> future;

        private Job(Stage stage, Duration timeout, Consumer<String> failed) {
            this.stage = stage;
            this.timeout = timeout;
            this.failed = failed;
        }

        /** Something came of it: the time begins anew. */
        void moved() {
            movedNanos = line.nanoTime();
        }

        boolean isOver() {
            return over;
        }

        /** Nobody is interested any more. May be called twice. */
        void cancel() {
            if (over) return;
            over = true;
            if (future != null) future.cancel(true);
        }

        private void succeed(Runnable then) {
            if (over) return;
            over = true;
            Tally.add(tally.runs, stage, 1);
            Tally.add(tally.nanos, stage, line.nanoTime() - beganNanos);
            then.run();
        }

        private void fail(String why) {
            if (over) return;
            cancel();
            Tally.add(tally.failures, stage, 1);
            failed.accept("the stage pipeline-" + stage.label() + " failed: " + why);
        }

        private void look() {
            if (over) return;
            long leftNanos = timeout.toNanos() - (line.nanoTime() - movedNanos);
            if (leftNanos > 0) {
                line.after(Duration.ofNanos(leftNanos), this::look);
            } else {
                fail("nothing came within " + timeout.toMillis() + " ms: see its server, or raise firefly.pipeline."
                        + stage.label() + ".timeout");
            }
        }
    }
}

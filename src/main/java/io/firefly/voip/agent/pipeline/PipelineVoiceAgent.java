package io.firefly.voip.agent.pipeline;

import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.agent.AgentSession;
import io.firefly.voip.agent.AgentStage;
import io.firefly.voip.agent.VoiceAgent;
import io.firefly.voip.agent.pipeline.hearing.VoiceActivity;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The voice agent of three stages. Owns the agent threads, of which a session stays on one, and the workers. */
final class PipelineVoiceAgent implements VoiceAgent, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PipelineVoiceAgent.class);

    /** What all sessions share. */
    record Parts(
            PipelineProperties properties, VoiceBackend backend, VoiceActivity.Factory activity, String description) {}

    private final Parts parts;
    private final ScheduledExecutorService[] threads;
    private final ThreadPoolExecutor workers;
    private final Stages.Tally tally = new Stages.Tally();
    private final AtomicInteger joined = new AtomicInteger();
    private final Set<PipelineSession> sessions = ConcurrentHashMap.newKeySet();

    PipelineVoiceAgent(Parts parts) {
        this.parts = parts;
        this.threads = IntStream.range(0, parts.properties().threads())
                .mapToObj(PipelineVoiceAgent::agentThread)
                .toArray(ScheduledExecutorService[]::new);
        AtomicInteger number = new AtomicInteger();
        this.workers = new ThreadPoolExecutor(
                0,
                parts.properties().workers(),
                30,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> daemon(task, "pipeline-work-" + number.incrementAndGet()));
    }

    private static ScheduledExecutorService agentThread(int number) {
        ThreadFactory factory = task -> daemon(task, "pipeline-" + number);
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, factory);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public AgentSession join(AgentBrief brief, AgentStage stage) {
        ScheduledExecutorService thread = threads[Math.floorMod(joined.getAndIncrement(), threads.length)];
        PipelineSession session = new PipelineSession(
                new PipelineSession.Setting(brief, stage, parts.properties(), parts.backend(), parts.activity()),
                new Seat(thread));
        sessions.add(session);
        session.start();
        return session;
    }

    @Override
    public String description() {
        return parts.description();
    }

    @Override
    public int openSessions() {
        return sessions.size();
    }

    Stages.Tally tally() {
        return tally;
    }

    int busyWorkers() {
        return workers.getActiveCount();
    }

    @Override
    public void close() {
        sessions.forEach(PipelineSession::close);
        for (ScheduledExecutorService thread : threads) thread.shutdown();
        workers.shutdownNow();
    }

    /** A session's place on one of our threads. */
    private final class Seat implements PipelineSession.House {
        private final ScheduledExecutorService thread;

        Seat(ScheduledExecutorService thread) {
            this.thread = thread;
        }

        @Override
        public void execute(Runnable task) {
            try {
                thread.execute(task);
            } catch (RejectedExecutionException e) {
                log.debug("agent event dropped: we are shutting down");
            }
        }

        @Override
        public void after(Duration delay, Runnable task) {
            if (thread.isShutdown()) return;
            @SuppressWarnings("FutureReturnValueIgnored") // a late timer finds its session over and does nothing
            Object ignored = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public Future<?> work(Runnable task) {
            return workers.submit(task);
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Stages.Tally tally() {
            return tally;
        }

        @Override
        public void left(PipelineSession session) {
            sessions.remove(session);
        }
    }
}

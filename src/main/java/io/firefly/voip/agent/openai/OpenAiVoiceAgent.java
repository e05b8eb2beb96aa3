package io.firefly.voip.agent.openai;

import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.agent.AgentSession;
import io.firefly.voip.agent.AgentStage;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.Upstream;
import io.firefly.voip.agent.VoiceAgent;
import io.firefly.voip.agent.cost.UsageMeter;
import io.firefly.voip.agent.openai.settings.OpenAiProperties;
import io.firefly.voip.agent.openai.sound.AgentPump;
import io.firefly.voip.agent.openai.sound.LineCodec;
import io.firefly.voip.agent.openai.turns.Setting;
import io.firefly.voip.agent.openai.wire.ClientEvents;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The voice agent behind OpenAI Realtime, or behind anything that speaks its protocol, such as the simulator. Owns the
 * agent threads (a session stays on one, so its events need no lock among each other) and the pump.
 */
final class OpenAiVoiceAgent implements VoiceAgent, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OpenAiVoiceAgent.class);

    private final OpenAiProperties properties;
    private final Upstream upstream;
    private final String description;
    private final AgentPump pump;
    private final ScheduledExecutorService[] threads;
    private final AtomicInteger joined = new AtomicInteger();
    private final AtomicLong sockets = new AtomicLong();
    private final UsageMeter usage = new UsageMeter();
    private final Set<RealtimeSession> sessions = ConcurrentHashMap.newKeySet();

    OpenAiVoiceAgent(OpenAiProperties properties, Upstream upstream, String description) {
        this.properties = properties;
        this.upstream = upstream;
        this.description = description;
        this.pump = new AgentPump(properties.pumpInterval());
        this.threads = IntStream.range(0, properties.threads())
                .mapToObj(OpenAiVoiceAgent::agentThread)
                .toArray(ScheduledExecutorService[]::new);
    }

    private static ScheduledExecutorService agentThread(int number) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "agent-" + number);
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    /** Asks the provider once whether a call would be welcome, and logs the answer. */
    void probe() {
        Seat seat = new Seat(threads[0]);
        seat.execute(new Probe(properties, upstream, seat::after)::start);
    }

    @Override
    public AgentSession join(AgentBrief brief, AgentStage stage) {
        LineCodec codec = LineCodec.of(brief);
        ClientEvents events = new ClientEvents(properties, brief, codec);
        ScheduledExecutorService thread = threads[Math.floorMod(joined.getAndIncrement(), threads.length)];
        RealtimeSession session =
                new RealtimeSession(new Setting(brief, stage, properties, codec, events), new Seat(thread));
        sessions.add(session);
        session.start();
        return session;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public int openSessions() {
        return sessions.size();
    }

    /** What all conversations cost until now. */
    UsageMeter usage() {
        return usage;
    }

    @Override
    public void close() {
        sessions.forEach(RealtimeSession::close);
        pump.close();
        for (ScheduledExecutorService thread : threads) thread.shutdown();
    }

    /** A session's place on one of our threads. */
    private final class Seat implements RealtimeSession.House {
        private final ScheduledExecutorService thread;

        Seat(ScheduledExecutorService thread) {
            this.thread = thread;
        }

        @Override
        public Upstream upstream() {
            return upstream;
        }

        @Override
        public AgentPump pump() {
            return pump;
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
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public long nextSocket() {
            return sockets.incrementAndGet();
        }

        @Override
        public void used(AgentUsage more) {
            usage.add(more);
        }

        @Override
        public void left(RealtimeSession session) {
            sessions.remove(session);
        }
    }
}

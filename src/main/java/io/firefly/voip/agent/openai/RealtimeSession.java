package io.firefly.voip.agent.openai;

import io.firefly.voip.agent.AgentFailure;
import io.firefly.voip.agent.AgentSession;
import io.firefly.voip.agent.AgentStage.Leaving;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.Upstream;
import io.firefly.voip.agent.openai.settings.Models.Transcribed;
import io.firefly.voip.agent.openai.sound.AgentPump;
import io.firefly.voip.agent.openai.turns.Setting;
import io.firefly.voip.agent.openai.turns.StallWatch;
import io.firefly.voip.agent.openai.turns.ToolCalls;
import io.firefly.voip.agent.openai.turns.Turns;
import io.firefly.voip.agent.openai.wire.Failures;
import io.firefly.voip.agent.openai.wire.ServerEvent;
import io.firefly.voip.audio.AudioSink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One conversation: joins, hands every event to its {@link Turns} and ends; its {@link Lifeline} keeps it connected. Whatever arrives, from any
 * thread, becomes a task of the session's agent thread; the lock is only there so that {@link #close}, on another
 * thread, can be the last to touch the stage.
 */
final class RealtimeSession implements AgentSession {
    private static final Logger log = LoggerFactory.getLogger(RealtimeSession.class);
    /** Events waiting for the agent's thread; a provider that sends faster than that for long is broken. */
    private static final int MAX_BACKLOG = 10_000;

    private static final Duration CLOSE_PATIENCE = Duration.ofMillis(200);

    /** What a session needs of its voice agent. */
    interface House {
        Upstream upstream();

        AgentPump pump();

        void execute(Runnable task);

        void after(Duration delay, Runnable task);

        long nanoTime();

        /** A number no other socket of this process has. */
        long nextSocket();

        /** Counts what responses cost. */
        void used(AgentUsage usage);

        /** The session holds nothing any more. Once. */
        void left(RealtimeSession session);
    }

    private enum Phase {
        JOINING,
        JOINED,
        OVER
    }

    private final Setting setting;
    private final House house;
    private final AgentPump.Ears ears;
    private final Turns turns;
    private final StallWatch stalls;
    private final Lifeline lifeline;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicInteger backlog = new AtomicInteger();
    private final AtomicBoolean flooded = new AtomicBoolean();
    private final AtomicBoolean released = new AtomicBoolean();
    private final CompletableFuture<Void> goodbye = new CompletableFuture<>();
    private final long beganNanos;
    private volatile Phase phase = Phase.JOINING;
    private boolean begun;
    private boolean goodbyeAsked;
    private int refusedEvents;
    private AgentUsage usage = AgentUsage.NONE;

    RealtimeSession(Setting setting, House house) {
        this.setting = setting;
        this.house = house;
        this.beganNanos = house.nanoTime();
        this.ears = new AgentPump.Ears(setting.codec(), setting.brief().format().samplesPerFrame(), house.pump()::wake);
        Line line = new Line();
        this.turns = new Turns(setting, line);
        this.stalls = new StallWatch(
                turns, line, ears.loudness(), setting.properties().stallTimeout());
        this.lifeline = new Lifeline(setting, house, turns, ears, new Host());
    }

    // Any thread

    void start() {
        post(lifeline::connect);
    }

    @Override
    public AudioSink ears() {
        return ears;
    }

    @Override
    public void begin() {
        post(() -> {
            if (begun) return;
            begun = true;
            if (phase == Phase.JOINED) turns.greet();
        });
    }

    @Override
    public void dtmf(char digit) {
        post(() -> {
            if (phase == Phase.JOINED) turns.pressed(digit);
        });
    }

    @Override
    public void offer(List<ToolDescription> tools) {
        post(() -> {
            setting.events().offer(tools);
            if (!goodbyeAsked) lifeline.tellTools();
        });
    }

    @Override
    public boolean fill(String phrase) {
        post(() -> {
            if (phase == Phase.JOINED && begun && !turns.isCut()) turns.fill(phrase);
        });
        return true;
    }

    @Override
    public CompletionStage<Void> sayGoodbye() {
        if (phase == Phase.OVER) goodbye.complete(null);
        post(() -> {
            if (goodbyeAsked) return;
            goodbyeAsked = true;
            if (phase == Phase.JOINED && begun && !turns.isCut()) turns.sayGoodbye(goodbye, null);
            else goodbye.complete(null); // nobody was greeted, or nobody is there to say it
        });
        return goodbye.minimalCompletionStage();
    }

    @Override
    public void close() {
        boolean alone = lockBriefly();
        try {
            if (alone && phase != Phase.OVER) turns.hungUp();
            release(alone);
        } finally {
            if (alone) lock.unlock();
        }
    }

    private boolean lockBriefly() {
        try {
            return lock.tryLock(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void post(Runnable task) {
        if (phase == Phase.OVER) return;
        if (backlog.incrementAndGet() > MAX_BACKLOG) {
            backlog.decrementAndGet();
            if (flooded.compareAndSet(false, true)) house.execute(() -> run(() -> fail(Failures.FLOODED)));
            return;
        }
        house.execute(() -> {
            backlog.decrementAndGet();
            run(task);
        });
    }

    private void after(Duration delay, Runnable task) {
        house.after(delay, () -> run(task));
    }

    private void run(Runnable task) {
        lock.lock();
        try {
            if (phase != Phase.OVER) task.run();
        } catch (RuntimeException e) {
            log.error("agent session broken call={}", setting.brief().callId(), e);
            fail("the agent session broke (" + e.getClass().getSimpleName() + "): report the stack trace in the log");
        } finally {
            lock.unlock();
        }
    }

    // Agent's thread

    private void joined() {
        phase = Phase.JOINED;
        log.info("agent ready call={} readyMillis={}", callId(), millisSince(beganNanos));
        setting.stage().ready();
        if (begun) turns.greet();
        if (phase == Phase.JOINED) stalls.start();
    }

    private void heard(ServerEvent event) {
        stalls.moved();
        if (event.type().equals("error")) refused(event);
        else turns.on(event);
    }

    /** Something we sent; what ends the session is told by its link. */
    private void refused(ServerEvent error) {
        String code = error.errorCode();
        String about = error.bodyText("event_id");
        refusedEvents++;
        boolean cared = turns.refused(about.isEmpty() ? null : about, code, error.bodyText("message"));
        if (cared || Failures.isHarmless(code)) log.debug("agent refused call={} code={}", callId(), code);
        else log.warn("agent refused call={} code={} event={}", callId(), Failures.clean(code), Failures.clean(about));
    }

    private void send(String event) {
        if (!lifeline.send(event)) {
            log.warn("agent event dropped call={} reason=\"socket gone or its queue full\"", callId());
        }
    }

    private void fail(String sentence) {
        failed(new AgentFailure(sentence, true));
    }

    private void failed(AgentFailure failure) {
        if (phase == Phase.OVER) return;
        log.warn("agent failed call={} fatal={} reason=\"{}\"", callId(), failure.fatal(), failure.message());
        if (failure.fatal()) release(true);
        // Who hears the goodbye must not hear an apology over it.
        if (!goodbyeAsked) setting.stage().failed(failure);
    }

    /** @param tellsTheRest false when another thread is at work in here and could not be waited for */
    private void release(boolean tellsTheRest) {
        if (!released.compareAndSet(false, true)) return;
        phase = Phase.OVER;
        ears.close();
        lifeline.close();
        if (tellsTheRest) turns.tellTheRest();
        goodbye.complete(null);
        house.left(this);
        log.info(
                "agent left call={} seconds={} framesSent={} framesDropped={} bargeIns={} refused={} unreadable={}"
                        + " reconnections={} samplesDropped={} tokens={} usd={}",
                callId(),
                millisSince(beganNanos) / 1_000,
                lifeline.framesSent(),
                ears.dropped() + lifeline.framesRefused(),
                turns.bargeIns(),
                refusedEvents,
                lifeline.malformed(),
                lifeline.reconnections(),
                turns.droppedSamples(),
                usage.inputTokens() + usage.outputTokens(),
                usage.nanoDollars() / 1e9);
    }

    private void spent(AgentUsage more) {
        usage = usage.plus(more);
        house.used(more);
        setting.stage().used(more);
    }

    private String callId() {
        return setting.brief().callId().value();
    }

    private long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(house.nanoTime() - nanos);
    }

    private final class Host implements Lifeline.Session {
        @Override
        public void post(Runnable task) {
            RealtimeSession.this.post(task);
        }

        @Override
        public void after(Duration delay, Runnable task) {
            RealtimeSession.this.after(delay, task);
        }

        @Override
        public void joined() {
            RealtimeSession.this.joined();
        }

        @Override
        public void heard(ServerEvent event) {
            RealtimeSession.this.heard(event);
        }

        @Override
        public void fail(String sentence) {
            RealtimeSession.this.fail(sentence);
        }

        @Override
        public boolean hasBegun() {
            return begun;
        }

        @Override
        public boolean isEnding() {
            return goodbyeAsked;
        }
    }

    private final class Line implements Turns.Line {
        @Override
        public void send(String event) {
            RealtimeSession.this.send(event);
            stalls.moved();
        }

        @Override
        public void after(Duration delay, Runnable task) {
            RealtimeSession.this.after(delay, task);
        }

        @Override
        public void whenAnswered(CompletionStage<String> answer, Duration patience, Consumer<String> then) {
            AtomicBoolean first = new AtomicBoolean();
            answer.whenComplete((output, failure) -> post(() -> {
                if (first.compareAndSet(false, true)) then.accept(output == null ? TOOL_FAILED : output);
            }));
            RealtimeSession.this.after(patience, () -> {
                if (first.compareAndSet(false, true)) then.accept(TOOL_TIMEOUT);
            });
        }

        @Override
        public void stopListening() {
            lifeline.stopListening();
        }

        @Override
        public void used(AgentUsage tokens) {
            String model = setting.properties().model(setting.brief().profile());
            spent(setting.properties().priced(model, tokens));
        }

        @Override
        public void used(Transcribed words) {
            long cost = setting.properties().priced(words);
            if (cost > 0) spent(AgentUsage.NONE.at(cost));
        }

        @Override
        public void reconnect(String why) {
            lifeline.abandon(why);
        }

        @Override
        public void leave(Leaving why) {
            if (goodbyeAsked) return;
            goodbyeAsked = true;
            log.info("agent leaves call={} reason={}", callId(), why);
            CompletableFuture<Void> unused =
                    goodbye.thenRun(() -> setting.stage().leaves(why));
            turns.sayGoodbye(goodbye, why);
        }

        @Override
        public void failed(AgentFailure failure) {
            RealtimeSession.this.failed(failure);
        }

        @Override
        public long nanoTime() {
            return house.nanoTime();
        }
    }

    private static final String TOOL_FAILED = ToolCalls.error("the tool failed");
    private static final String TOOL_TIMEOUT = ToolCalls.error("timeout: the tool did not answer in time");
}

package io.firefly.voip.agent.openai;

import io.firefly.voip.agent.AgentFailure;
import io.firefly.voip.agent.AgentSession;
import io.firefly.voip.agent.Upstream;
import io.firefly.voip.agent.openai.settings.OpenAiProperties;
import io.firefly.voip.agent.openai.sound.AgentPump;
import io.firefly.voip.agent.openai.turns.Setting;
import io.firefly.voip.agent.openai.turns.StallWatch;
import io.firefly.voip.agent.openai.turns.ToolCalls;
import io.firefly.voip.agent.openai.turns.Turns;
import io.firefly.voip.agent.openai.wire.Failures;
import io.firefly.voip.agent.openai.wire.ServerEvent;
import io.firefly.voip.audio.AudioSink;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One conversation: connects, configures, hands every event to its {@link Turns} and ends. Whatever arrives, from any
 * thread, becomes a task of the session's agent thread; the lock is only there so that {@link #close}, on another
 * thread, can be the last to touch the stage.
 */
final class RealtimeSession implements AgentSession {
    private static final Logger log = LoggerFactory.getLogger(RealtimeSession.class);
    /** Events waiting for the agent's thread; a provider that sends faster than that for long is broken. */
    private static final int MAX_BACKLOG = 10_000;

    private static final Duration CLOSE_PATIENCE = Duration.ofMillis(200);
    private static final Duration LOOK = Duration.ofMillis(200);
    /** For two minutes. */
    private static final int PAUSE_LOOKS = 600;

    /** What a session needs of its voice agent. */
    interface House {
        Upstream upstream();

        AgentPump pump();

        void execute(Runnable task);

        void after(Duration delay, Runnable task);

        long nanoTime();

        /** A number no other socket of this process has. */
        long nextSocket();

        /** The session holds nothing any more. Once. */
        void left(RealtimeSession session);
    }

    private enum Phase {
        CONNECTING,
        CONFIGURING,
        READY,
        OVER
    }

    private final Setting setting;
    private final House house;
    private final AgentPump.Ears ears;
    private final Turns turns;
    private final StallWatch stalls;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicInteger backlog = new AtomicInteger();
    private final AtomicBoolean flooded = new AtomicBoolean();
    private final AtomicBoolean released = new AtomicBoolean();
    private final CompletableFuture<Void> goodbye = new CompletableFuture<>();
    private final long beganNanos;
    private volatile Phase phase = Phase.CONNECTING;
    private boolean opened;
    private boolean begun;
    private boolean goodbyeAsked;
    private boolean outOfTime;
    private int malformed;
    private int refusedEvents;
    private Upstream.@Nullable Socket socket;
    private AgentPump.@Nullable Feed feed;

    RealtimeSession(Setting setting, House house) {
        this.setting = setting;
        this.house = house;
        this.beganNanos = house.nanoTime();
        this.ears = new AgentPump.Ears(setting.codec(), setting.brief().format().samplesPerFrame(), house.pump()::wake);
        Line line = new Line();
        this.turns = new Turns(setting, line);
        this.stalls = new StallWatch(
                turns, line, ears.loudness(), setting.properties().stallTimeout());
    }

    // Any thread

    void start() {
        post(this::connect);
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
            if (phase == Phase.READY) turns.greet();
        });
    }

    @Override
    public void dtmf(char digit) {
        post(() -> {
            if (phase == Phase.READY) turns.pressed(digit);
        });
    }

    @Override
    public CompletionStage<Void> sayGoodbye() {
        if (phase == Phase.OVER) goodbye.complete(null);
        post(() -> {
            if (goodbyeAsked) return;
            goodbyeAsked = true;
            if (outOfTime) return; // it is being said
            if (phase == Phase.READY && begun) turns.sayGoodbye(goodbye, false);
            else goodbye.complete(null); // nobody was greeted, nobody needs a goodbye
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

    private void connect() {
        OpenAiProperties properties = setting.properties();
        String named = setting.brief().profile().model();
        String model = named == null || named.isBlank() ? properties.model() : named;
        URI uri = properties.realtime(model);
        log.info("agent connecting call={} host={} model={}", setting.brief().callId(), uri.getHost(), model);
        Map<String, String> headers = Map.of("Authorization", "Bearer " + properties.apiKey());
        // The call may have had an agent before, whose socket is still closing.
        String key = callId() + "." + house.nextSocket();
        socket = house.upstream().open(new Upstream.Request(key, uri, headers), new Wire());
        after(properties.connectTimeout(), () -> {
            if (!opened) fail(Failures.noConnection(properties.connectTimeout().toMillis()));
        });
    }

    private void opened() {
        opened = true;
        Duration patience = setting.properties().sessionReadyTimeout();
        after(patience, () -> {
            if (phase != Phase.READY) fail(Failures.notReady(patience.toMillis()));
        });
    }

    private void received(String frame) {
        stalls.moved();
        ServerEvent event = ServerEvent.read(frame);
        if (event == null) {
            if (malformed++ == 0) log.warn("agent event unreadable call={} chars={}", callId(), frame.length());
            return;
        }
        switch (event.type()) {
            case "session.created" -> configure();
            case "session.updated" -> ready();
            case "error" -> refused(event);
            default -> {
                if (phase == Phase.READY) turns.on(event);
            }
        }
    }

    private void configure() {
        if (phase != Phase.CONNECTING) return;
        phase = Phase.CONFIGURING;
        send(setting.events().sessionUpdate(setting.events().nextId()));
    }

    /** Only now may sound be sent: before, the provider would take it for 24 kHz PCM. */
    private void ready() {
        if (phase != Phase.CONFIGURING || socket == null) return;
        phase = Phase.READY;
        log.info("agent ready call={} readyMillis={}", callId(), millisSince(beganNanos));
        setting.stage().ready();
        if (begun) turns.greet();
        if (phase != Phase.READY) return;
        stalls.start();
        after(setting.properties().sessionLimit(), () -> endInPause(PAUSE_LOOKS));
        feed = new AgentPump.Feed(ears, socket, () -> post(() -> fail(Failures.PUMP_BROKE)));
        house.pump().add(feed);
    }

    /** The provider has no way to go on with a session, and a new one would not know what was said: it ends politely. */
    private void endInPause(int looksLeft) {
        if (goodbyeAsked) return;
        if (!turns.isPause() && looksLeft > 0) {
            after(LOOK, () -> endInPause(looksLeft - 1));
            return;
        }
        outOfTime = true;
        CompletableFuture<Void> unused = goodbye.thenRun(() -> after(LOOK, this::endWhenHeard));
        turns.sayGoodbye(goodbye, true);
    }

    private void endWhenHeard() {
        if (turns.isAgentHeardNow()) after(LOOK, this::endWhenHeard);
        else fail(Failures.SESSION_LIMIT);
    }

    private void refused(ServerEvent error) {
        String code = error.bodyText("code").isEmpty() ? error.bodyText("type") : error.bodyText("code");
        String message = error.bodyText("message");
        boolean fatal = Failures.isFatal(code) || phase != Phase.READY;
        if (fatal) {
            fail(Failures.error(code, message, error.bodyText("param")));
            return;
        }
        String about = error.bodyText("event_id");
        refusedEvents++;
        boolean cared = turns.refused(about.isEmpty() ? null : about, code, message);
        if (cared || Failures.isHarmless(code)) log.debug("agent refused call={} code={}", callId(), code);
        else log.warn("agent refused call={} code={} event={}", callId(), Failures.clean(code), Failures.clean(about));
    }

    private void closedByProvider(int code, @Nullable String reason) {
        fail(Failures.closed(code, reason, opened));
    }

    private void send(String event) {
        if (socket != null && !socket.send(event)) {
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
        if (feed != null) house.pump().remove(feed);
        if (socket != null) socket.close(1000, "call ended");
        if (tellsTheRest) turns.tellTheRest();
        goodbye.complete(null);
        house.left(this);
        log.info(
                "agent left call={} seconds={} framesSent={} framesDropped={} bargeIns={} refused={} unreadable={}"
                        + " samplesDropped={}",
                callId(),
                millisSince(beganNanos) / 1_000,
                feed == null ? 0 : feed.sent(),
                ears.dropped() + (feed == null ? 0 : feed.refused()),
                turns.bargeIns(),
                refusedEvents,
                malformed,
                turns.droppedSamples());
    }

    private String callId() {
        return setting.brief().callId().value();
    }

    private long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(house.nanoTime() - nanos);
    }

    /** The far end's voice, brought to the agent's thread. */
    private final class Wire implements Upstream.Listener {
        @Override
        public void opened() {
            post(RealtimeSession.this::opened);
        }

        @Override
        public void text(String frame) {
            post(() -> received(frame));
        }

        @Override
        public void closed(int code, @Nullable String reason) {
            post(() -> closedByProvider(code, reason));
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
        public void whenAnswered(CompletionStage<String> answer, Consumer<String> then) {
            AtomicBoolean first = new AtomicBoolean();
            Duration patience = setting.properties().toolTimeout();
            answer.whenComplete((output, failure) -> post(() -> {
                if (first.compareAndSet(false, true)) then.accept(output == null ? TOOL_FAILED : output);
            }));
            RealtimeSession.this.after(patience, () -> {
                if (first.compareAndSet(false, true)) then.accept(TOOL_TIMEOUT);
            });
        }

        @Override
        public void stopListening() {
            ears.close();
            if (feed != null) house.pump().remove(feed);
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

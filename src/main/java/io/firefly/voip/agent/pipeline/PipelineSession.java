package io.firefly.voip.agent.pipeline;

import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.agent.AgentFailure;
import io.firefly.voip.agent.AgentSession;
import io.firefly.voip.agent.AgentStage;
import io.firefly.voip.agent.AgentStage.Leaving;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.pipeline.hearing.VoiceActivity;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.SampleRing;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One conversation. Whatever happens, from any thread, becomes a task of the session's agent thread; the lock is only there
 * so that {@link #close}, on another thread, can be the last to touch the stage.
 */
final class PipelineSession implements AgentSession {
    private static final Logger log = LoggerFactory.getLogger(PipelineSession.class);
    private static final Duration LOOK = Duration.ofMillis(AudioFormat.FRAME_MILLIS);
    private static final Duration CLOSE_PATIENCE = Duration.ofMillis(200);
    /** What the caller says while the agent's thread is busy. */
    private static final int HELD_SECONDS = 2;
    /** Turns end by sound: if the line falls silent in the middle of one, silence takes its place. */
    private static final long GAP_NANOS = Duration.ofMillis(200).toNanos();

    /** What a session is made of. */
    record Setting(
            AgentBrief brief,
            AgentStage stage,
            PipelineProperties properties,
            VoiceBackend backend,
            VoiceActivity.Factory activity) {
        /** A hook of somebody else's must not break the conversation. */
        void hook(Consumer<VoiceBackend> call) {
            try {
                call.accept(backend);
            } catch (RuntimeException e) {
                log.warn(
                        "call={} a hook of {} failed",
                        brief.callId(),
                        backend.getClass().getSimpleName(),
                        e);
            }
        }
    }

    /** What a session needs of its voice agent. */
    interface House {
        void execute(Runnable task);

        void after(Duration delay, Runnable task);

        /** @throws java.util.concurrent.RejectedExecutionException when all workers are busy */
        Future<?> work(Runnable task);

        long nanoTime();

        Stages.Tally tally();

        /** The session holds nothing any more. Once. */
        void left(PipelineSession session);
    }

    private final Setting setting;
    private final House house;
    private final Ears ears;
    private final Turns turns;
    private final short[] frame;
    private final short[] silence;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean released = new AtomicBoolean();
    private final CompletableFuture<Void> goodbye = new CompletableFuture<>();
    private final long beganNanos;
    private long heardNanos;
    private volatile boolean over;
    private volatile boolean closed;
    private boolean begun;
    private boolean goodbyeAsked;
    private boolean hooked;
    private AgentUsage usage = AgentUsage.NONE;

    PipelineSession(Setting setting, House house) {
        this.setting = setting;
        this.house = house;
        this.beganNanos = house.nanoTime();
        int samples = setting.brief().format().samplesPerFrame();
        this.frame = new short[samples];
        this.silence = new short[samples];
        this.ears = new Ears(setting.brief().format());
        this.turns = new Turns(setting, new Stages(new Line(), house.tally()), this::failed, this::leave);
    }

    /** The caller's sound on its way from the media thread to the agent's. */
    private static final class Ears implements AudioSink {
        private final SampleRing ring;
        private final AtomicLong dropped = new AtomicLong();
        private volatile boolean closed;

        Ears(AudioFormat format) {
            ring = new SampleRing(format.sampleRateHz() * HELD_SECONDS);
        }

        @Override
        public void write(short[] pcm, int length) {
            if (closed) return;
            int taken = ring.write(pcm, 0, length);
            if (taken < length) dropped.lazySet(dropped.getPlain() + length - taken);
        }
    }

    // Any thread

    void start() {
        post(() -> {
            hooked = true;
            setting.hook(backend -> backend.callBegins(setting.brief()));
            turns.prepare(this::ready);
        });
    }

    private void ready() {
        log.info("agent ready call={} readyMillis={}", callId(), millisSince(beganNanos));
        setting.stage().ready();
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
            heardNanos = house.nanoTime();
            turns.greet();
            look();
        });
    }

    @Override
    public void dtmf(char digit) {
        post(() -> {
            if (begun) turns.pressed(digit);
        });
    }

    @Override
    public void offer(List<ToolDescription> tools) {
        post(() -> turns.offer(tools));
    }

    @Override
    public boolean fill(String phrase) {
        post(() -> turns.fill(phrase));
        return true;
    }

    @Override
    public CompletionStage<Void> sayGoodbye() {
        if (over) goodbye.complete(null);
        post(() -> {
            if (goodbyeAsked) return;
            goodbyeAsked = true;
            if (begun) turns.sayGoodbye(goodbye);
            else goodbye.complete(null); // nobody was greeted, nobody needs a goodbye
        });
        return goodbye.minimalCompletionStage();
    }

    @Override
    public void close() {
        closed = true;
        boolean alone = lockBriefly();
        try {
            if (alone && !over) turns.hungUp();
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
        if (!over) house.execute(() -> run(task));
    }

    private void run(Runnable task) {
        lock.lock();
        try {
            if (!over) task.run();
        } catch (RuntimeException e) {
            log.error("agent session broken call={}", callId(), e);
            failed(new AgentFailure(
                    "the agent session broke (" + e.getClass().getSimpleName() + "): report the stack trace in the log",
                    true));
        } finally {
            lock.unlock();
        }
    }

    // Agent's thread

    /** Hears what came in, and looks again in 20 ms. */
    private void look() {
        house.after(LOOK, () -> run(this::look));
        while (!over && ears.ring.available() >= frame.length) {
            int length = ears.ring.read(frame, 0, frame.length);
            heardNanos = house.nanoTime();
            turns.hear(frame, length);
        }
        if (over) return;
        if (house.nanoTime() - heardNanos > GAP_NANOS) turns.hear(silence, silence.length);
        turns.look();
    }

    private void failed(AgentFailure failure) {
        if (over) return;
        log.warn("agent failed call={} fatal={} reason=\"{}\"", callId(), failure.fatal(), failure.message());
        if (failure.fatal()) release(true);
        // Who hears the goodbye must not hear an apology over it.
        if (!goodbyeAsked) setting.stage().failed(failure);
    }

    /** Of our own accord. */
    private void leave(Leaving why) {
        if (goodbyeAsked) return;
        goodbyeAsked = true;
        CompletionStage<Void> ignored = goodbye.thenRun(() -> {
            if (!closed) setting.stage().leaves(why);
        });
        log.info("agent says goodbye call={} reason={}", callId(), why);
        turns.sayGoodbye(goodbye);
    }

    private void release(boolean alone) {
        if (!released.compareAndSet(false, true)) return;
        over = true;
        ears.closed = true;
        turns.close();
        goodbye.complete(null);
        house.left(this);
        if (alone && hooked) setting.hook(backend -> backend.callEnds(setting.brief()));
        Turns.Sums sums = turns.sums();
        log.info(
                "agent left call={} seconds={} bargeIns={} falseBargeIns={} ignoredTurns={} samplesDropped={}"
                        + " tokens={} usd={}",
                callId(),
                millisSince(beganNanos) / 1_000,
                sums.bargeIns(),
                sums.falseBargeIns(),
                sums.ignored(),
                sums.droppedSamples() + ears.dropped.get(),
                usage.inputTokens() + usage.outputTokens(),
                usage.nanoDollars() / 1e9);
    }

    private String callId() {
        return setting.brief().callId().value();
    }

    private long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(house.nanoTime() - nanos);
    }

    private final class Line implements Stages.Line {
        @Override
        public void post(Runnable task) {
            PipelineSession.this.post(task);
        }

        @Override
        public void after(Duration delay, Runnable task) {
            house.after(delay, () -> run(task));
        }

        @Override
        public Future<?> work(Runnable task) {
            return house.work(task);
        }

        @Override
        public long nanoTime() {
            return house.nanoTime();
        }

        @Override
        public void used(AgentUsage more) {
            usage = usage.plus(more);
            setting.stage().used(more);
        }
    }
}

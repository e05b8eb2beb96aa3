package io.firefly.voip.agent.pipeline;

import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.AgentFailure;
import io.firefly.voip.agent.AgentManner;
import io.firefly.voip.agent.AgentMouth;
import io.firefly.voip.agent.AgentStage;
import io.firefly.voip.agent.AgentStage.Leaving;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.Utterance;
import io.firefly.voip.agent.pipeline.hearing.EnergyDetector;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Tones;
import io.firefly.voip.call.CallId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** One session in time that passes when the test says so: 20 ms of caller and agent at a step. */
final class Rig implements PipelineSession.House {
    static final int FRAME_MILLIS = AudioFormat.FRAME_MILLIS;
    private static final AudioFormat LINE = AudioFormat.NARROWBAND;
    private static final short[] VOICE = Tones.sine(LINE, 300, -12, FRAME_MILLIS);
    private static final short[] QUIET = new short[LINE.samplesPerFrame()];

    final FakeBackend backend;
    final FakeMouth mouth = new FakeMouth();
    final List<Utterance> said = new ArrayList<>();
    final List<AgentFailure> failures = new ArrayList<>();
    final List<ToolCall> toolCalls = new ArrayList<>();
    final List<CompletableFuture<String>> toolAnswers = new ArrayList<>();
    final Stages.Tally tally = new Stages.Tally();
    final PipelineSession session;
    AgentUsage usage = AgentUsage.NONE;
    int ready;
    int left;
    boolean callerAway;
    private final List<Leaving> leaving = new ArrayList<>();
    boolean workersBusy;

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::number));
    private final Deque<FutureTask<?>> works = new ArrayDeque<>();
    private long now = 1;
    private long number;

    private record Timer(long at, long number, Runnable task) {}

    Rig(String... settings) {
        this(new FakeBackend(), settings);
    }

    Rig(FakeBackend backend, String... settings) {
        this(backend, AgentManner.AS_SET, settings);
    }

    Rig(FakeBackend backend, AgentManner manner, String... settings) {
        this.backend = backend;
        session = new PipelineSession(
                new PipelineSession.Setting(
                        brief(manner),
                        new Stage(),
                        properties(settings),
                        backend,
                        (format, vad) -> new EnergyDetector(12)),
                this);
        session.start();
        drain();
    }

    /** Begun, and the greeting was heard to its end. */
    static Rig greeted(String... settings) {
        Rig rig = new Rig(settings);
        rig.session.begin();
        rig.quietFor(200);
        rig.quietUntilSilent();
        rig.said.clear();
        rig.mouth.interrupts = 0;
        return rig;
    }

    static PipelineProperties properties(String... settings) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource(Map.of());
        for (int i = 0; i < settings.length; i += 2) source.put("firefly.pipeline." + settings[i], settings[i + 1]);
        return new Binder(source).bindOrCreate("firefly.pipeline", PipelineProperties.class);
    }

    static AgentBrief brief(AgentManner manner) {
        return new AgentBrief(
                new CallId("call-1"),
                new AgentProfile("reception", "You are the reception.", "Hello.", null, null, "de", null, manner),
                "PCMU",
                LINE,
                Map.of("caller number", "+15550100"),
                List.of(new ToolDescription("get_time", "Tells the time.", Map.of())));
    }

    // Time

    /** The caller says something that the detector takes for speech. */
    Rig voiceFor(int millis) {
        return passing(millis, VOICE);
    }

    Rig quietFor(int millis) {
        return passing(millis, QUIET);
    }

    /** Nothing comes from the line at all. */
    Rig nothingFor(int millis) {
        for (int i = 0; i < millis / FRAME_MILLIS; i++) step();
        return this;
    }

    /** Until the agent has nothing more to say, a minute at most. */
    Rig quietUntilSilent() {
        for (int i = 0; i < 3_000 && mouth.isSpeaking(); i++) quietFor(FRAME_MILLIS);
        return quietFor(2 * FRAME_MILLIS);
    }

    /** A turn of the caller of one second, written down as these words, and the silence that ends it. */
    Rig says(String words) {
        backend.transcripts.add(words);
        return voiceFor(1_000).quietFor(700);
    }

    private Rig passing(int millis, short[] frame) {
        for (int i = 0; i < millis / FRAME_MILLIS; i++) {
            session.ears().write(frame, frame.length);
            step();
        }
        return this;
    }

    private void step() {
        now += Duration.ofMillis(FRAME_MILLIS).toNanos();
        mouth.play(FRAME_MILLIS);
        drain();
    }

    void drain() {
        boolean more = true;
        while (more) {
            more = false;
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
                more = true;
            }
            for (FutureTask<?> work = works.poll(); work != null; work = works.poll()) {
                work.run();
                more = true;
            }
            while (!timers.isEmpty() && timers.peek().at() <= now) {
                timers.remove().task().run();
                more = true;
            }
        }
    }

    /** What the model was told last, a message a line. */
    List<String> told() {
        VoiceBackend.Prompt prompt = backend.prompts.get(backend.prompts.size() - 1);
        return prompt.messages().stream()
                .map(message -> message.role() + ": " + message.text())
                .toList();
    }

    /** Why the agent said goodbye of its own accord. */
    List<Leaving> left() {
        return leaving;
    }

    // The house

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void after(Duration delay, Runnable task) {
        timers.add(new Timer(now + delay.toNanos(), number++, task));
    }

    @Override
    public Future<?> work(Runnable task) {
        if (workersBusy) throw new RejectedExecutionException("busy");
        FutureTask<Void> work = new FutureTask<>(task, null);
        works.add(work);
        return work;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Stages.Tally tally() {
        return tally;
    }

    @Override
    public void left(PipelineSession over) {
        left++;
    }

    private final class Stage implements AgentStage {
        @Override
        public void ready() {
            ready++;
        }

        @Override
        public AgentMouth mouth() {
            return mouth;
        }

        @Override
        public void said(Utterance utterance) {
            said.add(utterance);
        }

        @Override
        public CompletionStage<String> call(ToolCall tool) {
            toolCalls.add(tool);
            CompletableFuture<String> answer = new CompletableFuture<>();
            toolAnswers.add(answer);
            return answer;
        }

        @Override
        public void failed(AgentFailure failure) {
            failures.add(failure);
        }

        @Override
        public void leaves(Leaving why) {
            leaving.add(why);
        }

        @Override
        public boolean isCallerAway() {
            return callerAway;
        }

        @Override
        public void used(AgentUsage used) {
            usage = usage.plus(used);
        }
    }

    /** Plays in the time of the rig, and remembers what came out. */
    static final class FakeMouth implements AgentMouth {
        final List<String> items = new ArrayList<>();
        private final Deque<Item> queue = new ArrayDeque<>();
        long playedSamples;
        long queuedSamples;
        int interrupts;

        private static final class Item {
            private final String id;
            private int samples;
            private int played;
            private boolean done;

            private Item(String id) {
                this.id = id;
            }
        }

        @Override
        public int say(String itemId, short[] pcm, int length) {
            Item last = queue.peekLast();
            if (last == null || !last.id.equals(itemId)) {
                last = new Item(itemId);
                queue.add(last);
                items.add(itemId);
            }
            last.samples += length;
            queuedSamples += length;
            return 0;
        }

        @Override
        public void itemDone(String itemId) {
            queue.stream().filter(item -> item.id.equals(itemId)).forEach(item -> item.done = true);
        }

        @Override
        public List<Heard> interrupt() {
            interrupts++;
            List<Heard> heard = queue.stream()
                    .map(item -> new Heard(item.id, item.samples / 8, item.played / 8, item.done))
                    .toList();
            queue.clear();
            return heard;
        }

        @Override
        public boolean isSpeaking() {
            return !queue.isEmpty();
        }

        void play(int millis) {
            int due = millis * 8;
            while (due > 0 && !queue.isEmpty()) {
                Item item = queue.peek();
                int part = Math.min(due, item.samples - item.played);
                item.played += part;
                playedSamples += part;
                due -= part;
                if (item.played >= item.samples) queue.remove();
            }
        }

        long playedMillis() {
            return playedSamples / 8;
        }
    }
}

package io.firefly.voip.agent.pipeline;

import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.AgentManner;
import io.firefly.voip.agent.AgentMouth;
import io.firefly.voip.agent.Bench;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.pipeline.hearing.EnergyDetector;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Tones;
import io.firefly.voip.call.CallId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;

/** One session in time that passes when the test says so: 20 ms of caller and agent at a step. */
final class Rig extends Bench implements PipelineSession.House {
    static final int FRAME_MILLIS = AudioFormat.FRAME_MILLIS;
    private static final AudioFormat LINE = AudioFormat.NARROWBAND;
    private static final short[] VOICE = Tones.sine(LINE, 300, -12, FRAME_MILLIS);
    private static final short[] QUIET = new short[LINE.samplesPerFrame()];

    final FakeBackend backend;
    final FakeMouth mouth = new FakeMouth();
    final Stages.Tally tally = new Stages.Tally();
    final PipelineSession session;
    boolean workersBusy;

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final Deque<FutureTask<?>> works = new ArrayDeque<>();

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
                        stage(mouth),
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
        return bound("firefly.pipeline", PipelineProperties.class, settings);
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
        mouth.play(FRAME_MILLIS);
        advance(Duration.ofMillis(FRAME_MILLIS));
        drain();
    }

    @Override
    protected void drain() {
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
        }
    }

    /** What the model was told last, a message a line. */
    List<String> told() {
        VoiceBackend.Prompt prompt = backend.prompts.get(backend.prompts.size() - 1);
        return prompt.messages().stream()
                .map(message -> message.role() + ": " + message.text())
                .toList();
    }

    // The house

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Future<?> work(Runnable task) {
        if (workersBusy) throw new RejectedExecutionException("busy");
        FutureTask<Void> work = new FutureTask<>(task, null);
        works.add(work);
        return work;
    }

    @Override
    public Stages.Tally tally() {
        return tally;
    }

    @Override
    public void left(PipelineSession over) {
        left++;
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

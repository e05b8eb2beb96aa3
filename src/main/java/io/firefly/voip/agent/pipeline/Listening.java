package io.firefly.voip.agent.pipeline;

import io.firefly.voip.agent.pipeline.Stages.Job;
import io.firefly.voip.agent.pipeline.Stages.Order;
import io.firefly.voip.agent.pipeline.Stages.Stage;
import io.firefly.voip.agent.pipeline.hearing.TurnDetector;
import io.firefly.voip.agent.pipeline.hearing.TurnDetector.CallersTurn;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties.Vad;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The caller's frames become words, one turn after the other. Agent's thread. */
final class Listening {
    /** Turns that wait for the one before them to be written down; a fifth is lost. */
    private static final int MAX_WAITING = 4;

    /** What comes of it. */
    interface Listener {
        void callerBegins();

        /** It is meant: who interrupts is heard. */
        void callerSustained();

        /** The turn is over, or was none. Words follow, unless {@link #isWaited()} says otherwise. */
        void callerStops();

        /** @param text empty when there were no words in it */
        void words(String text, Moment moment, int voicedMillis);

        void unheard(String why);

        /** The agent speaks or is about to: shorter speech is no turn. */
        boolean agentHasTheFloor();
    }

    /** When the caller fell silent, when that was noticed, when it was written down; all in nanoseconds. */
    record Moment(long silentSince, long noticed, long written) {}

    /** A turn that is to be written down. */
    private record Waiting(CallersTurn turn, long silentSince, long noticed) {}

    private final PipelineSession.Setting setting;
    private final Stages stages;
    private final Vad vad;
    private final Listener listener;
    private final TurnDetector detector;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private @Nullable Job transcribing;
    private boolean agentHadTheFloor;
    private int ignored;

    Listening(PipelineSession.Setting setting, Vad vad, Stages stages, Listener listener) {
        this.setting = setting;
        this.stages = stages;
        this.listener = listener;
        this.vad = vad;
        this.detector = new TurnDetector(
                vad,
                setting.brief().format(),
                setting.activity().create(setting.brief().format(), vad),
                new Found());
    }

    void hear(short[] pcm, int length) {
        detector.hear(pcm, length);
    }

    /** The caller is speaking in earnest, or has spoken and it is not written down yet. */
    boolean isWaited() {
        return detector.isSustained() || transcribing != null || !waiting.isEmpty();
    }

    boolean isCallerSpeaking() {
        return detector.isSpeaking();
    }

    /** Turns that were too short. */
    int ignored() {
        return ignored;
    }

    void close() {
        waiting.clear();
        if (transcribing != null) transcribing.cancel();
        transcribing = null;
    }

    private void over(CallersTurn turn) {
        long now = stages.nanoTime();
        boolean counts =
                turn.voicedMillis() >= vad.shortestTurn().toMillis() && (turn.sustained() || !agentHadTheFloor);
        if (counts && waiting.size() < MAX_WAITING) {
            long silentSince = now - Duration.ofMillis(turn.silentMillis()).toNanos();
            waiting.add(new Waiting(turn, silentSince, now));
            next();
        } else {
            ignored++;
        }
        listener.callerStops();
    }

    private void next() {
        if (transcribing != null) return;
        Waiting first = waiting.poll();
        if (first == null) return;
        transcribing = stages.start(new Order<>(
                Stage.TRANSCRIBE,
                setting.properties().transcribe().timeout(),
                () -> setting.backend().transcribe(setting.brief(), first.turn().sound()),
                text -> written(first, text),
                this::failed));
    }

    private void written(Waiting turn, String text) {
        transcribing = null;
        next();
        stages.used(setting.properties()
                .transcribe()
                .cost(Duration.ofMillis(turn.turn().sound().durationMillis())));
        Moment moment = new Moment(turn.silentSince(), turn.noticed(), stages.nanoTime());
        listener.words(text.strip(), moment, turn.turn().voicedMillis());
    }

    private void failed(String why) {
        transcribing = null;
        next();
        listener.unheard(why);
    }

    private final class Found implements TurnDetector.Listener {
        @Override
        public void begins() {
            agentHadTheFloor = listener.agentHasTheFloor();
            listener.callerBegins();
        }

        @Override
        public void sustained() {
            listener.callerSustained();
        }

        @Override
        public void ends(CallersTurn turn) {
            over(turn);
        }
    }
}

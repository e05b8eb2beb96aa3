package io.firefly.voip.agent.simulator.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One response.
 *
 * @param contains only for a text or a tool's result that contains this; empty for all
 * @param heard what the caller says before it; null counts the turn
 * @param unfinished semantic turn detection takes the caller's sentence for unfinished and waits as long as it may
 * @param lines what is said and called, in this order; empty: the built-in dialogue decides
 * @param lateDeltas pieces of sound that still come after a barge-in
 */
public record Step(
        When when,
        String contains,
        @Nullable Heard heard,
        boolean unfinished,
        List<Line> lines,
        Tempo tempo,
        int lateDeltas,
        List<Fault> faults) {
    /** What the receptionist's answers are given with. */
    public static final Step UNSCRIPTED = new Step(When.ANY, "", null, false, List.of(), Tempo.ORDINARY, 0, List.of());

    public Step {
        lines = List.copyOf(lines);
        faults = List.copyOf(faults);
    }

    /** What a response is an answer to. The first step not yet played that fits is played. */
    public enum When {
        ANY,
        /** Nobody has said anything yet. */
        OPENING,
        /** The caller spoke. */
        TURN,
        /** The client wrote a text. */
        TEXT,
        /** The client brought a tool's result. */
        TOOL,
        /** The client wants something beside the conversation. */
        OUT_OF_BAND
    }

    /**
     * The caller's words, which energy alone cannot hear.
     *
     * @param afterMillis from the end of the turn to the transcript; -1 leaves it to the simulator
     * @param afterResponse the transcript comes only after the answer
     * @param fails transcription fails instead
     */
    public record Heard(String text, long afterMillis, boolean afterResponse, boolean fails) {}

    /** @param written the text or the tool's result; empty for the others */
    public boolean fits(When prompt, String written) {
        boolean any = when == When.ANY && prompt != When.OUT_OF_BAND;
        return (any || when == prompt) && written.contains(contains);
    }
}

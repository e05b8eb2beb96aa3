package io.firefly.voip.agent.simulator.script;

import io.firefly.voip.agent.simulator.script.Fault.At;
import io.firefly.voip.agent.simulator.script.Step.When;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where one connection is in its script. One thread. */
public final class Cues {
    private static final long FOR_GOOD_MILLIS = 24 * 3_600_000L;
    private static final Step SILENCE = new Step(
            When.ANY,
            "",
            null,
            false,
            List.of(),
            Tempo.ORDINARY,
            0,
            List.of(new Fault(At.RESPONSE, 0, victim -> victim.stall(FOR_GOOD_MILLIS), "silence")));

    private final Visit visit;
    private final List<Step> left;

    public Cues(Visit visit) {
        this.visit = visit;
        this.left = new ArrayList<>(visit.steps());
    }

    /** Plays the first step that fits. */
    public Step next(When prompt, String written) {
        Step step = find(prompt, written);
        if (step != null) {
            left.remove(step);
            return step;
        }
        boolean silent = prompt != When.OUT_OF_BAND && visit.afterwards() == Visit.Afterwards.SILENCE;
        return silent && left.isEmpty() ? SILENCE : Step.UNSCRIPTED;
    }

    /** The step the caller's next turn will play; null when there is none. */
    public @Nullable Step turn() {
        return find(When.TURN, "");
    }

    private @Nullable Step find(When prompt, String written) {
        if (left.isEmpty() && visit.afterwards() == Visit.Afterwards.REPEAT) left.addAll(visit.steps());
        for (Step step : left) if (step.fits(prompt, written)) return step;
        return null;
    }
}

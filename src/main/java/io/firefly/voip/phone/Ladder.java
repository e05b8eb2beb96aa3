package io.firefly.voip.phone;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was said in which direction and when, shown as it happens. One thread. */
final class Ladder {
    private static final int MAX_STEPS = 500;

    /** @param millis since the call was started */
    record Step(double millis, String direction, String message) {}

    private final PrintStream out;
    private final long startNanos = System.nanoTime();
    private final List<Step> steps = new ArrayList<>();

    Ladder(PrintStream out) {
        this.out = out;
    }

    void sent(String message) {
        add("->", message);
    }

    void received(String message) {
        add("<-", message);
    }

    void note(String message) {
        add("--", message);
    }

    private void add(String direction, String message) {
        Step step = new Step(millisSinceStart(), direction, message);
        if (steps.size() < MAX_STEPS) steps.add(step);
        out.printf(Locale.ROOT, "%9.1f ms  %s  %s%n", step.millis(), direction, message);
    }

    double millisSinceStart() {
        return (System.nanoTime() - startNanos) / 1e6;
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }
}

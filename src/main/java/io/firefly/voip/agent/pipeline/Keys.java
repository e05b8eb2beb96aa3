package io.firefly.voip.agent.pipeline;

import java.time.Duration;
import java.util.function.Consumer;

/** Keys on the phone: those that follow each other closely are one message. Agent's thread. */
final class Keys {
    private static final Duration PAUSE = Duration.ofMillis(1_500);
    private static final int MAX_KEYS = 64;

    private final Stages stages;
    private final Consumer<String> whole;
    private final StringBuilder keys = new StringBuilder();

    /** @param whole takes the keys when no other follows */
    Keys(Stages stages, Consumer<String> whole) {
        this.stages = stages;
        this.whole = whole;
    }

    void pressed(char digit) {
        if (keys.length() >= MAX_KEYS) return;
        keys.append(digit);
        int pressed = keys.length();
        stages.after(PAUSE, () -> {
            if (keys.length() != pressed) return;
            String all = keys.toString();
            keys.setLength(0);
            whole.accept(all);
        });
    }

    /** The caller is still at it. */
    boolean isOpen() {
        return keys.length() > 0;
    }
}

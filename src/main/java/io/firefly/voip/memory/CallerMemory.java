package io.firefly.voip.memory;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is remembered of callers. Any thread; waits for its store, and throws what that throws. */
public interface CallerMemory {
    /** Whose calls they are. */
    record Caller(String tenant, String number) {}

    /**
     * What was said, oldest first.
     *
     * @param at when the last of it was
     */
    record Remembered(List<String> lines, Instant at) {
        public Remembered {
            lines = List.copyOf(lines);
        }
    }

    /** Empty when nothing is known any more. */
    Optional<Remembered> recall(Caller caller);

    /** Adds what was said in a call; what exceeds the settings is forgotten, the oldest first. */
    void keep(Caller caller, List<String> lines);

    /** @return whether there was anything */
    boolean forget(Caller caller);
}

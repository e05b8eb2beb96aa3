package io.firefly.voip.tenant;

import io.firefly.voip.tenant.DirectoryFormatException.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The mistakes found in one reading, the first 50. One thread. */
public final class Problems {
    private static final int MAX_PROBLEMS = 50;

    private final List<Problem> found = new ArrayList<>();

    public void add(Problem problem) {
        if (found.size() < MAX_PROBLEMS) found.add(problem);
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** @throws DirectoryFormatException when anything was wrong */
    public void throwIfAny() {
        if (found.isEmpty()) return;
        found.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
        throw new DirectoryFormatException(found);
    }
}

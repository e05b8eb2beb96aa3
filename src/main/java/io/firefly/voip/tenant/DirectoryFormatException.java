package io.firefly.voip.tenant;

import java.util.List;
import java.util.stream.Collectors;

/** Tenants or agents that cannot be used, of a file or a database. Lists every mistake found in it, not only the first. */
public final class DirectoryFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * One mistake.
     *
     * @param file or what else it was read from
     * @param line and {@code column}: from 1; 0 when {@code file} says the whole place
     * @param sentence what was found and what is allowed
     * @param source the line itself, without its line break
     */
    public record Problem(String file, int line, int column, String sentence, String source) {
        @Override
        public String toString() {
            if (line == 0) return file + "  " + sentence;
            String shown = source.length() > 120 ? source.substring(0, 120) : source;
            String place = file + ":" + line + ":" + column + "  " + sentence;
            if (shown.isBlank() || column > shown.length() + 1) return place;
            String number = String.format("%5d | ", line);
            return place + "\n" + number + shown + "\n" + " ".repeat(number.length() + column - 1) + "^";
        }
    }

    private final transient List<Problem> problems;

    DirectoryFormatException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}

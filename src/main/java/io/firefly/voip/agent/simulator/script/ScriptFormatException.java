package io.firefly.voip.agent.simulator.script;

import java.util.List;
import java.util.stream.Collectors;

/** A script that cannot be played. Lists every mistake found in it, with file, line, column and what to write. */
public final class ScriptFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param line from 1, as is {@code column}
     * @param source the line itself
     */
    public record Mistake(String file, int line, int column, String sentence, String source) {
        @Override
        public String toString() {
            String place = file + ":" + line + ":" + column + "  " + sentence;
            if (source.isBlank() || source.length() > 120 || column > source.length() + 1) return place;
            String number = String.format("%5d | ", line);
            return place + "\n" + number + source + "\n" + " ".repeat(number.length() + column - 1) + "^";
        }
    }

    private final transient List<Mistake> mistakes;

    ScriptFormatException(List<Mistake> mistakes) {
        super(mistakes.stream().map(Mistake::toString).collect(Collectors.joining("\n")));
        this.mistakes = List.copyOf(mistakes);
    }

    public List<Mistake> mistakes() {
        return mistakes;
    }
}

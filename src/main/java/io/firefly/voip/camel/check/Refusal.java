package io.firefly.voip.camel.check;

import java.util.List;
import java.util.Optional;

/**
 * Why a route file is not taken: where, what was found, what would be right.
 *
 * @param line counted from 1; 0 when the whole file is meant
 * @param column counted from 1; 0 when the whole line is meant
 * @param sourceLine the line itself, empty when there is none
 */
public record Refusal(String file, int line, int column, String message, String sourceLine) {
    public static Refusal at(SourceText file, int line, int column, String message) {
        return new Refusal(file.name(), line, column, message, file.line(line));
    }

    public static Refusal of(SourceText file, String message) {
        return new Refusal(file.name(), 0, 0, message, "");
    }

    /** Two or three lines, as compilers do it: the place and the words, the line, a mark below the column. */
    public String shown(String folder) {
        StringBuilder shown = new StringBuilder(folder).append('/').append(file);
        if (line > 0) shown.append(':').append(line);
        if (column > 0) shown.append(':').append(column);
        shown.append("  ").append(message);
        if (sourceLine.isBlank()) return shown.toString();
        shown.append(String.format("%n%6d | %s", line, sourceLine));
        if (column > 0) shown.append(String.format("%n       | %s^", " ".repeat(column - 1)));
        return shown.toString();
    }

    /** The name and the text of a file, to point into. */
    public record SourceText(String name, String text) {
        /** How the text of a file begins that cannot be read; the reason follows. No YAML may hold this character. */
        public static final String UNREADABLE = "\0";

        Optional<String> unreadable() {
            if (!text.contains(UNREADABLE)) return Optional.empty();
            return Optional.of(text.startsWith(UNREADABLE) ? text.substring(1) : "this is no text, but a binary file");
        }

        /** The first line of more than {@code limit} characters; 0 when none is. */
        int lineLongerThan(int limit) {
            List<String> lines = text.lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).length() > limit) return i + 1;
            }
            return 0;
        }

        public String line(int number) {
            List<String> lines = text.lines().toList();
            return number < 1 || number > lines.size() ? "" : lines.get(number - 1);
        }

        /** The first line from {@code fromLine} on that contains a word; 0 when none does. */
        public int lineOf(String word, int fromLine) {
            List<String> lines = text.lines().toList();
            for (int i = Math.max(fromLine, 1) - 1; i < lines.size(); i++) {
                if (lines.get(i).contains(word)) return i + 1;
            }
            return 0;
        }
    }

    /** A route file is not right; the refusal says where. */
    public static final class RefusedFileException extends Exception {
        private final transient Refusal refusal;

        public RefusedFileException(Refusal refusal) {
            super(refusal.message());
            this.refusal = refusal;
        }

        public Refusal refusal() {
            return refusal;
        }
    }
}

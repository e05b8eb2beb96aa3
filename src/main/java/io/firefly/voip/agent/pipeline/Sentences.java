package io.firefly.voip.agent.pipeline;

import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/** Cuts a text that comes in pieces into sentences, each as soon as it is complete: the first one is heard first. */
final class Sentences {
    private static final Set<String> ABBREVIATIONS =
            Set.of("mr", "mrs", "ms", "dr", "prof", "st", "no", "vs", "e.g", "i.e", "etc", "z.b", "d.h", "nr", "bzw");
    /** A sentence that goes on for so long is cut at a comma. */
    private static final int LONG_CHARS = 160;

    private static final int TOO_LONG_CHARS = 320;

    private final Consumer<String> whole;
    private final StringBuilder text = new StringBuilder();

    Sentences(Consumer<String> whole) {
        this.whole = whole;
    }

    void add(String piece) {
        text.append(piece);
        int end = nextEnd();
        while (end > 0) {
            tell(text.substring(0, end));
            text.delete(0, end);
            end = nextEnd();
        }
    }

    /** Nothing more comes: the rest is a sentence. */
    void finish() {
        String rest = text.toString();
        text.setLength(0);
        tell(rest);
    }

    /** What is written for the eye is not for the ear. */
    private void tell(String sentence) {
        String spoken =
                sentence.replaceAll("[*_`#]+", "").replaceAll("\\s+", " ").strip();
        if (spoken.codePoints().anyMatch(Character::isLetterOrDigit)) whole.accept(spoken);
    }

    /** Behind the first sentence, 0 when there is none yet. */
    private int nextEnd() {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || "。！？".indexOf(c) >= 0) return i + 1;
            if (".!?…".indexOf(c) >= 0 && !isAbbreviation(i, c) && isFollowedBySpace(i)) return spaceBehind(i);
            if (i > LONG_CHARS && ",;:".indexOf(c) >= 0 && isFollowedBySpace(i)) return spaceBehind(i);
            if (i > TOO_LONG_CHARS && c == ' ') return i + 1;
        }
        return 0;
    }

    private boolean isFollowedBySpace(int mark) {
        int next = spaceBehind(mark);
        return next < text.length() && Character.isWhitespace(text.charAt(next));
    }

    /** Marks and closing quotes belong to the sentence before them. */
    private int spaceBehind(int mark) {
        int next = mark + 1;
        while (next < text.length() && "\"')]”’».!?".indexOf(text.charAt(next)) >= 0) next++;
        return next;
    }

    private boolean isAbbreviation(int dot, char c) {
        if (c != '.') return false;
        int start = dot;
        while (start > 0 && !Character.isWhitespace(text.charAt(start - 1))) start--;
        String word = text.substring(start, dot).toLowerCase(Locale.ROOT);
        return ABBREVIATIONS.contains(word) || (word.length() == 1 && Character.isLetterOrDigit(word.charAt(0)));
    }
}

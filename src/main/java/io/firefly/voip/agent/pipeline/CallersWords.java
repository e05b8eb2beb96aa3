package io.firefly.voip.agent.pipeline;

import io.firefly.voip.agent.pipeline.Listening.Moment;
import org.jspecify.annotations.Nullable;

/** What the caller said and nobody has answered yet: turns that follow each other closely are answered together. Agent's thread. */
final class CallersWords {
    static final Taken NONE = new Taken("", null);

    private static final int MAX_CHARS = 4_000;
    /** So much speech without a word is worth asking again. */
    private static final int UNINTELLIGIBLE_MILLIS = 600;

    private static final int MAX_ASKED_AGAIN = 2;

    private final StringBuilder words = new StringBuilder();
    private @Nullable Moment moment;
    private int askedAgain;

    /**
     * Words that are being answered.
     *
     * @param moment when the last of them were said; null when they were pressed
     */
    record Taken(String text, @Nullable Moment moment) {}

    static boolean areIn(String text) {
        return text.codePoints().anyMatch(Character::isLetterOrDigit);
    }

    static int count(String text) {
        return text.strip().split("\\s+", -1).length;
    }

    void said(String text, Moment when) {
        moment = when;
        askedAgain = 0;
        add(text);
    }

    void add(String more) {
        if (words.length() + more.length() > MAX_CHARS) return;
        if (words.length() > 0) words.append(' ');
        words.append(more);
    }

    /** Nothing was understood of so much speech: true twice in a row, then it is no use. */
    boolean isWorthAskingAgain(int voicedMillis) {
        return voicedMillis >= UNINTELLIGIBLE_MILLIS && askedAgain++ < MAX_ASKED_AGAIN;
    }

    boolean isEmpty() {
        return words.length() == 0;
    }

    Taken take() {
        Taken all = new Taken(words.toString(), moment);
        words.setLength(0);
        moment = null;
        return all;
    }
}

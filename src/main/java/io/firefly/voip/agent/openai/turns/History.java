package io.firefly.voip.agent.openai.turns;

import io.firefly.voip.agent.Utterance;
import io.firefly.voip.agent.Utterance.Speaker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What a new session must know of the ones before it: the latest turns in the words of the dialogue, and what tools
 * answered in between. The oldest are forgotten first. Agent's thread only.
 */
final class History {
    private static final int MAX_LINES = 120;
    private static final int MAX_CHARS = 24_000;
    private static final int MAX_NOTE_CHARS = 1_000;

    /** @param role {@code user}, {@code assistant} or {@code system} */
    record Line(String role, String text) {}

    private final Deque<Line> lines = new ArrayDeque<>();
    private int chars;

    void said(Utterance utterance) {
        add(line(utterance));
    }

    static Line line(Utterance utterance) {
        return new Line(utterance.speaker() == Speaker.AI ? "assistant" : "user", utterance.text());
    }

    /** Something the model was told by us. */
    void noted(String text) {
        add(new Line("system", text.substring(0, Math.min(text.length(), MAX_NOTE_CHARS))));
    }

    private void add(Line line) {
        lines.add(line);
        chars += line.text().length();
        while (lines.size() > 1 && (lines.size() > MAX_LINES || chars > MAX_CHARS)) {
            chars -= lines.remove().text().length();
        }
    }

    List<Line> lines() {
        return List.copyOf(lines);
    }
}

package io.firefly.voip.agent.openai.turns;

import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.Utterance;
import io.firefly.voip.agent.Utterance.Speaker;
import io.firefly.voip.agent.openai.wire.Create;
import io.firefly.voip.agent.openai.wire.Create.Purpose;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where one session of a conversation ends and the next begins: keeps what was said, tells it to the new session, and
 * knows who was cut off. Tools that were called before and answer afterwards are told in words, because the new session
 * knows no such call. Agent's thread only.
 */
final class Seam {
    private static final int MAX_CALLS = 32;

    private final Setting setting;
    private final Turns.Line line;
    private final History history = new History();
    private final Map<String, String> calls = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MAX_CALLS;
        }
    };
    private final List<String> orphans = new ArrayList<>();
    private boolean cut;

    Seam(Setting setting, Turns.Line line) {
        this.setting = setting;
        this.line = line;
    }

    void said(Utterance utterance) {
        history.said(utterance);
    }

    /** Tells the model something that nobody said, as soon as there is one. */
    void tell(String text) {
        history.noted(text);
        if (!cut) line.send(setting.events().systemText(setting.events().nextId(), text));
    }

    void called(ToolCall call) {
        calls.put(call.toolCallId(), call.name());
    }

    /** @return true when the session that called is gone: the answer was told in words */
    boolean answered(String toolCallId, String output) {
        String name = calls.remove(toolCallId);
        String words = "The function " + name + " answered: " + output;
        if (orphans.remove(toolCallId)) {
            tell(words);
            return true;
        }
        if (name != null) history.noted(words);
        return false;
    }

    /** The session is gone that followed another one, before anything was asked of it. */
    void cutAgain() {
        cut = true;
    }

    boolean isCut() {
        return cut;
    }

    /**
     * How it was when the session went.
     *
     * @param agentSpoke something of the answer under way was heard, or will be
     * @param callerSpoke the caller was speaking
     * @param callersTurn the answer that was due is one to the caller's words
     * @param greetingDue it was the greeting
     * @param answerDue any
     */
    record Cut(boolean agentSpoke, boolean callerSpoke, boolean callersTurn, boolean greetingDue, boolean answerDue) {}

    /**
     * The session is gone.
     *
     * @param untold what was said last and is not in the history yet
     * @return what the agent has to say first in the new one; null when nobody waits for anything
     */
    @Nullable
    Create cut(Cut moment, List<Utterance> untold) {
        cut = true;
        orphans.addAll(calls.keySet());
        if (moment.callerSpoke()) return askAgain();
        if (!moment.answerDue()) return null;
        if (moment.agentSpoke())
            return new Create(Purpose.CONTINUE, setting.events().resumeInstructions(), true);
        if (moment.greetingDue())
            return new Create(Purpose.GREETING, setting.events().greetingInstructions(), true);
        // Their last words may not have been written down in time.
        return moment.callersTurn() && !callerSpokeLast(untold) ? askAgain() : new Create(Purpose.CONTINUE, null, true);
    }

    private Create askAgain() {
        return new Create(Purpose.CONTINUE, setting.events().askAgainInstructions(), true);
    }

    private boolean callerSpokeLast(List<Utterance> untold) {
        if (!untold.isEmpty()) return untold.get(untold.size() - 1).speaker() == Speaker.CALLER;
        List<History.Line> lines = history.lines();
        return !lines.isEmpty() && lines.get(lines.size() - 1).role().equals("user");
    }

    /** @param untold what was said last and is not in the history yet */
    void resume(List<Utterance> untold) {
        cut = false;
        history.lines().forEach(this::tellNew);
        untold.stream().map(History::line).forEach(this::tellNew);
    }

    private void tellNew(History.Line said) {
        line.send(setting.events().message(setting.events().nextId(), said.role(), said.text()));
    }
}

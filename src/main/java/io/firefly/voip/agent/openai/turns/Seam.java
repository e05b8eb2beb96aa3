package io.firefly.voip.agent.openai.turns;

import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.Utterance;
import io.firefly.voip.agent.Utterance.Speaker;
import io.firefly.voip.agent.openai.turns.ResponseSequencer.Memory;
import io.firefly.voip.agent.openai.turns.ResponseSequencer.Response;
import io.firefly.voip.agent.openai.wire.Create;
import io.firefly.voip.agent.openai.wire.Create.Purpose;
import io.firefly.voip.agent.openai.wire.ServerEvent;
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
public final class Seam {
    private static final int MAX_CALLS = 32;

    private final Setting setting;
    private final Turns.Line line;
    private final Parts parts;
    private final History history = new History();
    private final Summary summary;
    private final Map<String, String> calls = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MAX_CALLS;
        }
    };
    private final List<String> orphans = new ArrayList<>();
    private boolean cut;
    private boolean callerWentUnheard;

    /** What is cut in two. */
    record Parts(Words words, ResponseSequencer sequencer, ToolCalls tools, Memory responses) {}

    Seam(Setting setting, Turns.Line line, Parts parts) {
        this.setting = setting;
        this.line = line;
        this.parts = parts;
        this.summary = new Summary(setting, line, history);
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

    /** Whether an event belongs to the summary, and to nobody else. */
    boolean takes(ServerEvent event) {
        return summary.takes(event);
    }

    /** Likewise for an {@code error} about something we sent. */
    boolean refused(@Nullable String eventId, String code) {
        return summary.refused(eventId, code);
    }

    /** The caller spoke, and the session that is about to go did not notice. */
    void callerWentUnheard() {
        callerWentUnheard = true;
    }

    /**
     * Whether another session could be told what was said. Asked in a pause, this makes the session of now sum up a
     * conversation that is too long to be told in its own words; it is true once that is done, or has failed.
     */
    public boolean isSummedUp() {
        return summary.isSettled();
    }

    /** There is no session at the moment. */
    boolean isCut() {
        return cut;
    }

    /**
     * The session is gone, by an accident or because another one takes over. Until {@link #goOn} nobody can be asked for
     * an answer.
     *
     * @return true when somebody was cut off and waits
     */
    public boolean cut() {
        boolean again = parts.sequencer.isHeld(); // the session before went, too, before anything was asked of it
        cut = true;
        if (!again) cutOff();
        return parts.sequencer.isWanting();
    }

    private void cutOff() {
        String active = parts.sequencer.activeId();
        Moment moment = moment(active == null ? null : parts.responses.known(active));
        parts.sequencer.hold();
        parts.words.cut();
        orphans.addAll(calls.keySet());
        Create next = next(moment);
        if (next != null) parts.sequencer.request(next);
        if (active != null) parts.tools.responseDone(active, true);
        callerWentUnheard = false;
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
    private record Moment(
            boolean agentSpoke, boolean callerSpoke, boolean callersTurn, boolean greetingDue, boolean answerDue) {}

    private Moment moment(@Nullable Response current) {
        ResponseSequencer sequencer = parts.sequencer;
        boolean byProvider = !sequencer.isAskedByUs() && (current == null || current.purpose == null);
        return new Moment(
                current != null && current.isHeard(),
                sequencer.isCallerSpeaking() || callerWentUnheard,
                sequencer.isExpecting() && byProvider,
                sequencer.isGreetingDue() || (current != null && current.purpose == Purpose.GREETING),
                sequencer.isExpecting());
    }

    /** What the agent has to say first in the new session; null when nobody waits for anything. */
    private @Nullable Create next(Moment moment) {
        if (moment.callerSpoke()) return askAgain();
        if (!moment.answerDue()) return null;
        if (moment.agentSpoke())
            return new Create(Purpose.CONTINUE, setting.events().resumeInstructions(), true);
        if (moment.greetingDue())
            return new Create(Purpose.GREETING, setting.events().greetingInstructions(), true);
        // Their last words may not have been written down in time.
        return moment.callersTurn() && !callerSpokeLast() ? askAgain() : new Create(Purpose.CONTINUE, null, true);
    }

    private Create askAgain() {
        return new Create(Purpose.CONTINUE, setting.events().askAgainInstructions(), true);
    }

    private boolean callerSpokeLast() {
        List<Utterance> untold = parts.words.untold();
        if (!untold.isEmpty()) return untold.get(untold.size() - 1).speaker() == Speaker.CALLER;
        List<History.Line> lines = history.lines();
        return !lines.isEmpty() && lines.get(lines.size() - 1).role().equals("user");
    }

    /** A new session is ready: it learns what was said. */
    public void resume() {
        cut = false;
        summary.forget();
        history.lines().forEach(this::tellNew);
        parts.words.untold().stream().map(History::line).forEach(this::tellNew);
    }

    private void tellNew(History.Line said) {
        line.send(setting.events().message(setting.events().nextId(), said.role(), said.text()));
    }

    /** Answers may be asked for again. */
    public void goOn() {
        parts.sequencer.goOn();
    }
}

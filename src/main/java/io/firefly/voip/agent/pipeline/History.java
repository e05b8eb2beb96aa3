package io.firefly.voip.agent.pipeline;

import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.pipeline.VoiceBackend.Message;
import io.firefly.voip.agent.pipeline.VoiceBackend.Role;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties;
import java.util.ArrayList;
import java.util.List;

/** What was said in one call, for the model: within bounds, and never more than was heard. Agent's thread. */
final class History {
    private final Message instructions;
    private final PipelineProperties.Remember bounds;
    private final List<Entry> entries = new ArrayList<>();
    private int forgottenTurns;

    History(String instructions, PipelineProperties.Remember bounds) {
        this.instructions = Message.of(Role.SYSTEM, instructions);
        this.bounds = bounds;
    }

    static History of(PipelineSession.Setting setting) {
        return new History(instructions(setting), setting.properties().history());
    }

    private static String instructions(PipelineSession.Setting setting) {
        String own = setting.brief().profile().instructions();
        StringBuilder text = new StringBuilder(
                own == null || own.isBlank() ? setting.properties().instructions() : own.strip());
        setting.brief()
                .facts()
                .forEach((fact, value) ->
                        text.append("\n").append(fact).append(": ").append(value));
        String language = setting.brief().profile().language();
        if (language != null && !language.isBlank()) text.append("\nlanguage: ").append(language);
        return text.toString();
    }

    /** A message that may yet turn out to have been heard in part only. */
    static final class Entry {
        private Message message;

        private Entry(Message message) {
            this.message = message;
        }
    }

    /** Begins a turn. */
    void caller(String text) {
        add(Message.of(Role.USER, text));
    }

    Entry agent(String text, List<ToolCall> calls) {
        return add(new Message(Role.ASSISTANT, text, calls, null));
    }

    void tool(String toolCallId, String output) {
        add(new Message(Role.TOOL, output, List.of(), toolCallId));
    }

    /** Only so much of it was heard; what was not, and called no tool, was never said. */
    void correct(Entry entry, String heard) {
        Message old = entry.message;
        entry.message = new Message(old.role(), heard, old.calls(), old.toolCallId());
        if (heard.isBlank() && old.calls().isEmpty()) entries.remove(entry);
    }

    List<Message> messages() {
        List<Message> all = new ArrayList<>(entries.size() + 1);
        all.add(instructions);
        for (Entry entry : entries) all.add(entry.message);
        return all;
    }

    int forgottenTurns() {
        return forgottenTurns;
    }

    private Entry add(Message message) {
        Entry entry = new Entry(message);
        entries.add(entry);
        while (isTooMuch() && forgetOldestTurn()) forgottenTurns++;
        return entry;
    }

    private boolean isTooMuch() {
        int turns = 0;
        int characters = 0;
        for (Entry entry : entries) {
            if (entry.message.role() == Role.USER) turns++;
            characters += entry.message.text().length();
            for (ToolCall call : entry.message.calls())
                characters += call.argumentsJson().length();
        }
        return turns > bounds.turns() || characters > bounds.characters();
    }

    /** All up to the caller's next words, so that no answer of a tool is left without its question. */
    private boolean forgetOldestTurn() {
        for (int i = 1; i < entries.size(); i++) {
            if (entries.get(i).message.role() == Role.USER) {
                entries.subList(0, i).clear();
                return true;
            }
        }
        return false;
    }
}

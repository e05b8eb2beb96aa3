package io.firefly.voip.agent.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firefly.voip.agent.simulator.Conversation.Item;
import io.firefly.voip.agent.simulator.protocol.ServerEvents;
import io.firefly.voip.agent.simulator.script.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the simulated model says or calls. Energy knows no words, so the dialogue goes by turns: greeting, a
 * different answer each turn, and after some turns of the caller it hangs up if it was given the tool. What is written
 * (text items, instructions, tool answers) it does understand a little. One per session.
 */
final class Receptionist {
    /** A caller's turn shorter than this was hardly a word. */
    static final int HARDLY_A_WORD_MILLIS = 200;

    private static final int ANSWERS = 4;
    private static final int NOTED_TURNS = 4;
    private static final int MAX_NOTE_CHARS = 300;
    private static final Set<String> HANG_UP_TOOLS = Set.of("hang_up", "end_call");

    private final int hangUpAfterTurns;
    private final boolean preamble;
    private int callerTurns;
    private int lastTurnMillis;
    private int answers;
    private boolean hungUp;

    /**
     * @param hangUpAfterTurns with which turn of the caller the tool is called; 0 never
     * @param preamble the goodbye is said in the same response, before the call
     */
    Receptionist(int hangUpAfterTurns, boolean preamble) {
        this.hangUpAfterTurns = hangUpAfterTurns;
        this.preamble = preamble;
    }

    /**
     * What a response is asked for with.
     *
     * @param instructions only what this response adds to those of the session
     * @param extra items for this response only, out of band
     */
    record Question(
            String instructions, JsonNode tools, JsonNode toolChoice, List<Item> conversation, JsonNode extra) {}

    /** @param speechMillis how long the caller spoke, pauses at the ends not counted */
    void heard(int speechMillis) {
        callerTurns++;
        lastTurnMillis = speechMillis;
    }

    int callerTurns() {
        return callerTurns;
    }

    /** Never empty. */
    List<Line> answer(Question question) {
        if (saysGoodbye(question.instructions())) return List.of(Line.say("goodbye"));
        Item last = lastWord(question.conversation());
        String text = written(question, last);
        if (last != null && last.type().equals("function_call_output")) return afterTool(question, last);
        JsonNode tool = text.isEmpty() ? null : named(question, text);
        if (tool != null) return List.of(call(tool, text));
        JsonNode forced = forced(question.toolChoice(), question.tools());
        if (forced != null) return List.of(call(forced, text));
        JsonNode hangUp = offered(question, HANG_UP_TOOLS);
        if (saysGoodbye(text) && (hangUp == null || hungUp)) return List.of(Line.say("goodbye"));
        if (hangUp != null && (saysGoodbye(text) || isLastTurn(last))) return hangUp(hangUp);
        return List.of(Line.say(nextSentence(last)));
    }

    /** What a client is told that wants to know in writing how the conversation went. */
    static Line note(Question question) {
        List<String> said = question.conversation().stream()
                .filter(item -> item.type().equals("message") && !item.role().equals("system"))
                .map(Item::text)
                .filter(text -> !text.isBlank())
                .toList();
        String latest = String.join(" / ", said.subList(Math.max(0, said.size() - NOTED_TURNS), said.size()));
        return Line.say("Turns until now: " + said.size() + ". The latest: "
                + latest.substring(0, Math.min(latest.length(), MAX_NOTE_CHARS)));
    }

    private String nextSentence(@Nullable Item last) {
        if (last == null && answers == 0) return "greeting";
        boolean spoken = last != null && last.heard != null;
        if (spoken && lastTurnMillis < HARDLY_A_WORD_MILLIS) return "repeat";
        return "answer-" + (answers++ % ANSWERS + 1);
    }

    private boolean isLastTurn(@Nullable Item last) {
        return last != null && last.heard != null && hangUpAfterTurns > 0 && callerTurns >= hangUpAfterTurns;
    }

    private List<Line> hangUp(JsonNode tool) {
        if (hungUp) return List.of(Line.say("goodbye"));
        hungUp = true;
        return preamble ? List.of(Line.say("goodbye"), call(tool, "")) : List.of(call(tool, ""));
    }

    private List<Line> afterTool(Question question, Item output) {
        String callId = output.json.path("call_id").asText();
        boolean wasHangUp = question.conversation().stream()
                .filter(item -> item.type().equals("function_call"))
                .filter(item -> item.json.path("call_id").asText().equals(callId))
                .anyMatch(item -> HANG_UP_TOOLS.contains(item.json.path("name").asText()));
        if (wasHangUp) return List.of(Line.say("goodbye"));
        boolean failed =
                output.json.path("output").asText().toLowerCase(Locale.ROOT).contains("error");
        return List.of(Line.say(failed ? "sorry" : "done"));
    }

    /** The newest item the model has not reacted to; null when the model spoke last. */
    static @Nullable Item lastWord(List<Item> conversation) {
        for (int i = conversation.size() - 1; i >= 0; i--) {
            Item item = conversation.get(i);
            if (item.role().equals("system")) continue;
            boolean own = item.role().equals("assistant") || item.type().equals("function_call");
            return own ? null : item;
        }
        return null;
    }

    private static String written(Question question, @Nullable Item last) {
        if (!question.extra().isEmpty()) {
            JsonNode newest = question.extra().get(question.extra().size() - 1);
            return new Item(newest.deepCopy()).text();
        }
        return last == null || last.heard != null ? "" : last.text();
    }

    private static boolean saysGoodbye(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.contains("goodbye") || lower.contains("hang up");
    }

    private static @Nullable JsonNode named(Question question, String text) {
        if (question.toolChoice().asText().equals("none")) return null;
        for (JsonNode tool : question.tools()) {
            String name = tool.path("name").asText();
            if (!name.isEmpty() && text.contains(name)) return tool;
        }
        return null;
    }

    private static @Nullable JsonNode offered(Question question, Set<String> names) {
        if (question.toolChoice().asText().equals("none")) return null;
        for (JsonNode tool : question.tools())
            if (names.contains(tool.path("name").asText())) return tool;
        return null;
    }

    private static @Nullable JsonNode forced(JsonNode toolChoice, JsonNode tools) {
        if (toolChoice.asText().equals("required")) return tools.get(0);
        String name = toolChoice.path("name").asText();
        for (JsonNode tool : tools) {
            if (!name.isEmpty() && tool.path("name").asText().equals(name)) return tool;
        }
        return null;
    }

    /** Arguments are what the text brings along in braces, or else made up from the tool's schema. */
    private static Line call(JsonNode tool, String text) {
        String name = tool.path("name").asText();
        int open = text.indexOf('{');
        int close = text.lastIndexOf('}');
        if (open >= 0 && close > open) {
            try {
                String arguments = ServerEvents.JSON
                        .readTree(text.substring(open, close + 1))
                        .toString();
                return Line.call(name, arguments);
            } catch (JsonProcessingException e) {
                // Not arguments, just braces in a sentence: they are made up instead.
                return Line.call(name, madeUp(tool));
            }
        }
        return Line.call(name, madeUp(tool));
    }

    /** A scripted call that leaves its arguments open gets some that the tool takes. */
    static Line completed(Line line, Question question) {
        if (line.tool() == null || !line.arguments().isEmpty()) return line;
        for (JsonNode tool : question.tools()) {
            if (tool.path("name").asText().equals(line.tool())) return Line.call(line.tool(), madeUp(tool));
        }
        return Line.call(line.tool(), "{}");
    }

    private static String madeUp(JsonNode tool) {
        ObjectNode arguments = ServerEvents.JSON.createObjectNode();
        JsonNode properties = tool.path("parameters").path("properties");
        List<String> names = new ArrayList<>();
        properties.fieldNames().forEachRemaining(names::add);
        for (String name : names) arguments.set(name, example(name, properties.path(name)));
        if (names.isEmpty() && HANG_UP_TOOLS.contains(tool.path("name").asText())) {
            arguments.put("reason", "the caller has no more questions");
        }
        return arguments.toString();
    }

    private static JsonNode example(String name, JsonNode schema) {
        if (schema.path("enum").has(0)) return schema.path("enum").get(0);
        return switch (schema.path("type").asText()) {
            case "integer", "number" -> ServerEvents.JSON.getNodeFactory().numberNode(1);
            case "boolean" -> ServerEvents.JSON.getNodeFactory().booleanNode(true);
            default ->
                ServerEvents.JSON
                        .getNodeFactory()
                        .textNode(name.equals("reason") ? "the caller has no more questions" : "simulated");
        };
    }
}

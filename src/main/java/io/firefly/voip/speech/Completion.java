package io.firefly.voip.speech;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** An answer as {@code /chat/completions} has it: as a whole, or as events, a word each. */
final class Completion {
    private static final String NO_TEXT = "";

    private Completion() {}

    static String of(ObjectMapper json, Receptionist.Answer answer, boolean streams) {
        if (!streams) return part(json.createObjectNode(), "message", answer.text(), answer.tool());
        StringBuilder events = new StringBuilder();
        String text = answer.text();
        for (int from = 0; from < text.length(); ) {
            int space = text.indexOf(' ', from);
            int to = space < 0 ? text.length() : space + 1;
            events.append(event(part(json.createObjectNode(), "delta", text.substring(from, to), null)));
            from = to;
        }
        if (answer.tool() != null) {
            events.append(event(part(json.createObjectNode(), "delta", NO_TEXT, answer.tool())));
        }
        return events.append(event("[DONE]")).toString();
    }

    private static String event(String data) {
        return "data: " + data + "\n\n";
    }

    private static String part(ObjectNode root, String kind, String text, @Nullable String tool) {
        root.put("object", kind.equals("delta") ? "chat.completion.chunk" : "chat.completion");
        ObjectNode choice = root.putArray("choices").addObject().put("index", 0);
        ObjectNode message = choice.putObject(kind).put("role", "assistant").put("content", text);
        if (tool != null) {
            ObjectNode call = message.putArray("tool_calls").addObject();
            call.put("index", 0).put("id", "call_1").put("type", "function");
            call.putObject("function").put("name", tool).put("arguments", "{\"reason\":\"the caller said goodbye\"}");
        }
        return root.toString();
    }
}

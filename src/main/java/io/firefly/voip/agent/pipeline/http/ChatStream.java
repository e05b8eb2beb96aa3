package io.firefly.voip.agent.pipeline.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.pipeline.VoiceBackend.Answer;
import io.firefly.voip.agent.pipeline.VoiceBackend.Message;
import io.firefly.voip.agent.pipeline.VoiceBackend.Prompt;
import io.firefly.voip.agent.pipeline.VoiceBackend.Role;
import io.firefly.voip.call.CallId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The body of {@code /chat/completions}, out and in: as it is generated, or as a whole from servers that cannot stream. */
final class ChatStream {
    private static final int MAX_LINE_CHARS = 1 << 20;
    private static final int MAX_ARGUMENT_CHARS = 64 * 1024;
    private static final int MAX_CALLS = 16;

    private final ObjectMapper json;
    private final CallId call;
    private final Consumer<String> listener;
    private final StringBuilder text = new StringBuilder();
    private final Map<Integer, Function> functions = new TreeMap<>();
    private AgentUsage usage = AgentUsage.NONE;

    ChatStream(ObjectMapper json, CallId call, Consumer<String> listener) {
        this.json = json;
        this.call = call;
        this.listener = listener;
    }

    /** A function that is being called. */
    private static final class Function {
        private String id = "";
        private String name = "";
        private final StringBuilder arguments = new StringBuilder();
    }

    static ObjectNode request(ObjectMapper json, Prompt prompt) {
        ObjectNode body = json.createObjectNode();
        ArrayNode messages = body.putArray("messages");
        for (Message message : prompt.messages()) messages.add(message(json, message));
        if (!prompt.tools().isEmpty()) {
            ArrayNode tools = body.putArray("tools");
            for (ToolDescription tool : prompt.tools()) tools.add(tool(json, tool));
        }
        body.put("stream", true);
        body.putObject("stream_options").put("include_usage", true);
        return body;
    }

    private static ObjectNode message(ObjectMapper json, Message message) {
        ObjectNode node = json.createObjectNode();
        node.put("role", message.role().name().toLowerCase(Locale.ROOT));
        boolean callsOnly = message.role() == Role.ASSISTANT && message.text().isEmpty();
        if (callsOnly) node.putNull("content");
        else node.put("content", message.text());
        if (message.toolCallId() != null) node.put("tool_call_id", message.toolCallId());
        if (message.calls().isEmpty()) return node;
        ArrayNode calls = node.putArray("tool_calls");
        for (ToolCall each : message.calls()) {
            ObjectNode call = calls.addObject().put("id", each.toolCallId()).put("type", "function");
            call.putObject("function").put("name", each.name()).put("arguments", each.argumentsJson());
        }
        return node;
    }

    private static ObjectNode tool(ObjectMapper json, ToolDescription tool) {
        ObjectNode node = json.createObjectNode().put("type", "function");
        ObjectNode function =
                node.putObject("function").put("name", tool.name()).put("description", tool.description());
        function.set("parameters", json.valueToTree(tool.schema()));
        return node;
    }

    /** Reads to the end of the stream; the listener hears every piece of text when it comes. */
    Answer read(InputStream body) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            StringBuilder whole = new StringBuilder();
            boolean streamed = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.length() > MAX_LINE_CHARS || whole.length() > MAX_LINE_CHARS) {
                    throw new IOException("the answer is longer than " + MAX_LINE_CHARS + " characters");
                }
                if (line.startsWith("data:")) {
                    streamed = true;
                    String event = line.substring("data:".length()).strip();
                    if (event.equals("[DONE]")) break;
                    chunk(json.readTree(event), "delta");
                } else if (!streamed) {
                    whole.append(line);
                }
            }
            if (!streamed) chunk(json.readTree(whole.toString()), "message");
        }
        return new Answer(text.toString(), calls(), usage);
    }

    private void chunk(JsonNode chunk, String kind) throws IOException {
        if (chunk.hasNonNull("error")) {
            JsonNode error = chunk.path("error");
            throw new IOException("the model failed: " + error.path("message").asText(error.toString()));
        }
        JsonNode delta = chunk.path("choices").path(0).path(kind);
        String piece = text(delta.path("content"));
        if (!piece.isEmpty()) {
            text.append(piece);
            listener.accept(piece);
        }
        for (JsonNode each : delta.path("tool_calls")) function(each);
        JsonNode used = chunk.path("usage");
        if (used.isObject()) {
            usage = new AgentUsage(
                    used.path("prompt_tokens").asLong(),
                    used.path("completion_tokens").asLong(),
                    0,
                    0,
                    used.path("prompt_tokens_details").path("cached_tokens").asLong(),
                    0,
                    0);
        }
    }

    private void function(JsonNode delta) throws IOException {
        int index = delta.path("index").asInt(functions.size());
        Function function = functions.computeIfAbsent(index, at -> new Function());
        if (functions.size() > MAX_CALLS) throw new IOException("the model calls more than " + MAX_CALLS + " tools");
        // Only the first piece has them; in the others they are missing, null or empty.
        if (function.id.isEmpty()) function.id = text(delta.path("id"));
        JsonNode named = delta.path("function");
        if (function.name.isEmpty()) function.name = text(named.path("name"));
        JsonNode arguments = named.path("arguments");
        // Some servers write an object where the protocol has a text.
        function.arguments.append(arguments.isObject() ? arguments.toString() : text(arguments));
        if (function.arguments.length() > MAX_ARGUMENT_CHARS) {
            throw new IOException("the arguments of " + function.name + " are too long");
        }
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? node.asText() : "";
    }

    private List<ToolCall> calls() {
        List<ToolCall> calls = new ArrayList<>();
        functions.forEach((index, function) -> {
            String id = function.id.isEmpty() ? "call_" + index : function.id;
            String arguments = function.arguments.length() == 0 ? "{}" : function.arguments.toString();
            calls.add(new ToolCall(call, id, function.name, arguments));
        });
        return calls;
    }
}

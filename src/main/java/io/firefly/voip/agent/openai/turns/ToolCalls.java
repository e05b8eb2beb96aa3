package io.firefly.voip.agent.openai.turns;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.call.CallId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The functions a response calls: each is run once, each is answered, and when all of one response are answered and
 * the response is done, the conversation continues once. Agent's thread only.
 */
public final class ToolCalls {
    private static final Logger log = LoggerFactory.getLogger(ToolCalls.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_ARGUMENT_CHARS = 16 * 1024;
    private static final int MAX_ANSWER_CHARS = 32 * 1024;
    private static final int MAX_ENDING_CHARS = 200;
    private static final int MAX_CALLS_PER_RESPONSE = 16;
    private static final int MAX_CALLS_PER_SESSION = 1_000;
    /** The provider refuses outputs for other ids. */
    private static final Pattern CALL_ID = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    /** What tool calls need of the session. */
    interface Desk {
        /** Runs a tool; its answer, or an error to speak about, comes back on the agent's thread, exactly once. */
        void run(ToolCall call, Consumer<String> then);

        void answer(String toolCallId, String output);

        void allAnswered();
    }

    private static final class Batch {
        private int calls;
        private int open;
        private boolean responseDone;
        private boolean goesOn;
        private boolean ends;
    }

    private final CallId callId;
    private final Desk desk;
    private final Map<String, Batch> batches = new LinkedHashMap<>();
    private final Set<String> known = new HashSet<>();
    private @Nullable String endedBy;

    ToolCalls(CallId callId, Desk desk) {
        this.callId = callId;
        this.desk = desk;
    }

    /** {@code response.output_item.done} with a {@code function_call} that is complete. */
    void called(String responseId, JsonNode item) {
        String id = item.path("call_id").asText("");
        String name = item.path("name").asText("");
        if (!CALL_ID.matcher(id).matches() || known.size() >= MAX_CALLS_PER_SESSION || !known.add(id)) return;
        Batch batch = batches.computeIfAbsent(responseId, key -> new Batch());
        batch.calls++;
        batch.open++;
        String arguments = item.path("arguments").asText("");
        String mistake = batch.calls > MAX_CALLS_PER_RESPONSE ? "too many calls at once" : mistakeIn(arguments);
        if (mistake != null) {
            log.info("tool refused call={} tool={} reason=\"{}\"", callId, quoted(name), mistake);
            answered(responseId, id, error(mistake));
            return;
        }
        log.info("tool called call={} tool={}", callId, quoted(name));
        ToolCall call = new ToolCall(callId, id, name, blankAsObject(arguments));
        desk.run(call, output -> answered(responseId, id, output));
    }

    private void answered(String responseId, String toolCallId, String output) {
        Batch batch = batches.get(responseId);
        if (batch == null) return;
        batch.open--;
        if (isEnding(output)) {
            batch.ends = true;
            endedBy = responseId;
        }
        desk.answer(toolCallId, output.length() > MAX_ANSWER_CHARS ? error("the answer is too long") : output);
        continueWhenComplete(responseId, batch);
    }

    /** @param goesOn false when the response failed or was cancelled: nothing is to be made of it */
    void responseDone(String responseId, boolean goesOn) {
        Batch batch = batches.get(responseId);
        if (batch == null) return;
        batch.responseDone = true;
        batch.goesOn = goesOn;
        continueWhenComplete(responseId, batch);
    }

    private void continueWhenComplete(String responseId, Batch batch) {
        if (!batch.responseDone || batch.open > 0) return;
        batches.remove(responseId);
        if (batch.goesOn && !batch.ends) desk.allAnswered();
    }

    /** Of a response that is not done. */
    boolean calledBy(String responseId) {
        return batches.containsKey(responseId);
    }

    /** Somebody waits for an answer, or for what is made of it. */
    boolean isBusy() {
        return !batches.isEmpty();
    }

    /** A call of this response is still being answered. */
    boolean isOpen(String responseId) {
        Batch batch = batches.get(responseId);
        return batch != null && batch.open > 0;
    }

    /** One of this response's tools ends the call. */
    boolean hasEnded(String responseId) {
        return responseId.equals(endedBy);
    }

    /** What a tool answers that ends the call: there is nothing left to say but the goodbye, which is asked for. */
    private static boolean isEnding(String output) {
        try {
            return output.length() < MAX_ENDING_CHARS
                    && JSON.readTree(output).path("status").asText("").equals("ending");
        } catch (JsonProcessingException e) {
            return false; // any text may be an answer
        }
    }

    /** An answer the model can speak about. */
    public static String error(String reason) {
        return JSON.createObjectNode().put("error", reason).toString();
    }

    private static String blankAsObject(String arguments) {
        return arguments.isBlank() ? "{}" : arguments;
    }

    private static @Nullable String mistakeIn(String arguments) {
        if (arguments.length() > MAX_ARGUMENT_CHARS) return "the arguments are too long";
        try {
            return JSON.readTree(blankAsObject(arguments)).isObject() ? null : "the arguments are not a JSON object";
        } catch (JsonProcessingException e) {
            return "the arguments are not valid JSON";
        }
    }

    /** The model wrote it: it must not break a log line. */
    private static String quoted(String name) {
        return name.replaceAll("[^A-Za-z0-9_-]", "?").substring(0, Math.min(64, name.length()));
    }
}

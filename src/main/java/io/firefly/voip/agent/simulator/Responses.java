package io.firefly.voip.agent.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firefly.voip.agent.simulator.Conversation.Item;
import io.firefly.voip.agent.simulator.ResponseRun.Stage;
import io.firefly.voip.agent.simulator.protocol.ProtocolError;
import io.firefly.voip.agent.simulator.protocol.ServerEvents;
import io.firefly.voip.agent.simulator.protocol.SessionRules;
import io.firefly.voip.agent.simulator.script.Cues;
import io.firefly.voip.agent.simulator.script.Fault;
import io.firefly.voip.agent.simulator.script.Line;
import io.firefly.voip.agent.simulator.script.Step;
import io.firefly.voip.agent.simulator.script.Visit;
import io.firefly.voip.agent.simulator.sound.Voice;
import io.firefly.voip.agent.simulator.sound.Voice.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The responses of one session: one at a time in the conversation, a few more beside it, their bill. */
final class Responses {
    private static final int MAX_OUT_OF_BAND = 8;
    private static final int CHARACTERS_PER_TOKEN = 4;
    private static final int CALLER_TOKEN_MILLIS = 100;
    /** Context is cached in blocks of this many tokens. */
    private static final int CACHE_BLOCK = 64;

    private final Stage stage;
    private final Receptionist receptionist;
    private final String conversationId;
    private final IntConsumer spoken;
    private final List<ResponseRun> outOfBand = new ArrayList<>();
    private @Nullable ResponseRun active;
    private @Nullable ResponseRun troubled;
    private boolean voiceIsHeard;
    private long cachedText;
    private long cachedAudio;
    private final Cues cues;
    private final TokenBudget budget;
    private boolean limitsAreTold;

    /** @param spoken told after every finished response of the conversation for how many ms it is still being played */
    Responses(Stage stage, Receptionist receptionist, Visit visit, IntConsumer spoken) {
        this.stage = stage;
        this.receptionist = receptionist;
        this.conversationId = stage.events().id("conv_");
        this.spoken = spoken;
        this.cues = new Cues(visit);
        this.budget = new TokenBudget(visit.terms().tokensPerMinute(), stage.clock());
    }

    /** What one response is made with: the session's settings and what its create changed of them. */
    record Order(
            String id,
            @Nullable String conversationId,
            JsonNode metadata,
            JsonNode output,
            boolean textOnly,
            JsonNode maxTokens,
            String instructions,
            JsonNode tools,
            JsonNode toolChoice,
            JsonNode extra,
            Step step) {
        boolean isOutOfBand() {
            return conversationId == null;
        }

        Encoding encoding() {
            return Encoding.named(output.at("/format/type").asText());
        }

        int tokenLimit() {
            return maxTokens.isInt() ? maxTokens.intValue() : Integer.MAX_VALUE;
        }

        /** The response as events show it, without output, details and usage. */
        ObjectNode object(String status) {
            ObjectNode response = ServerEvents.JSON
                    .createObjectNode()
                    .put("object", "realtime.response")
                    .put("id", id)
                    .put("status", status)
                    .putNull("status_details");
            response.putArray("output");
            response.put("conversation_id", conversationId);
            response.putArray("output_modalities").add(textOnly ? "text" : "audio");
            response.set("max_output_tokens", maxTokens);
            response.putObject("audio").set("output", output);
            response.putNull("usage");
            if (metadata.isObject()) {
                response.set("metadata", metadata);
            } else {
                response.putNull("metadata");
            }
            return response;
        }
    }

    /** Tokens of a context: what the model has to read again for every response. */
    record Context(long text, long audio, long cachedText, long cachedAudio) {
        /** With these tokens of output. */
        ObjectNode usage(long textOut, long audioOut) {
            ObjectNode usage = ServerEvents.JSON.createObjectNode();
            long in = text + audio;
            long out = textOut + audioOut;
            usage.put("total_tokens", in + out).put("input_tokens", in).put("output_tokens", out);
            ObjectNode input = usage.putObject("input_token_details");
            input.put("text_tokens", text)
                    .put("audio_tokens", audio)
                    .put("image_tokens", 0)
                    .put("cached_tokens", cachedText + cachedAudio);
            input.putObject("cached_tokens_details")
                    .put("text_tokens", cachedText)
                    .put("audio_tokens", cachedAudio)
                    .put("image_tokens", 0);
            usage.putObject("output_token_details").put("text_tokens", textOut).put("audio_tokens", audioOut);
            return usage;
        }
    }

    /** What a finished response took, and how much of its sound a listener in real time has yet to hear. */
    record Bill(long tokens, int unplayedMillis) {}

    /** A client's {@code response.create}. */
    void create(ObjectNode session, JsonNode overrides) throws ProtocolError {
        if (overrides.isObject()) SessionRules.RESPONSE.check(overrides, "response");
        boolean beside = overrides.path("conversation").asText().equals("none");
        if (!beside) refuseSecond();
        if (beside && outOfBand.size() >= MAX_OUT_OF_BAND) {
            throw ProtocolError.of(
                    "too_many_responses", "At most " + MAX_OUT_OF_BAND + " responses beside the conversation.", null);
        }
        ResponseRun run = run(session, overrides, beside);
        if (beside) {
            outOfBand.add(run);
        } else {
            active = run;
        }
        run.announce();
    }

    /** Turn detection wants an answer. If one is still being given, there is none. */
    void createAfterTurn(ObjectNode session) {
        if (active != null) return;
        ResponseRun run = run(session, MissingNode.getInstance(), false);
        active = run;
        run.announceLater();
    }

    /** A client's {@code response.cancel}. */
    void cancel(JsonNode responseId) throws ProtocolError {
        ResponseRun run = active;
        if (responseId.isTextual()) {
            run = all().stream()
                    .filter(any -> any.id().equals(responseId.textValue()))
                    .findFirst()
                    .orElse(null);
        }
        if (run == null || !run.isAnnounced()) {
            throw ProtocolError.of("response_cancel_not_active", "Cancellation failed: no active response found", null);
        }
        run.cancel("client_cancelled");
    }

    /** The caller speaks: what is being said is cut off. */
    void interrupt() {
        ResponseRun run = active;
        if (run == null) return;
        if (run.isAnnounced()) {
            run.cancel("turn_detected");
        } else {
            run.drop();
            active = null;
        }
    }

    boolean isActive() {
        return active != null;
    }

    /** True once a sound was sent: from then on the voice is settled. */
    boolean voiceIsHeard() {
        return voiceIsHeard;
    }

    void close() {
        all().forEach(ResponseRun::drop);
        outOfBand.clear();
        active = null;
    }

    /** {@link ResponseRun} tells that sound goes out. */
    void speaking() {
        voiceIsHeard = true;
    }

    /** {@link ResponseRun} has sent its {@code response.done}. */
    void finished(ResponseRun run, Order order, Bill bill) {
        if (active == run) active = null;
        outOfBand.remove(run);
        budget.spend(bill.tokens());
        if (!limitsAreTold) sendRateLimits();
        limitsAreTold = false;
        if (!order.isOutOfBand()) spoken.accept(bill.unplayedMillis());
    }

    /** {@link ResponseRun} has sent its {@code response.created}. */
    void begun(ResponseRun run) {
        if (stage.shuffled() && stage.events().coin()) {
            sendRateLimits();
            limitsAreTold = true;
        }
        if (budget.isExhausted()) run.fail("rate_limit_exceeded", budget.complaint());
    }

    /** What is being said in the conversation goes wrong; nothing when nothing is said. */
    void fail(String code, String message) {
        ResponseRun run = troubled == null ? active : troubled;
        if (run != null) run.fail(code, message);
    }

    /** A fault of that response, and not of the one that is said in the conversation. */
    Fault faultOf(ResponseRun run, Fault fault) {
        return new Fault(
                fault.at(),
                fault.afterMillis(),
                victim -> {
                    troubled = run;
                    fault.deed().accept(victim);
                    troubled = null;
                },
                fault.told());
    }

    /** What the caller's next turn will be answered with; null when no script says it. */
    @Nullable
    Step nextTurn() {
        return cues.turn();
    }

    private List<ResponseRun> all() {
        List<ResponseRun> all = new ArrayList<>(outOfBand);
        if (active != null) all.add(active);
        return all;
    }

    private void refuseSecond() throws ProtocolError {
        ResponseRun run = active;
        if (run == null) return;
        throw ProtocolError.of(
                "conversation_already_has_active_response",
                "Conversation already has an active response in progress: " + run.id()
                        + ". Wait until the response is finished before creating a new one.",
                null);
    }

    private ResponseRun run(ObjectNode session, JsonNode overrides, boolean beside) {
        Order order = order(session, overrides, beside);
        Receptionist.Question question = new Receptionist.Question(
                added(overrides, session),
                order.tools(),
                order.toolChoice(),
                stage.conversation().items(),
                order.extra());
        return new ResponseRun(this, stage, order, lines(order, question), context(order));
    }

    private List<Line> lines(Order order, Receptionist.Question question) {
        List<Line> scripted = order.step().lines();
        if (!scripted.isEmpty()) {
            return scripted.stream()
                    .map(line -> Receptionist.completed(line, question))
                    .toList();
        }
        boolean note = order.isOutOfBand() && order.textOnly() && order.extra().isEmpty();
        return note ? List.of(Receptionist.note(question)) : receptionist.answer(question);
    }

    /**
     * What a response asks for beyond the session. Its instructions replace the session's, so clients repeat those
     * first; and those may well explain what to do when somebody says goodbye.
     */
    private static String added(JsonNode overrides, JsonNode session) {
        String own = overrides.path("instructions").asText();
        String general = session.path("instructions").asText();
        return own.startsWith(general) ? own.substring(general.length()) : own;
    }

    private Order order(ObjectNode session, JsonNode overrides, boolean beside) {
        ObjectNode output = session.at("/audio/output").deepCopy();
        JsonNode changed = overrides.at("/audio/output");
        if (changed.isObject()) output.setAll((ObjectNode) changed);
        output.remove("speed");
        return new Order(
                stage.events().id("resp_"),
                beside ? null : conversationId,
                overrides.path("metadata"),
                output,
                either(overrides, session, "output_modalities").path(0).asText().equals("text"),
                either(overrides, session, "max_output_tokens"),
                either(overrides, session, "instructions").asText(),
                either(overrides, session, "tools"),
                either(overrides, session, "tool_choice"),
                overrides.path("input"),
                beside ? cues.next(Step.When.OUT_OF_BAND, "") : scripted());
    }

    private Step scripted() {
        List<Item> items = stage.conversation().items();
        Item last = Receptionist.lastWord(items);
        if (last == null) return cues.next(items.isEmpty() ? Step.When.OPENING : Step.When.ANY, "");
        if (last.heard != null) return cues.next(Step.When.TURN, "");
        boolean isResult = last.type().equals("function_call_output");
        String written = isResult ? last.json.path("output").asText() : last.text();
        return cues.next(isResult ? Step.When.TOOL : Step.When.TEXT, written);
    }

    private static JsonNode either(JsonNode overrides, JsonNode session, String field) {
        return overrides.has(field) ? overrides.get(field) : session.path(field);
    }

    private Context context(Order order) {
        long characters = order.instructions().length();
        if (!order.tools().isEmpty()) characters += order.tools().toString().length();
        long audio = 0;
        for (Item item : stage.conversation().items()) {
            characters +=
                    item.text().length() + item.json.path("output").asText().length();
            audio += item.heardMillis() / CALLER_TOKEN_MILLIS + item.spokenMillis / Voice.TOKEN_MILLIS;
        }
        long text = characters / CHARACTERS_PER_TOKEN;
        Context context = new Context(text, audio, cached(cachedText, text), cached(cachedAudio, audio));
        cachedText = text;
        cachedAudio = audio;
        return context;
    }

    private static long cached(long before, long now) {
        return Math.min(before, now) / CACHE_BLOCK * CACHE_BLOCK;
    }

    static long textTokens(long characters) {
        return (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
    }

    private void sendRateLimits() {
        ObjectNode event = stage.events().event("rate_limits.updated");
        budget.describe(event.putArray("rate_limits").addObject());
        stage.events().send(event);
    }
}

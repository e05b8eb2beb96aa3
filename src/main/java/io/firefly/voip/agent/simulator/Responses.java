package io.firefly.voip.agent.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firefly.voip.agent.simulator.Conversation.Item;
import io.firefly.voip.agent.simulator.ResponseRun.Stage;
import io.firefly.voip.agent.simulator.protocol.ProtocolError;
import io.firefly.voip.agent.simulator.protocol.SessionRules;
import io.firefly.voip.agent.simulator.sound.Voice;
import io.firefly.voip.agent.simulator.sound.Voice.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The responses of one session: one at a time in the conversation, a few more beside it, their bill. */
final class Responses {
    private static final int MAX_OUT_OF_BAND = 8;
    private static final int TOKENS_PER_MINUTE = 40_000;
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
    private boolean voiceIsHeard;
    private long cachedText;
    private long cachedAudio;
    private double tokensLeft = TOKENS_PER_MINUTE;
    private long refilledNanos = System.nanoTime();

    /** @param spoken told after every finished response of the conversation for how many ms it is still being played */
    Responses(Stage stage, Receptionist receptionist, IntConsumer spoken) {
        this.stage = stage;
        this.receptionist = receptionist;
        this.conversationId = stage.events().id("conv_");
        this.spoken = spoken;
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
            JsonNode extra) {
        boolean isOutOfBand() {
            return conversationId == null;
        }

        Encoding encoding() {
            return Encoding.named(output.at("/format/type").asText());
        }

        int tokenLimit() {
            return maxTokens.isInt() ? maxTokens.intValue() : Integer.MAX_VALUE;
        }
    }

    /** Tokens of a context: what the model has to read again for every response. */
    record Context(long text, long audio, long cachedText, long cachedAudio) {}

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
        sendRateLimits(bill.tokens());
        if (!order.isOutOfBand()) spoken.accept(bill.unplayedMillis());
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
        List<Receptionist.Output> outputs = receptionist.answer(new Receptionist.Question(
                added(overrides, session),
                order.tools(),
                order.toolChoice(),
                stage.conversation().items(),
                order.extra()));
        return new ResponseRun(this, stage, order, outputs, context(order));
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
                overrides.path("input"));
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

    private void sendRateLimits(long tokens) {
        long nowNanos = System.nanoTime();
        double refill = (nowNanos - refilledNanos) / 60e9 * TOKENS_PER_MINUTE;
        refilledNanos = nowNanos;
        tokensLeft = Math.max(0, Math.min(TOKENS_PER_MINUTE, tokensLeft + refill) - tokens);
        double resetSeconds = (TOKENS_PER_MINUTE - tokensLeft) * 60 / TOKENS_PER_MINUTE;
        ObjectNode event = stage.events().event("rate_limits.updated");
        event.putArray("rate_limits")
                .addObject()
                .put("name", "tokens")
                .put("limit", TOKENS_PER_MINUTE)
                .put("remaining", (long) tokensLeft)
                .put("reset_seconds", Math.round(resetSeconds * 1000) / 1000.0);
        stage.events().send(event);
    }
}

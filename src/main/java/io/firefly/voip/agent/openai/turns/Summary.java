package io.firefly.voip.agent.openai.turns;

import com.fasterxml.jackson.databind.JsonNode;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.openai.settings.Dialect;
import io.firefly.voip.agent.openai.wire.Failures;
import io.firefly.voip.agent.openai.wire.ServerEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a session that is to be replaced sum up what was said in it: one response beside the conversation
 * ({@code conversation: none}), in text. Its events reach neither the caller nor the dialogue nor the order of
 * responses, and nobody waits for it for long. Agent's thread only.
 */
final class Summary {
    private static final Logger log = LoggerFactory.getLogger(Summary.class);
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Setting setting;
    private final Turns.Line line;
    private final History history;
    private @Nullable String askedBy;
    private @Nullable String responseId;
    private boolean settled;
    /** How much of the history it is about. */
    private long asOf;

    Summary(Setting setting, Turns.Line line, History history) {
        this.setting = setting;
        this.line = line;
        this.history = history;
    }

    /** Whether there is nothing to wait for. What may be asked for is asked for by this. */
    boolean isSettled() {
        // Gateways refuse conversation:none, or say aloud what they are asked.
        boolean worthIt = history.isLong() && setting.properties().dialect() != Dialect.COMPATIBLE;
        if (askedBy == null && worthIt) ask();
        return askedBy == null || settled;
    }

    private void ask() {
        String eventId = setting.events().nextId();
        askedBy = eventId;
        asOf = history.length();
        line.after(PATIENCE, () -> {
            if (eventId.equals(askedBy)) giveUp("none within " + PATIENCE.toSeconds() + " s");
        });
        line.send(setting.events().summaryCreate(eventId));
    }

    /** Another session took over. */
    void forget() {
        askedBy = null;
        responseId = null;
        settled = false;
    }

    /** Whether an event is about the summary. */
    boolean takes(ServerEvent event) {
        boolean whole = event.type().equals("response.created") || event.type().equals("response.done");
        String about = whole ? event.bodyText("id") : event.responseId();
        if (askedBy == null || about == null || about.isEmpty()) return false;
        if (event.type().equals("response.created") && isOurs(event.body())) responseId = about;
        if (!about.equals(responseId)) return false;
        if (event.type().equals("response.done")) done(event);
        return true;
    }

    /** Nothing else is asked for in text, should the metadata be missing. */
    private boolean isOurs(JsonNode response) {
        JsonNode modalities = response.path("output_modalities");
        boolean inText = modalities.size() == 1 && modalities.path(0).asText().equals("text");
        return inText || response.path("metadata").path("event_id").asText().equals(askedBy);
    }

    /** Whether an {@code error} is about our request. */
    boolean refused(@Nullable String eventId, String code) {
        if (eventId == null || !eventId.equals(askedBy)) return false;
        giveUp("refused, " + Failures.clean(code));
        return true;
    }

    private void done(ServerEvent event) {
        if (!event.usage().equals(AgentUsage.NONE)) line.used(event.usage());
        String status = event.bodyText("status");
        StringBuilder text = new StringBuilder();
        for (JsonNode item : event.body().path("output")) {
            for (JsonNode part : item.path("content"))
                text.append(part.path("text").asText(""));
        }
        boolean usable = status.equals("completed") || status.equals("incomplete");
        if (!usable || text.toString().isBlank()) {
            String code = status.equals("failed") ? ", " + Failures.clean(event.failureCode()) : "";
            giveUp(usable ? "it is empty" : Failures.clean(status) + code);
            return;
        }
        history.summedUp(text.toString().strip(), asOf);
        settled = true;
        log.info("agent session summed up call={} chars={}", setting.brief().callId(), text.length());
    }

    private void giveUp(String why) {
        if (settled) return;
        settled = true;
        log.warn(
                "agent session not summed up call={} reason=\"{}\": the next one is told the latest turns",
                setting.brief().callId(),
                why);
    }
}

package io.firefly.voip.routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.firefly.voip.camel.check.DidYouMean;
import io.firefly.voip.camel.rehearsal.Described;
import io.firefly.voip.camel.rehearsal.LiveRehearsal;
import io.firefly.voip.camel.rehearsal.Scene;
import io.firefly.voip.camel.rehearsal.Script;
import io.firefly.voip.routes.cases.CaseFile;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers "what would become of this call?" for the routes that serve now. Any thread; bounded in time and number. */
public final class RouteExplainer {
    private static final int MAX_CHARS = 512;
    private static final int MAX_ENTRIES = 32;
    private static final int MAX_QUESTION = 65_536;
    private static final ObjectMapper JSON = new ObjectMapper();
    private final LiveRehearsal rehearsal;

    RouteExplainer(LiveRehearsal rehearsal) {
        this.rehearsal = rehearsal;
    }

    /** Others were asking all the time. */
    public static final class BusyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BusyException(Exception cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * The question, in the words of the command line; what is null has the default of {@code routes explain}.
     *
     * @param at {@code 2026-12-24T18:00} or {@code 2026-12-24T18:00:00Z}
     * @param failing steps that shall fail, by id or endpoint
     */
    public record Question(
            @Nullable String from,
            @Nullable String to,
            @Nullable String displayName,
            @Nullable List<String> diversions,
            @Nullable String asserted,
            @Nullable String source,
            @Nullable Boolean trusted,
            @Nullable String subscriber,
            @Nullable Map<String, String> headers,
            @Nullable String at,
            @Nullable List<String> failing) {}

    /**
     * The question as JSON.
     *
     * @throws IllegalArgumentException when it is none; the message says what is wrong
     */
    public static Question question(String json) {
        if (json.length() > MAX_QUESTION)
            throw new IllegalArgumentException("the question has more than " + MAX_QUESTION + " characters");
        try {
            Question question = JSON.readValue(json, Question.class);
            if (question != null) return question;
        } catch (UnrecognizedPropertyException e) {
            List<String> known =
                    e.getKnownPropertyIds().stream().map(String::valueOf).toList();
            String name = String.valueOf(e.getPropertyName());
            throw new IllegalArgumentException(
                    "unknown field '" + name + "'; allowed are " + DidYouMean.choice(name, known), e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("this is not the JSON of a question: " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException("the question must be a JSON object, such as {\"to\": \"echo\"}");
    }

    /**
     * Every step, every condition with its values, whose call it is and why, and what the caller would hear.
     *
     * @throws IllegalArgumentException when the question makes no sense; the message says what is wrong
     * @throws BusyException when others ask all the time
     * @throws IllegalStateException when the routes do not come to an end
     */
    public Map<String, Object> explain(Question question) {
        Described call = described(question);
        Script script = Script.NONE;
        for (String step : few("failing", question.failing())) script = script.failing(step);
        try {
            return RunFacts.of(rehearsal.run(new Scene.Incoming(call), script));
        } catch (LiveRehearsal.TooBusyException e) {
            throw new BusyException(e);
        }
    }

    private static Described described(Question question) {
        String to = question.to();
        if (to == null || to.isBlank())
            throw new IllegalArgumentException("'to' is missing: the number or name that is called");
        Map<String, String> headers = question.headers() == null ? Map.of() : question.headers();
        if (headers.size() > MAX_ENTRIES)
            throw new IllegalArgumentException("'headers' has more than " + MAX_ENTRIES + " entries");
        headers.forEach((name, value) -> shortEnough("headers." + name, value));
        return new Described(
                question.from() == null ? "anonymous" : shortEnough("from", question.from()),
                shortEnough("to", to),
                question.displayName() == null ? null : shortEnough("displayName", question.displayName()),
                few("diversions", question.diversions()),
                question.asserted() == null ? null : shortEnough("asserted", question.asserted()),
                question.source() == null ? "127.0.0.1" : shortEnough("source", question.source()),
                question.trusted(),
                question.subscriber() == null ? null : shortEnough("subscriber", question.subscriber()),
                headers,
                at(question.at()));
    }

    private static List<String> few(String name, @Nullable List<String> values) {
        if (values == null) return List.of();
        if (values.size() > MAX_ENTRIES)
            throw new IllegalArgumentException("'" + name + "' has more than " + MAX_ENTRIES + " entries");
        values.forEach(value -> shortEnough(name, value));
        return values;
    }

    private static String shortEnough(String name, @Nullable String value) {
        if (value == null) throw new IllegalArgumentException("'" + name + "' must be text, not null");
        if (value.length() <= MAX_CHARS) return value;
        throw new IllegalArgumentException("'" + name + "' has more than " + MAX_CHARS + " characters");
    }

    private static @Nullable Instant at(@Nullable String at) {
        if (at == null) return null;
        try {
            return CaseFile.instant(at);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'at' must be a time such as 2026-12-24T18:00 or 2026-12-24T18:00:00Z, not '" + at + "'", e);
        }
    }
}

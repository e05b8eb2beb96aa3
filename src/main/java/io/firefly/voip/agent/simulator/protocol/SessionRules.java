package io.firefly.voip.agent.simulator.protocol;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** What a client may write: the fields of every client event, of the session and of a response, with their values. */
public final class SessionRules {
    private static final Rule TEXT = (value, path) -> {
        if (!value.isTextual()) throw ProtocolError.invalidType(path, "a string");
    };
    private static final Rule FLAG = (value, path) -> {
        if (!value.isBoolean()) throw ProtocolError.invalidType(path, "a boolean");
    };
    private static final Rule ANY = (value, path) -> {};
    private static final Rule OBJECT = (value, path) -> {
        if (!value.isObject()) throw ProtocolError.invalidType(path, "an object");
    };

    private static final Rule FORMAT = SessionRules::checkFormat;
    private static final Rule TURN_DETECTION = SessionRules::checkTurnDetection;
    private static final Rule MAX_TOKENS = (value, path) -> {
        if (value.isTextual() && value.textValue().equals("inf")) return;
        integer(1, 4096).check(value, path);
    };
    private static final Rule MODALITIES = (value, path) -> {
        if (!value.isArray()) throw ProtocolError.invalidType(path, "an array of strings");
        String found = value.toString();
        if (!found.equals("[\"audio\"]") && !found.equals("[\"text\"]")) {
            throw ProtocolError.invalidValue(path, found, "['text'] and ['audio']");
        }
    };
    private static final Rule VOICE = (value, path) -> {
        if (!value.isTextual()) fields(Map.of("id", TEXT), "id").check(value, path);
    };
    private static final Rule TOOL = (value, path) -> {
        OBJECT.check(value, path);
        String type = required(value, "type", path);
        oneOf("function", "mcp").check(value.get("type"), path + ".type");
        if (type.equals("mcp")) return;
        fields(Map.of("type", TEXT, "name", TEXT, "description", TEXT, "parameters", OBJECT), "type", "name")
                .check(value, path);
    };
    private static final Rule TOOL_CHOICE = (value, path) -> {
        if (value.isTextual()) {
            oneOf("none", "auto", "required").check(value, path);
        } else {
            fields(Map.of("type", oneOf("function", "mcp"), "name", TEXT, "server_label", TEXT), "type")
                    .check(value, path);
        }
    };
    private static final Rule REASONING = fields(Map.of("effort", oneOf("minimal", "low", "medium", "high", "xhigh")));

    private static final Rule INPUT = fields(Map.of(
            "format", FORMAT,
            "turn_detection", nullable(TURN_DETECTION),
            "noise_reduction",
                    nullable(fields(Map.of("type", oneOf("near_field", "far_field"), "strength", number(0, 10)))),
            "transcription",
                    nullable(fields(Map.of(
                            "model",
                            TEXT,
                            "language",
                            TEXT,
                            "languages",
                            listOf(TEXT),
                            "prompt",
                            TEXT,
                            "keywords",
                            listOf(TEXT),
                            "delay",
                            oneOf("minimal", "low", "medium", "high", "xhigh"))))));

    private static final Rule OUTPUT = fields(Map.of("format", FORMAT, "voice", VOICE, "speed", number(0.25, 1.5)));

    private static final Rule TRUNCATION = (value, path) -> {
        if (value.isTextual()) {
            oneOf("auto", "disabled").check(value, path);
        } else {
            fields(
                            Map.of(
                                    "type", oneOf("retention_ratio"),
                                    "retention_ratio", number(0, 1),
                                    "token_limits", ANY),
                            "type",
                            "retention_ratio")
                    .check(value, path);
        }
    };

    /** The body of {@code session.update}. */
    public static final Rule SESSION = fields(
            Map.ofEntries(
                    entry("type", oneOf("realtime", "transcription")),
                    entry("model", TEXT),
                    entry("output_modalities", MODALITIES),
                    entry("instructions", TEXT),
                    entry("audio", fields(Map.of("input", INPUT, "output", OUTPUT))),
                    entry("tools", listOf(TOOL)),
                    entry("tool_choice", TOOL_CHOICE),
                    entry("parallel_tool_calls", FLAG),
                    entry("reasoning", nullable(REASONING)),
                    entry("max_output_tokens", MAX_TOKENS),
                    entry("truncation", TRUNCATION),
                    entry("tracing", ANY),
                    entry("include", nullable(listOf(oneOf("item.input_audio_transcription.logprobs")))),
                    entry("prompt", nullable(OBJECT))),
            "type");

    /** The body of {@code response.create}. */
    public static final Rule RESPONSE = fields(Map.ofEntries(
            entry("instructions", TEXT),
            entry("output_modalities", MODALITIES),
            entry("audio", fields(Map.of("output", fields(Map.of("format", FORMAT, "voice", VOICE))))),
            entry("tools", listOf(TOOL)),
            entry("tool_choice", TOOL_CHOICE),
            entry("parallel_tool_calls", FLAG),
            entry("reasoning", nullable(REASONING)),
            entry("max_output_tokens", MAX_TOKENS),
            entry("conversation", oneOf("auto", "none")),
            entry("metadata", nullable(OBJECT)),
            entry("input", listOf(OBJECT)),
            entry("prompt", nullable(OBJECT))));

    private static final Map<String, Rule> EVENTS = Map.ofEntries(
            event("session.update", Map.of("session", OBJECT), "session"),
            event("input_audio_buffer.append", Map.of("audio", TEXT), "audio"),
            event("input_audio_buffer.commit", Map.of()),
            event("input_audio_buffer.clear", Map.of()),
            event("conversation.item.create", Map.of("item", OBJECT, "previous_item_id", nullable(TEXT)), "item"),
            event("conversation.item.retrieve", Map.of("item_id", TEXT), "item_id"),
            event("conversation.item.delete", Map.of("item_id", TEXT), "item_id"),
            event(
                    "conversation.item.truncate",
                    Map.of("item_id", TEXT, "content_index", integer(0, 1000), "audio_end_ms", integer(0, 36_000_000)),
                    "item_id",
                    "content_index",
                    "audio_end_ms"),
            event("response.create", Map.of("response", nullable(OBJECT))),
            event("response.cancel", Map.of("response_id", nullable(TEXT))),
            event("output_audio_buffer.clear", Map.of()));

    private SessionRules() {}

    /** Says what is wrong with a value, naming the place. */
    @FunctionalInterface
    public interface Rule {
        void check(JsonNode value, String path) throws ProtocolError;
    }

    /** Checks a client event but for its body, and tells its type. */
    public static String checkEvent(JsonNode event) throws ProtocolError {
        if (!event.isObject()) throw ProtocolError.of("invalid_event", "The event is not a JSON object.", null);
        JsonNode type = event.path("type");
        if (type.isMissingNode()) throw ProtocolError.of("invalid_event", "The 'type' field is missing.", "type");
        Rule rule = EVENTS.get(type.asText());
        if (rule == null) {
            String supported = String.join(
                    ", ",
                    EVENTS.keySet().stream()
                            .sorted()
                            .map(known -> "'" + known + "'")
                            .toList());
            throw ProtocolError.invalidValue("type", type.asText(), supported);
        }
        rule.check(event, "");
        return type.asText();
    }

    public static String required(JsonNode object, String field, String path) throws ProtocolError {
        JsonNode value = object.path(field);
        if (value.isMissingNode() || value.isNull()) throw ProtocolError.missing(join(path, field));
        if (!value.isTextual()) throw ProtocolError.invalidType(join(path, field), "a string");
        return value.textValue();
    }

    private static Map.Entry<String, Rule> event(String type, Map<String, Rule> own, String... required) {
        Rule body = (value, path) -> {
            for (Iterator<String> names = value.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                if (name.equals("type")) continue;
                Rule rule = name.equals("event_id") ? TEXT : own.get(name);
                if (rule == null) throw ProtocolError.unknownParameter(name);
                rule.check(value.get(name), name);
            }
            for (String name : required) if (!value.has(name)) throw ProtocolError.missing(name);
        };
        return entry(type, body);
    }

    private static Rule fields(Map<String, Rule> known, String... required) {
        return (value, path) -> {
            OBJECT.check(value, path);
            for (String name : required) if (!value.has(name)) throw ProtocolError.missing(join(path, name));
            for (Iterator<String> names = value.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                Rule rule = known.get(name);
                if (rule == null) throw ProtocolError.unknownParameter(join(path, name));
                rule.check(value.get(name), join(path, name));
            }
        };
    }

    private static Rule nullable(Rule rule) {
        return (value, path) -> {
            if (!value.isNull()) rule.check(value, path);
        };
    }

    private static Rule listOf(Rule rule) {
        return (value, path) -> {
            if (!value.isArray()) throw ProtocolError.invalidType(path, "an array");
            for (int i = 0; i < value.size(); i++) rule.check(value.get(i), path + "[" + i + "]");
        };
    }

    private static Rule oneOf(String... values) {
        return (value, path) -> {
            TEXT.check(value, path);
            if (!List.of(values).contains(value.textValue())) {
                throw ProtocolError.invalidValue(path, value.textValue(), "'" + String.join("', '", values) + "'");
            }
        };
    }

    private static Rule number(double min, double max) {
        return (value, path) -> {
            if (!value.isNumber()) throw ProtocolError.invalidType(path, "a number");
            requireRange(value, path, min, max);
        };
    }

    private static Rule integer(int min, int max) {
        return (value, path) -> {
            if (!value.isIntegralNumber()) throw ProtocolError.invalidType(path, "an integer");
            requireRange(value, path, min, max);
        };
    }

    private static void requireRange(JsonNode value, String path, double min, double max) throws ProtocolError {
        double number = value.doubleValue();
        if (number >= min && number <= max) return;
        boolean low = number < min;
        throw ProtocolError.of(
                low ? "decimal_below_min_value" : "decimal_above_max_value",
                "Invalid '" + path + "': expected a value " + (low ? ">= " + min : "<= " + max) + ", but got " + value
                        + ".",
                path);
    }

    private static void checkFormat(JsonNode value, String path) throws ProtocolError {
        OBJECT.check(value, path);
        String type = required(value, "type", path);
        oneOf("audio/pcm", "audio/pcmu", "audio/pcma").check(value.get("type"), path + ".type");
        if (type.equals("audio/pcm")) {
            fields(Map.of("type", TEXT, "rate", integer(24_000, 24_000)), "rate")
                    .check(value, path);
        } else {
            fields(Map.of("type", TEXT)).check(value, path);
        }
    }

    private static void checkTurnDetection(JsonNode value, String path) throws ProtocolError {
        OBJECT.check(value, path);
        String type = required(value, "type", path);
        oneOf("server_vad", "semantic_vad").check(value.get("type"), path + ".type");
        if (type.equals("semantic_vad")) {
            fields(Map.of(
                            "type", TEXT,
                            "eagerness", oneOf("low", "medium", "high", "auto"),
                            "create_response", FLAG,
                            "interrupt_response", FLAG))
                    .check(value, path);
            return;
        }
        fields(Map.of(
                        "type", TEXT,
                        "threshold", number(0, 1),
                        "prefix_padding_ms", integer(0, 5_000),
                        "silence_duration_ms", integer(0, 60_000),
                        "idle_timeout_ms", nullable(integer(5_000, 30_000)),
                        "create_response", FLAG,
                        "interrupt_response", FLAG))
                .check(value, path);
    }

    private static String join(String path, String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    /** A session written for the protocol that was switched off in May 2026: flat fields and no type. */
    public static boolean hasBetaShape(ObjectNode session) {
        return !session.has("type")
                && List.of(
                                "modalities",
                                "voice",
                                "input_audio_format",
                                "output_audio_format",
                                "input_audio_transcription",
                                "turn_detection",
                                "temperature",
                                "max_response_output_tokens")
                        .stream()
                        .anyMatch(session::has);
    }
}

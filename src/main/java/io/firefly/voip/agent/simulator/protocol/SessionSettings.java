package io.firefly.voip.agent.simulator.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firefly.voip.agent.simulator.sound.InputAudio.TurnDetection;
import io.firefly.voip.agent.simulator.sound.Voice.Encoding;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The session object as the client sees it, and how {@code session.update} changes it. */
public final class SessionSettings {
    private static final String DEFAULTS = """
            {"type":"realtime","object":"realtime.session","id":"","model":"",
             "output_modalities":["audio"],
             "instructions":"You are a helpful, witty, and friendly AI. Talk quickly.",
             "tools":[],"tool_choice":"auto","max_output_tokens":"inf",
             "tracing":null,"truncation":"auto","prompt":null,"expires_at":0,
             "audio":{
               "input":{"format":{"type":"audio/pcm","rate":24000},"transcription":null,"noise_reduction":null,
                 "turn_detection":null},
               "output":{"format":{"type":"audio/pcm","rate":24000},"voice":"marin","speed":1.0}},
             "include":null}
            """;
    private static final String SERVER_VAD = """
            {"type":"server_vad","threshold":0.5,"prefix_padding_ms":300,"silence_duration_ms":200,
             "idle_timeout_ms":null,"create_response":true,"interrupt_response":true}
            """;
    private static final String SEMANTIC_VAD = """
            {"type":"semantic_vad","eagerness":"auto","create_response":true,"interrupt_response":true}
            """;
    /** Objects that are merged field by field; every other value replaces the old one. */
    private static final Set<String> MERGED =
            Set.of("audio", "input", "output", "transcription", "noise_reduction", "reasoning");

    private static final int SEMANTIC_PREFIX_MILLIS = 300;

    private ObjectNode session;

    public SessionSettings(String id, String model, long expiresAtEpochSecond) {
        session = parse(DEFAULTS).put("id", id).put("model", model).put("expires_at", expiresAtEpochSecond);
        ((ObjectNode) session.at("/audio/input")).set("turn_detection", parse(SERVER_VAD));
    }

    /**
     * Merges what the client sent, all of it or nothing.
     *
     * @param voiceIsHeard true once the caller has heard the voice: it cannot change any more
     */
    public void update(ObjectNode changes, boolean voiceIsHeard) throws ProtocolError {
        if (SessionRules.hasBetaShape(changes)) throw ProtocolError.betaShape();
        SessionRules.SESSION.check(changes, "session");
        if (!changes.path("type").asText().equals("realtime")) {
            throw ProtocolError.of(
                    "invalid_value",
                    "Passing a transcription session to a realtime session is not allowed.",
                    "session.type");
        }
        ObjectNode merged = session.deepCopy();
        // A model in session.update is ignored without a word, as the live server does.
        merge(merged, changes.deepCopy().without("model"));
        if (voiceIsHeard && !merged.at("/audio/output/voice").equals(session.at("/audio/output/voice"))) {
            throw ProtocolError.of(
                    "cannot_update_voice",
                    "Cannot update a conversation's voice if assistant audio is present.",
                    "session.audio.output.voice");
        }
        session = merged;
    }

    public ObjectNode object() {
        return session;
    }

    public Encoding inputEncoding() {
        return Encoding.named(session.at("/audio/input/format/type").asText());
    }

    /** What the detector needs; null when the client decides turns itself. */
    @Nullable
    public TurnDetection turnDetection() {
        JsonNode vad = vad();
        return switch (vad.path("type").asText()) {
            case "server_vad" ->
                new TurnDetection(
                        vad.path("threshold").asDouble(),
                        vad.path("prefix_padding_ms").asInt(),
                        vad.path("silence_duration_ms").asInt());
            case "semantic_vad" ->
                new TurnDetection(
                        0.5,
                        SEMANTIC_PREFIX_MILLIS,
                        hangOverMillis(vad.path("eagerness").asText()));
            default -> null;
        };
    }

    /** How long detection waits when the caller's sentence is not finished: only semantic detection knows. */
    public @Nullable TurnDetection patientTurnDetection() {
        TurnDetection usual = turnDetection();
        if (usual == null || !vad().path("type").asText().equals("semantic_vad")) return usual;
        int mostMillis =
                switch (vad().path("eagerness").asText()) {
                    case "high" -> 2_000;
                    case "low" -> 8_000;
                    default -> 4_000;
                };
        return new TurnDetection(usual.threshold(), usual.prefixPaddingMillis(), mostMillis);
    }

    public boolean createsResponses() {
        return vad().path("create_response").asBoolean();
    }

    public boolean interruptsResponses() {
        return vad().path("interrupt_response").asBoolean();
    }

    /** 0 for none. */
    public int idleTimeoutMillis() {
        return vad().path("idle_timeout_ms").asInt(0);
    }

    /** Who writes down what the caller says; null for nobody. */
    @Nullable
    public String transcriptionModel() {
        JsonNode transcription = session.at("/audio/input/transcription");
        return transcription.isObject() ? transcription.path("model").asText("gpt-transcribe") : null;
    }

    public String model() {
        return session.path("model").asText();
    }

    private JsonNode vad() {
        return session.at("/audio/input/turn_detection");
    }

    /** How long semantic detection waits after the last sound; there are no words here to judge by. */
    private static int hangOverMillis(String eagerness) {
        return switch (eagerness) {
            case "high" -> 400;
            case "low" -> 2_000;
            default -> 900;
        };
    }

    private static void merge(ObjectNode into, JsonNode changes) {
        for (Map.Entry<String, JsonNode> change : changes.properties()) {
            String name = change.getKey();
            JsonNode value = change.getValue();
            JsonNode old = into.path(name);
            if (name.equals("turn_detection") && value.isObject()) {
                into.set(name, mergedTurnDetection(old, value));
            } else if (MERGED.contains(name) && value.isObject() && old.isObject()) {
                merge((ObjectNode) old, value);
            } else {
                into.set(name, value);
            }
        }
    }

    private static ObjectNode mergedTurnDetection(JsonNode old, JsonNode changes) {
        String type = changes.path("type").asText();
        ObjectNode base = old.path("type").asText().equals(type)
                ? old.deepCopy()
                : parse(type.equals("server_vad") ? SERVER_VAD : SEMANTIC_VAD);
        merge(base, changes);
        return base;
    }

    private static ObjectNode parse(String json) {
        try {
            return (ObjectNode) ServerEvents.JSON.readTree(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException("the simulator's own defaults", e);
        }
    }
}

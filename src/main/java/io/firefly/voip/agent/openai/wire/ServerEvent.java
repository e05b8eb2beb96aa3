package io.firefly.voip.agent.openai.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.Utterance.Speaker;
import io.firefly.voip.agent.openai.settings.Models.Transcribed;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event from the provider, reduced to what we listen to. Names of fields as in the Realtime API (GA).
 *
 * @param text {@code transcript}, or {@code delta} where it is text
 * @param audio {@code delta} of {@code response.output_audio.delta}, decoded
 * @param body the nested object: a response, an item, an error, rate limits or the usage of a transcription, whichever
 *     there is
 */
@SuppressWarnings("ArrayRecordComponent") // sound is read once and never compared
public record ServerEvent(
        String type,
        @Nullable String responseId,
        @Nullable String itemId,
        @Nullable String previousItemId,
        int contentIndex,
        @Nullable String text,
        byte @Nullable [] audio,
        JsonNode body) {
    public static final String AUDIO_DELTA = "response.output_audio.delta";
    /** Far above any honest event; the longest are {@code session.updated} and items that carry sound. */
    public static final int MAX_CHARS = 4 << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads a frame in one pass, without a tree for the events that come often.
     *
     * @return null when this is no event: not JSON, not an object, without a type, an id that is no string, oversized
     */
    public static @Nullable ServerEvent read(String frame) {
        if (frame.length() > MAX_CHARS) return null;
        try (JsonParser parser = JSON.createParser(frame)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) return null;
            Reader reader = new Reader(parser);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                reader.take(name);
            }
            return reader.event();
        } catch (IOException | IllegalArgumentException e) {
            // Foreign input: the caller counts it.
            return null;
        }
    }

    /** The same event about this item of this response. */
    public ServerEvent about(@Nullable String response, @Nullable String item) {
        return new ServerEvent(type, response, item, previousItemId, contentIndex, text, audio, body);
    }

    /** The same kind of event with another body. */
    public ServerEvent with(JsonNode otherBody) {
        return new ServerEvent(type, responseId, itemId, previousItemId, contentIndex, text, audio, otherBody);
    }

    /** An event that was left out. */
    public static ServerEvent of(String type, JsonNode body) {
        return new ServerEvent(type, null, null, null, 0, null, null, body);
    }

    /** A text field of the body, empty when absent. */
    public String bodyText(String field) {
        return body.path(field).asText("");
    }

    /** Whose words an item is; null for what is not speech. */
    @Nullable
    public Speaker speaker() {
        String role = bodyText("role");
        List<String> content = body.path("content").findValuesAsText("type");
        // What we tell a session of those before it comes back as text.
        if (role.equals("assistant")) return content.contains("output_text") ? null : Speaker.AI;
        boolean spoken = content.contains("input_audio");
        return role.equals("user") && spoken ? Speaker.CALLER : null;
    }

    /** What a {@code response.done} cost. */
    public AgentUsage usage() {
        JsonNode usage = body.path("usage");
        return new AgentUsage(
                usage.path("input_tokens").asLong(),
                usage.path("output_tokens").asLong(),
                usage.path("input_token_details").path("audio_tokens").asLong(),
                usage.path("output_token_details").path("audio_tokens").asLong(),
                usage.path("input_token_details").path("cached_tokens").asLong(),
                usage.at("/input_token_details/cached_tokens_details/audio_tokens")
                        .asLong(),
                0);
    }

    /** What a transcript of the caller's words took. */
    public Transcribed transcribed() {
        return new Transcribed(
                Math.max(0, body.path("seconds").asDouble()),
                Math.max(0, body.path("input_tokens").asLong()),
                Math.max(0, body.path("output_tokens").asLong()));
    }

    /** Why a {@code response.done} failed, in the provider's code. */
    public String failureCode() {
        JsonNode error = body.path("status_details").path("error");
        String code = error.path("code").asText("");
        return code.isEmpty() ? error.path("type").asText("unknown") : code;
    }

    /** What the provider says about a failed {@code response.done}, in its own words. */
    public String failureMessage() {
        return body.path("status_details").path("error").path("message").asText("");
    }

    /** The code of an {@code error}, or its type when it has none. */
    public String errorCode() {
        String code = bodyText("code");
        return code.isEmpty() ? bodyText("type") : code;
    }

    /** Why a {@code response.done} is incomplete, such as {@code content_filter}; empty when it is not. */
    public String incompleteReason() {
        return body.path("status_details").path("reason").asText("");
    }

    private static final class Reader {
        private final JsonParser parser;
        private @Nullable String type;
        private @Nullable String responseId;
        private @Nullable String itemId;
        private @Nullable String previousItemId;
        private int contentIndex;
        private @Nullable String text;
        private byte @Nullable [] audio;
        private JsonNode body = MissingNode.getInstance();

        Reader(JsonParser parser) {
            this.parser = parser;
        }

        void take(String name) throws IOException {
            switch (name) {
                case "type" -> type = string();
                case "response_id" -> responseId = string();
                case "item_id" -> itemId = string();
                case "previous_item_id" -> previousItemId = string();
                case "content_index" -> contentIndex = parser.getValueAsInt(0);
                case "transcript" -> text = string();
                case "delta" -> delta();
                case "response", "item", "error", "rate_limits", "usage" -> object();
                default -> parser.skipChildren();
            }
        }

        private void delta() throws IOException {
            if (AUDIO_DELTA.equals(type) && parser.currentToken() == JsonToken.VALUE_STRING) {
                audio = parser.getBinaryValue();
            } else {
                text = string();
            }
        }

        private void object() throws IOException {
            if (parser.currentToken().isStructStart()) body = JSON.readTree(parser);
            else parser.skipChildren();
        }

        private @Nullable String string() throws IOException {
            JsonToken token = parser.currentToken();
            if (token == JsonToken.VALUE_STRING) return parser.getText();
            if (token == JsonToken.VALUE_NULL) return null;
            throw new IOException("expected a string");
        }

        @Nullable
        ServerEvent event() {
            if (type == null || parser.currentToken() != JsonToken.END_OBJECT) return null;
            boolean late = AUDIO_DELTA.equals(type) && audio == null && text != null;
            byte[] sound = late ? Base64.getDecoder().decode(text) : audio;
            return new ServerEvent(type, responseId, itemId, previousItemId, contentIndex, text, sound, body);
        }
    }
}

package io.firefly.voip.agent.simulator.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes the frames of one session: envelope, ids, errors, and audio deltas without building a tree. */
public final class ServerEvents {
    /** The legal 15 MiB of audio in one event, in base64. */
    public static final int MAX_FRAME_BYTES = 24 << 20;

    /** Reads the largest legal event: 15 MiB of audio in base64. */
    public static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MAX_FRAME_BYTES)
                    .build())
            .build());

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ID_LENGTH = 21;
    private static final int CALL_ID_LENGTH = 16;

    private final SplittableRandom random;
    private final Consumer<String> wire;

    /** @param seed the same seed gives the same ids */
    public ServerEvents(long seed, Consumer<String> wire) {
        this.random = new SplittableRandom(seed);
        this.wire = wire;
    }

    /** For example {@code item_} and 21 characters. */
    public String id(String prefix) {
        return prefix + letters(prefix.equals("call_") ? CALL_ID_LENGTH : ID_LENGTH);
    }

    /** Any number from 0 to below this. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    public boolean coin() {
        return random.nextBoolean();
    }

    /** Random letters that hide how long a delta is, as the real server adds them. */
    public String obfuscation(int textLength) {
        return letters(Math.max(0, 16 - textLength % 16));
    }

    public ObjectNode event(String type) {
        return JSON.createObjectNode().put("type", type).put("event_id", id("event_"));
    }

    public void send(ObjectNode event) {
        try {
            wire.accept(JSON.writeValueAsString(event));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + event.path("type"), e);
        }
    }

    public void error(ProtocolError refused, @Nullable String clientEventId) {
        ObjectNode event = event("error");
        event.putObject("error")
                .put("type", refused.code().equals("server_error") ? "server_error" : "invalid_request_error")
                .put("code", refused.code())
                .put("message", refused.text())
                .put("param", refused.param())
                .put("event_id", clientEventId);
        send(event);
    }

    /** The part of a delta that all deltas of one content part share. */
    public static String audioDeltaTail(String responseId, String itemId, int outputIndex) {
        return "\",\"response_id\":\"" + responseId + "\",\"item_id\":\"" + itemId + "\",\"output_index\":"
                + outputIndex + ",\"content_index\":0,\"delta\":\"";
    }

    public void audioDelta(String tail, String base64) {
        StringBuilder frame = new StringBuilder(96 + tail.length() + base64.length());
        frame.append("{\"type\":\"response.output_audio.delta\",\"event_id\":\"event_");
        appendLetters(frame, ID_LENGTH);
        wire.accept(frame.append(tail).append(base64).append("\"}").toString());
    }

    private String letters(int count) {
        StringBuilder letters = new StringBuilder(count);
        appendLetters(letters, count);
        return letters.toString();
    }

    private void appendLetters(StringBuilder to, int count) {
        for (int i = 0; i < count; i++) to.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
}

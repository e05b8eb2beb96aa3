package io.firefly.voip.agent.simulator.protocol;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Reads the one event that comes fifty times a second without building a tree. One session, one thread. */
public final class AppendReader {
    public static final String TYPE = "input_audio_buffer.append";

    private static final int SCRATCH_BYTES = 64 << 10;

    private Scratch scratch = new Scratch();

    /**
     * True when it was one; its sound is in {@link #bytes}.
     *
     * @throws JsonProcessingException when the frame is no JSON
     */
    public boolean read(String frame) throws JsonProcessingException {
        if (!frame.contains(TYPE)) return false;
        boolean isAppend = false;
        boolean hasAudio = false;
        if (scratch.size() > SCRATCH_BYTES) scratch = new Scratch();
        scratch.reset();
        try (JsonParser parser = ServerEvents.JSON.createParser(frame)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) return false;
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                if (parser.nextToken() != JsonToken.VALUE_STRING) return false;
                switch (name) {
                    case "type" -> isAppend = parser.getText().equals(TYPE);
                    case "audio" -> hasAudio = decoded(parser);
                    case "event_id" -> parser.getText();
                    default -> {
                        return false;
                    }
                }
            }
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot fail to be read", e);
        }
        return isAppend && hasAudio;
    }

    /** Valid in its first {@link #size} bytes, until the next event is read. */
    public byte[] bytes() {
        return scratch.bytes();
    }

    public int size() {
        return scratch.size();
    }

    private boolean decoded(JsonParser parser) throws IOException {
        try {
            parser.readBinaryValue(Base64Variants.MIME_NO_LINEFEEDS, scratch);
            return true;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            // Not base64: the slow path says so, with the client's event id.
            return false;
        }
    }

    /** Decoded audio of one append, without a copy. */
    private static final class Scratch extends ByteArrayOutputStream {
        byte[] bytes() {
            return buf;
        }
    }
}

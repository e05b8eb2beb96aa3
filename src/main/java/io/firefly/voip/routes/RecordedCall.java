package io.firefly.voip.routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firefly.voip.camel.rehearsal.Described;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is known of a call that was: the JSON beside its recording, or a line of the detail records. The source
 * address is in neither; a call with an asserted identity, with diversions or without a subscriber came from a trusted one.
 */
final class RecordedCall {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BYTES = 64 * 1024 * 1024;

    private RecordedCall() {}

    /** @param callId which line of several; null for the only one */
    static Described read(Path file, @Nullable String callId) throws IOException {
        String text = text(file);
        List<JsonNode> calls = new ArrayList<>();
        try (var values = JSON.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            while (values.hasNext()) {
                JsonNode call = values.next();
                if (callId == null || call.path("callId").asText().equals(callId)) calls.add(call);
            }
        } catch (RuntimeException | JsonProcessingException e) {
            throw new IllegalArgumentException(file + " is not JSON: " + firstLine(e), e);
        }
        if (calls.isEmpty()) {
            throw new IllegalArgumentException(
                    file + (callId == null ? " holds no call" : " holds no call with the id '" + callId + "'"));
        }
        if (calls.size() > 1) {
            throw new IllegalArgumentException(
                    file + " holds " + calls.size() + " calls; name one by --call-id, such as "
                            + calls.get(calls.size() - 1).path("callId").asText());
        }
        return described(file, calls.get(0));
    }

    private static String text(Path file) throws IOException {
        try {
            if (Files.size(file) > MAX_BYTES) throw new IllegalArgumentException(file + " is larger than 64 MiB");
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no file " + file, e);
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static Described described(Path file, JsonNode call) {
        if (!call.has("caller") || !call.has("called")) {
            throw new IllegalArgumentException(file + " is no recorded call: it has no 'caller' or no 'called'");
        }
        List<String> diversions = new ArrayList<>();
        call.path("diversions").forEach(each -> diversions.add(party(each.path("from"))));
        if (call.path("forwardedFrom").isTextual())
            diversions.add(call.path("forwardedFrom").asText());
        String subscriber =
                call.path("subscriber").isTextual() ? call.path("subscriber").asText() : null;
        JsonNode asserted = call.path("assertedIdentity");
        boolean trusted = subscriber == null;
        return new Described(
                party(call.path("caller")),
                party(call.path("called")),
                call.path("caller").path("displayName").isTextual()
                        ? call.path("caller").path("displayName").asText()
                        : null,
                diversions,
                asserted.isObject() ? party(asserted) : null,
                trusted ? "127.0.0.1" : "192.0.2.1",
                trusted,
                subscriber,
                Map.of(),
                instant(call.path("offeredAt")));
    }

    private static String party(JsonNode party) {
        return party.isTextual()
                ? party.asText()
                : party.path("uri").asText(party.path("number").asText());
    }

    private static @Nullable Instant instant(JsonNode at) {
        try {
            return at.isTextual() ? Instant.parse(at.asText()) : null;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}

package io.firefly.voip.agent.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firefly.voip.agent.simulator.protocol.ProtocolError;
import io.firefly.voip.agent.simulator.protocol.ServerEvents;
import io.firefly.voip.agent.simulator.protocol.SessionRules;
import io.firefly.voip.agent.simulator.sound.InputAudio.Segment;
import io.firefly.voip.agent.simulator.sound.Voice;
import io.firefly.voip.agent.simulator.sound.Voice.Speech;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The items of one session in order, and what a client may do with them. */
final class Conversation {
    private static final int MAX_ITEMS = 2_000;
    /** Older turns are remembered without their sound. */
    private static final int ITEMS_WITH_SOUND = 32;

    private static final Pattern CALL_ID = Pattern.compile("[a-zA-Z0-9_-]+");
    private static final Set<String> COMMON_FIELDS = Set.of("id", "object", "type", "status");
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "message", Set.of("role", "content"),
            "function_call", Set.of("call_id", "name", "arguments"),
            "function_call_output", Set.of("call_id", "output"));
    private static final Set<String> STATUS = Set.of("completed", "incomplete", "in_progress");
    private static final Map<String, Set<String>> CONTENT_TYPES = Map.of(
            "user", Set.of("input_text", "input_audio", "input_image"),
            "system", Set.of("input_text"),
            "assistant", Set.of("output_text"));

    private final ServerEvents events;
    private final List<Item> items = new ArrayList<>();

    Conversation(ServerEvents events) {
        this.events = events;
    }

    /** One item, with the sound that its JSON does not show. */
    static final class Item {
        final ObjectNode json;

        @Nullable
        Segment heard;

        @Nullable
        Speech speech;

        int spokenMillis;
        boolean truncated;

        Item(ObjectNode json) {
            this.json = json;
        }

        String id() {
            return json.path("id").asText();
        }

        String type() {
            return json.path("type").asText();
        }

        String role() {
            return json.path("role").asText();
        }

        /** All text of a message, spoken or written. */
        String text() {
            StringBuilder text = new StringBuilder();
            for (JsonNode part : json.path("content")) {
                text.append(part.path("text").asText())
                        .append(part.path("transcript").asText());
            }
            return text.toString();
        }

        int heardMillis() {
            return heard == null ? 0 : heard.millis();
        }
    }

    List<Item> items() {
        return items;
    }

    /** Appends an item and announces it as begun; {@link #done} announces its end. */
    void begin(Item item) {
        if (items.size() >= MAX_ITEMS) items.remove(0);
        items.add(item);
        forgetOldSound();
        announce("conversation.item.added", item);
    }

    void done(Item item) {
        announce("conversation.item.done", item);
    }

    /** An item that is complete from the start. */
    void add(Item item) {
        begin(item);
        done(item);
    }

    /** The id a new last item follows; null for the first. */
    @Nullable
    String lastId() {
        return items.isEmpty() ? null : items.get(items.size() - 1).id();
    }

    void create(ObjectNode event) throws ProtocolError {
        Item item = new Item(((ObjectNode) event.get("item")).deepCopy());
        checkItem(item);
        if (items.size() >= MAX_ITEMS) {
            throw ProtocolError.of(
                    "conversation_too_long", "A conversation has at most " + MAX_ITEMS + " items.", "item");
        }
        if (!item.json.has("id")) item.json.put("id", events.id("item_"));
        if (find(item.id()) != null) {
            throw ProtocolError.of(
                    "item_create_duplicate_id", "Item with id '" + item.id() + "' already exists.", "item.id");
        }
        item.json.put("object", "realtime.item");
        if (!item.json.has("status")) item.json.put("status", "completed");
        items.add(placeAfter(event.path("previous_item_id")), item);
        announce("conversation.item.added", item);
        announce("conversation.item.done", item);
    }

    void retrieve(ObjectNode event) throws ProtocolError {
        Item item = require(event, "item_retrieve_invalid_item_id");
        ObjectNode shown = item.json.deepCopy();
        ObjectNode part = (ObjectNode) shown.path("content").get(0);
        String sound = null;
        if (item.heard != null) sound = item.heard.base64();
        if (item.speech != null) sound = item.speech.base64(item.spokenMillis);
        if (sound != null && part != null) part.put("audio", sound);
        ObjectNode answer = events.event("conversation.item.retrieved");
        answer.set("item", shown);
        events.send(answer);
    }

    void delete(ObjectNode event) throws ProtocolError {
        Item item = require(event, "item_delete_invalid_item_id");
        items.remove(item);
        events.send(events.event("conversation.item.deleted").put("item_id", item.id()));
    }

    void truncate(ObjectNode event) throws ProtocolError {
        Item item = require(event, "item_truncate_invalid_item_id");
        if (item.speech == null || item.spokenMillis == 0) {
            throw ProtocolError.of(
                    "unsupported_content_type", "Only model output audio messages can be truncated", "item_id");
        }
        int contentIndex = event.path("content_index").asInt();
        if (contentIndex != 0) {
            throw ProtocolError.of(
                    "invalid_value", "Invalid 'content_index': item has 1 content part.", "content_index");
        }
        int endMillis = event.path("audio_end_ms").asInt();
        int spoken = item.spokenMillis / Voice.TOKEN_MILLIS * Voice.TOKEN_MILLIS;
        if (endMillis > spoken) {
            throw ProtocolError.of(
                    "invalid_value",
                    "Audio content of " + spoken + "ms is already shorter than " + endMillis + "ms",
                    "audio_end_ms");
        }
        item.spokenMillis = endMillis;
        item.truncated = true;
        if (item.json.path("content").get(0) instanceof ObjectNode part) part.remove("transcript");
        events.send(events.event("conversation.item.truncated")
                .put("item_id", item.id())
                .put("content_index", contentIndex)
                .put("audio_end_ms", endMillis));
    }

    /** The call an output answers; null when it was never made or was deleted. */
    @Nullable
    Item functionCall(String callId) {
        for (Item item : items) {
            if (item.type().equals("function_call")
                    && item.json.path("call_id").asText().equals(callId)) return item;
        }
        return null;
    }

    @Nullable
    Item find(String id) {
        for (int i = items.size() - 1; i >= 0; i--) if (items.get(i).id().equals(id)) return items.get(i);
        return null;
    }

    private Item require(ObjectNode event, String code) throws ProtocolError {
        String id = event.path("item_id").asText();
        Item item = find(id);
        if (item == null) {
            throw ProtocolError.of(code, "Item with item_id '" + id + "' not found in the conversation.", "item_id");
        }
        return item;
    }

    private int placeAfter(JsonNode previous) throws ProtocolError {
        if (previous.isMissingNode() || previous.isNull()) return items.size();
        if (previous.asText().equals("root")) return 0;
        Item before = find(previous.asText());
        if (before == null) {
            throw ProtocolError.of(
                    "item_create_invalid_previous_item_id",
                    "Previous item with id '" + previous.asText() + "' not found in the conversation.",
                    "previous_item_id");
        }
        return items.indexOf(before) + 1;
    }

    private void checkItem(Item item) throws ProtocolError {
        String type = SessionRules.required(item.json, "type", "item");
        checkFields(item.json, type);
        switch (type) {
            case "message" -> checkMessage(item.json);
            case "function_call" -> {
                SessionRules.required(item.json, "name", "item");
                SessionRules.required(item.json, "arguments", "item");
                checkCallId(item.json);
            }
            case "function_call_output" -> {
                SessionRules.required(item.json, "output", "item");
                checkCallId(item.json);
                String callId = item.json.path("call_id").asText();
                if (functionCall(callId) == null) {
                    throw ProtocolError.of(
                            "invalid_tool_call_id",
                            "Tool call ID '" + callId + "' not found in conversation.",
                            "item.call_id");
                }
            }
            default ->
                throw ProtocolError.invalidValue(
                        "item.type", type, "'message', 'function_call', and 'function_call_output'");
        }
    }

    private static void checkFields(ObjectNode item, String type) throws ProtocolError {
        for (Iterator<String> names = item.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            Set<String> own = FIELDS.getOrDefault(type, Set.of(name));
            if (!own.contains(name) && !COMMON_FIELDS.contains(name)) {
                throw ProtocolError.unknownParameter("item." + name);
            }
        }
        if (item.has("id") && SessionRules.required(item, "id", "item").length() > 32) {
            throw ProtocolError.of("invalid_value", "Invalid 'item.id': at most 32 characters.", "item.id");
        }
        if (item.has("status") && !STATUS.contains(SessionRules.required(item, "status", "item"))) {
            throw ProtocolError.invalidValue("item.status", item.path("status").asText(), STATUS.toString());
        }
    }

    private static void checkMessage(ObjectNode item) throws ProtocolError {
        String role = SessionRules.required(item, "role", "item");
        Set<String> allowed = CONTENT_TYPES.get(role);
        if (allowed == null) throw ProtocolError.invalidValue("item.role", role, "'user', 'assistant', and 'system'");
        if (!(item.get("content") instanceof ArrayNode content)) throw ProtocolError.missing("item.content");
        for (int i = 0; i < content.size(); i++) {
            String path = "item.content[" + i + "]";
            String type = SessionRules.required(content.get(i), "type", path);
            if (!allowed.contains(type)) {
                throw ProtocolError.invalidValue(path + ".type", type, "'" + String.join("', '", allowed) + "'");
            }
            if (type.endsWith("_text")) SessionRules.required(content.get(i), "text", path);
        }
    }

    private static void checkCallId(ObjectNode item) throws ProtocolError {
        String callId = SessionRules.required(item, "call_id", "item");
        if (!CALL_ID.matcher(callId).matches()) {
            throw ProtocolError.of(
                    "invalid_value",
                    "Invalid 'item.call_id': string does not match pattern. Expected a string that matches the"
                            + " pattern '^[a-zA-Z0-9_-]+$'.",
                    "item.call_id");
        }
    }

    private void forgetOldSound() {
        int old = items.size() - 1 - ITEMS_WITH_SOUND;
        if (old >= 0) items.get(old).heard = null;
    }

    private void announce(String type, Item item) {
        int at = items.indexOf(item);
        ObjectNode event = events.event(type)
                .put("previous_item_id", at > 0 ? items.get(at - 1).id() : null);
        event.set("item", item.json);
        events.send(event);
    }
}

package io.firefly.voip.agent.openai.turns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firefly.voip.agent.openai.wire.ServerEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fills in what servers of a similar protocol leave out: a response that is never said to have been created, events that
 * do not say which response or item they are about. Agent's thread only.
 */
final class Gateway {
    private @Nullable String responseId;
    private @Nullable String itemId;
    private int responses;

    /** The event as OpenAI would have sent it, after those that it would have sent before. */
    List<ServerEvent> complete(ServerEvent event) {
        List<ServerEvent> all = new ArrayList<>(2);
        switch (event.type()) {
            case "response.created" -> all.add(created(event));
            case "response.done" -> all.add(done(event));
            default -> {
                if (event.type().startsWith("response.")) part(event, all);
                else all.add(event);
            }
        }
        return all;
    }

    private ServerEvent created(ServerEvent event) {
        String id = event.bodyText("id");
        responseId = id.isEmpty() ? "resp_gateway_" + ++responses : id;
        itemId = null;
        return id.isEmpty() ? event.with(withId(event.body(), responseId)) : event;
    }

    private void part(ServerEvent event, List<ServerEvent> all) {
        String id = event.responseId() != null ? event.responseId() : responseId;
        if (id == null || (responseId == null && event.audio() != null)) {
            id = id == null ? "resp_gateway_" + ++responses : id;
            all.add(ServerEvent.of("response.created", withId(null, id)));
        }
        responseId = id;
        if (event.itemId() != null) itemId = event.itemId();
        else if (!event.bodyText("id").isEmpty()) itemId = event.bodyText("id");
        else if (itemId == null) itemId = "item_of_" + id;
        all.add(event.about(id, itemId));
    }

    private ServerEvent done(ServerEvent event) {
        String id = event.bodyText("id").isEmpty() && responseId != null ? responseId : event.bodyText("id");
        responseId = null;
        itemId = null;
        ObjectNode body = withId(event.body(), id);
        if (event.bodyText("status").isEmpty()) body.put("status", "completed");
        return event.with(body);
    }

    private static ObjectNode withId(@Nullable JsonNode body, String id) {
        ObjectNode filled =
                body instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
        return filled.put("id", id);
    }
}

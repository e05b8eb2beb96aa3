package io.firefly.voip.agent.openai.wire;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firefly.voip.agent.ToolDescription;
import java.time.Duration;
import java.util.List;

/** What the model may ask for now, as the wire wants it: each tool with its parameters as JSON Schema. Agent's thread. */
final class Toolbox {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The desk is the first to give up: it knows why. */
    private static final Duration ALLOWANCE = Duration.ofSeconds(2);
    /** To finish a sentence, to be asked, and to press a key. */
    private static final Duration CONSENT = Duration.ofSeconds(60);

    private List<ToolDescription> tools;

    Toolbox(List<ToolDescription> tools) {
        this.tools = List.copyOf(tools);
    }

    void replace(List<ToolDescription> others) {
        tools = List.copyOf(others);
    }

    /** @param evenNone says so too when there is none: what was offered before is withdrawn by that */
    void write(ObjectNode session, boolean evenNone) {
        if (tools.isEmpty() && !evenNone) return;
        ArrayNode all = session.putArray("tools");
        for (ToolDescription tool : tools) writeTool(all.addObject(), tool);
        session.put("tool_choice", tools.isEmpty() ? "none" : "auto");
    }

    /** How long an answer is waited for. */
    Duration patienceWith(String name, Duration normal) {
        for (ToolDescription tool : tools) {
            if (!tool.name().equals(name)) continue;
            Duration own = tool.terms().timeout() == null
                    ? normal
                    : tool.terms().timeout().plus(ALLOWANCE);
            Duration longer = own.compareTo(normal) > 0 ? own : normal;
            return tool.terms().confirmed() ? longer.plus(CONSENT) : longer;
        }
        return normal;
    }

    private static void writeTool(ObjectNode node, ToolDescription tool) {
        node.put("type", "function").put("name", tool.name()).put("description", tool.description());
        node.set("parameters", JSON.valueToTree(tool.schema()));
    }
}

package io.firefly.voip.camel.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firefly.voip.agent.ToolDescription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads what the model wrote and believes none of it. */
final class ToolArguments {
    static final List<String> TYPES = List.of("string", "number", "integer", "boolean");
    private static final int MAX_CHARS = 64 * 1024;

    private final ObjectMapper json;

    ToolArguments(ObjectMapper json) {
        this.json = json;
    }

    /**
     * What came of reading.
     *
     * @param values String, Long, Double or Boolean by name, in the order of the description
     * @param error a sentence for the model that names what is wrong; null when all is well
     */
    record Read(Map<String, Object> values, @Nullable String error) {
        static Read failed(String error) {
            return new Read(Map.of(), error);
        }
    }

    Read read(ToolDescription tool, String argumentsJson) {
        JsonNode given = parse(argumentsJson);
        if (given == null) return Read.failed("the arguments must be one JSON object");
        List<String> errors = new ArrayList<>();
        for (String name : unknown(given, tool)) errors.add("there is no parameter '" + name + "'");
        Map<String, Object> values = new LinkedHashMap<>();
        tool.parameters().forEach((name, type) -> {
            JsonNode node = given.path(name);
            Object value = value(node, type);
            if (value != null) {
                values.put(name, value);
            } else if (node.isMissingNode() || node.isNull()) {
                if (!tool.optional().contains(name)) errors.add("parameter '" + name + "' (" + type + ") is missing");
            } else {
                errors.add("parameter '" + name + "' must be of type " + type);
            }
        });
        return errors.isEmpty() ? new Read(values, null) : Read.failed(String.join("; ", errors));
    }

    private @Nullable JsonNode parse(String text) {
        if (text.length() > MAX_CHARS) return null;
        try {
            JsonNode node = json.readTree(text.isBlank() ? "{}" : text);
            return node.isObject() ? node : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static Set<String> unknown(JsonNode given, ToolDescription tool) {
        Set<String> names = new TreeSet<>();
        given.fieldNames().forEachRemaining(names::add);
        names.removeAll(tool.parameters().keySet());
        return names;
    }

    /** Null when the value is not of this type. */
    private static @Nullable Object value(JsonNode node, String type) {
        return switch (type) {
            case "string" -> node.isTextual() ? node.textValue() : null;
            case "boolean" -> node.isBoolean() ? (Object) node.booleanValue() : null;
            case "number" -> node.isNumber() ? (Object) node.doubleValue() : null;
            case "integer" -> integer(node);
            default -> null;
        };
    }

    /** JSON knows one kind of number: 3.0 is an integer too. */
    private static @Nullable Object integer(JsonNode node) {
        if (!node.isNumber() || node.doubleValue() != Math.rint(node.doubleValue())) return null;
        return node.canConvertToLong() ? (Object) node.longValue() : null;
    }
}

package io.firefly.voip.camel.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.ToolDescription.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what the model wrote and believes none of it. */
final class ToolArguments {
    static final List<String> TYPES = List.of("string", "number", "integer", "boolean", Parameter.TARGET);
    private static final int MAX_CHARS = 64 * 1024;
    /** A text; also what a pattern of a route has to look at. */
    private static final int MAX_TEXT_CHARS = 4_000;

    private static final int MAX_SHOWN = 64;

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
        for (String name : unknown(given, tool)) errors.add(thereIsNo(name, tool));
        Map<String, Object> values = new LinkedHashMap<>();
        tool.parameters().forEach((name, parameter) -> {
            JsonNode node = given.path(name);
            if (node.isMissingNode() || node.isNull()) {
                if (parameter.required())
                    errors.add("parameter '" + name + "' (" + shown(parameter.type()) + ") is missing");
                return;
            }
            Object value = value(node, parameter.type());
            String mistake = value == null ? "of type " + shown(parameter.type()) : mistake(value, parameter);
            if (mistake != null) errors.add("parameter '" + name + "' must be " + mistake);
            else if (value != null) values.put(name, value);
        });
        return errors.isEmpty() ? new Read(values, null) : Read.failed(String.join("; ", errors));
    }

    private static String shown(String type) {
        return type.equals(Parameter.TARGET) ? "string" : type;
    }

    private static String thereIsNo(String name, ToolDescription tool) {
        String shown = name.substring(0, Math.min(MAX_SHOWN, name.length()));
        Set<String> known = tool.parameters().keySet();
        return "there is no parameter '" + shown + "'"
                + (known.isEmpty() ? ", the tool takes none" : "; there are " + String.join(", ", known));
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
            case "string", Parameter.TARGET -> node.isTextual() ? node.textValue() : null;
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

    /** What it must be, in words; null when it is. */
    private static @Nullable String mistake(Object value, Parameter parameter) {
        if (value instanceof Number number) return outOfRange(number.doubleValue(), parameter);
        if (!(value instanceof String text)) return null;
        if (text.length() > MAX_TEXT_CHARS) return "a text of at most " + MAX_TEXT_CHARS + " characters";
        if (!parameter.choices().isEmpty() && !parameter.choices().contains(text)) {
            return "one of " + String.join(", ", parameter.choices());
        }
        String pattern = parameter.pattern();
        return pattern == null || Pattern.matches(pattern, text) ? null : "a text that matches " + pattern;
    }

    private static @Nullable String outOfRange(double number, Parameter parameter) {
        Double least = parameter.minimum();
        Double most = parameter.maximum();
        if (least != null && number < least) return "at least " + plain(least);
        if (most != null && number > most) return "at most " + plain(most);
        return null;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }
}

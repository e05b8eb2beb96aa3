package io.firefly.voip.agent.simulator.script;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** The keys of one mapping. A value that is not what it should be is a mistake noted, and its default is read instead. */
final class ScriptFields {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final long MAX_MILLIS = 24 * 3_600_000L;

    private final ScriptText text;
    private final MappingNode mapping;
    private final Map<String, Node> values = new LinkedHashMap<>();

    ScriptFields(ScriptText text, MappingNode mapping, Set<String> allowed) {
        this.text = text;
        this.mapping = mapping;
        for (NodeTuple tuple : mapping.getValue()) {
            Node key = tuple.getKeyNode();
            String name = key instanceof ScalarNode scalar ? scalar.getValue() : "";
            if (!allowed.contains(name)) {
                text.mistake(
                        key,
                        "unknown key '" + name + "'" + meant(name, allowed) + ". Here may be: "
                                + String.join(", ", allowed) + ".");
            } else if (values.putIfAbsent(name, tuple.getValueNode()) != null) {
                text.mistake(key, "'" + name + "' is there twice; leave one.");
            }
        }
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    Set<String> names() {
        return values.keySet();
    }

    void mistake(String name, String sentence) {
        Node at = values.get(name);
        text.mistake(at == null ? mapping : at, sentence);
    }

    String text(String name, String otherwise) {
        Node node = present(name);
        if (node == null) return otherwise;
        if (node instanceof ScalarNode scalar) return scalar.getValue();
        mistake(name, "'" + name + "' must be a text.");
        return otherwise;
    }

    /** A duration in milliseconds. */
    long millis(String name, long otherwise) {
        if (present(name) == null) return otherwise;
        Matcher duration = DURATION.matcher(text(name, "").strip());
        if (duration.matches()) {
            long unit =
                    switch (duration.group(2)) {
                        case "ms" -> 1;
                        case "s" -> 1_000;
                        case "m" -> 60_000;
                        default -> 3_600_000;
                    };
            long millis = Long.parseLong(duration.group(1)) * unit;
            if (millis <= MAX_MILLIS) return millis;
        }
        mistake(name, "'" + name + "' must be a time up to 24h with its unit, such as 300ms, 5s or 2m.");
        return otherwise;
    }

    double number(String name, double otherwise, double min, double max) {
        if (present(name) == null) return otherwise;
        try {
            double number = Double.parseDouble(text(name, ""));
            if (number >= min && number <= max) return number;
        } catch (NumberFormatException e) {
            // Told below, as a number out of its range is.
        }
        mistake(name, "'" + name + "' must be a number from " + shown(min) + " to " + shown(max) + ".");
        return otherwise;
    }

    int integer(String name, int otherwise, int min, int max) {
        double number = number(name, otherwise, min, max);
        if (number == Math.rint(number)) return (int) number;
        mistake(name, "'" + name + "' must be a whole number.");
        return otherwise;
    }

    boolean flag(String name) {
        String value = text(name, "false");
        if (!value.equals("true") && !value.equals("false")) {
            mistake(name, "'" + name + "' must be true or false.");
        }
        return value.equals("true");
    }

    /** One of an enum's values, written small and with dashes. */
    <E extends Enum<E>> E oneOf(String name, E otherwise, List<E> allowed) {
        if (present(name) == null) return otherwise;
        String value = text(name, "");
        for (E one : allowed) if (written(one).equals(value)) return one;
        String list =
                String.join(", ", allowed.stream().map(ScriptFields::written).toList());
        mistake(name, "'" + name + "' must be one of: " + list + ".");
        return otherwise;
    }

    /** A list, or one entry without the dash. */
    List<ScriptFields> entries(String name, Set<String> allowed) {
        List<ScriptFields> entries = new ArrayList<>();
        for (Node entry : nodes(name)) {
            if (entry instanceof MappingNode below) {
                entries.add(new ScriptFields(text, below, allowed));
            } else {
                text.mistake(
                        entry,
                        "an entry of '" + name + "' must have keys such as: " + String.join(", ", allowed) + ".");
            }
        }
        return entries;
    }

    /** A list of texts, or one text. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Node entry : nodes(name)) {
            if (entry instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
                texts.add(scalar.getValue());
            } else {
                text.mistake(entry, "an entry of '" + name + "' must be a text.");
            }
        }
        return texts;
    }

    /** Whether the value is a list of mappings, not of texts. */
    boolean holdsMappings(String name) {
        return nodes(name).stream().anyMatch(MappingNode.class::isInstance);
    }

    /** A mapping as a JSON object; empty when it is not there. */
    @Nullable
    ObjectNode json(String name) {
        Node node = present(name);
        if (node == null) return null;
        if (node instanceof MappingNode && json(node) instanceof ObjectNode object) return object;
        mistake(name, "'" + name + "' must have keys and values, such as {city: Bonn}.");
        return null;
    }

    boolean isMapping(String name) {
        return present(name) instanceof MappingNode;
    }

    private List<Node> nodes(String name) {
        Node node = present(name);
        if (node == null) return List.of();
        return node instanceof SequenceNode list ? list.getValue() : List.of(node);
    }

    private @Nullable Node present(String name) {
        Node node = values.get(name);
        return node == null || node.getTag().equals(Tag.NULL) ? null : node;
    }

    private static JsonNode json(Node node) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        if (node instanceof MappingNode mapping) {
            ObjectNode object = make.objectNode();
            for (NodeTuple tuple : mapping.getValue()) {
                String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
                object.set(key, json(tuple.getValueNode()));
            }
            return object;
        }
        if (node instanceof SequenceNode list) {
            var array = make.arrayNode();
            list.getValue().forEach(entry -> array.add(json(entry)));
            return array;
        }
        String value = ((ScalarNode) node).getValue();
        if (node.getTag().equals(Tag.NULL)) return make.nullNode();
        if (node.getTag().equals(Tag.BOOL)) return make.booleanNode(Boolean.parseBoolean(value));
        if (node.getTag().equals(Tag.INT) && value.matches("-?\\d{1,18}"))
            return make.numberNode(Long.parseLong(value));
        if (node.getTag().equals(Tag.FLOAT) && value.matches("-?\\d+\\.\\d+")) {
            return make.numberNode(Double.parseDouble(value));
        }
        return make.textNode(value);
    }

    static String written(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String shown(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }

    /** A known key that begins or ends like the unknown one. */
    private static String meant(String typed, Set<String> known) {
        String start = typed.substring(0, Math.min(4, typed.length()));
        return known.stream()
                .filter(name -> start.length() >= 3 && name.startsWith(start))
                .findFirst()
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("");
    }
}

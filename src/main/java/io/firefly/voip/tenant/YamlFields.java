package io.firefly.voip.tenant;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

/**
 * The fields of one mapping, each asked for by its name and type. What is wrong is noted in the {@link YamlFile} and
 * answered with null or nothing, so that the reader goes on to the next mistake.
 */
final class YamlFields {
    private static final Pattern DURATION = Pattern.compile("(?:(\\d{1,4})h)?(?:(\\d{1,5})m)?(?:(\\d{1,6})s)?");

    /** A text and where it stands. */
    record Text(String value, Node node) {}

    private final YamlFile file;
    private final MappingNode mapping;
    private final Map<String, Node> values = new LinkedHashMap<>();

    YamlFields(YamlFile file, MappingNode mapping, Set<String> allowed) {
        this.file = file;
        this.mapping = mapping;
        for (NodeTuple tuple : mapping.getValue()) {
            Node key = tuple.getKeyNode();
            String name = key instanceof ScalarNode scalar ? scalar.getValue() : "";
            if (!allowed.contains(name)) {
                file.problem(
                        key,
                        "unknown field '" + name + "'" + Spelling.hint(name, allowed) + " Allowed here: "
                                + String.join(", ", allowed));
            } else if (values.putIfAbsent(name, tuple.getValueNode()) != null) {
                file.problem(key, "field '" + name + "' is there twice.");
            }
        }
    }

    /** Notes a mistake at the field, or at the mapping when the field is absent. */
    void problem(String name, String sentence) {
        Node at = values.get(name);
        file.problem(at != null ? at : mapping, sentence);
    }

    @Nullable
    Text text(String name) {
        Node node = present(name);
        return node == null ? null : scalar(name, node);
    }

    /** Null is noted as a mistake. */
    @Nullable
    Text requiredText(String name) {
        if (values.get(name) == null) file.problem(mapping, "'" + name + "' is missing.");
        return text(name);
    }

    List<Text> texts(String name) {
        List<Text> texts = new ArrayList<>();
        Node node = present(name);
        if (node instanceof SequenceNode list) {
            for (Node entry : list.getValue()) {
                Text text = scalar(name, entry);
                if (text != null) texts.add(text);
            }
        } else if (node != null) {
            file.problem(node, "'" + name + "' must be a list, such as [\"+4930123450\"].");
        }
        return texts;
    }

    @Nullable
    Boolean truth(String name) {
        Text text = text(name);
        if (text == null) return null;
        if (text.value().equals("true")) return Boolean.TRUE;
        if (text.value().equals("false")) return Boolean.FALSE;
        file.problem(text.node(), "'" + name + "' must be true or false, not '" + text.value() + "'.");
        return null;
    }

    @Nullable
    Integer count(String name) {
        Text text = text(name);
        if (text == null) return null;
        if (text.value().matches("[1-9][0-9]{0,5}")) return Integer.valueOf(text.value());
        file.problem(
                text.node(), "'" + name + "' must be a whole number from 1 to 999999, not '" + text.value() + "'.");
        return null;
    }

    @Nullable
    Duration duration(String name) {
        Text text = text(name);
        if (text == null) return null;
        Matcher matcher = DURATION.matcher(text.value());
        if (matcher.matches()) {
            Duration duration = Duration.ofHours(part(matcher, 1))
                    .plusMinutes(part(matcher, 2))
                    .plusSeconds(part(matcher, 3));
            if (!duration.isZero()) return duration;
        }
        file.problem(
                text.node(), "'" + name + "' must be a time such as 1h, 45m or 1h30m, not '" + text.value() + "'.");
        return null;
    }

    private static long part(Matcher matcher, int group) {
        return matcher.group(group) == null ? 0 : Long.parseLong(matcher.group(group));
    }

    /** The mapping below a field; null when there is none. */
    @Nullable
    YamlFields fields(String name, Set<String> allowed) {
        Node node = present(name);
        if (node == null) return null;
        if (node instanceof MappingNode below) return new YamlFields(file, below, allowed);
        file.problem(node, "'" + name + "' must have fields: " + String.join(", ", allowed) + ".");
        return null;
    }

    /** The list of mappings below a field. */
    List<YamlFields> entries(String name, Set<String> allowed) {
        List<YamlFields> entries = new ArrayList<>();
        Node node = present(name);
        if (node == null) return entries;
        if (!(node instanceof SequenceNode list)) {
            file.problem(node, "'" + name + "' must be a list: each entry begins with '- '.");
            return entries;
        }
        for (Node entry : list.getValue()) {
            if (entry instanceof MappingNode below) {
                entries.add(new YamlFields(file, below, allowed));
            } else {
                file.problem(entry, "an entry of '" + name + "' must have fields: " + String.join(", ", allowed) + ".");
            }
        }
        return entries;
    }

    private @Nullable Node present(String name) {
        Node node = values.get(name);
        return node == null || node.getTag().equals(Tag.NULL) ? null : node;
    }

    private @Nullable Text scalar(String name, Node node) {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return new Text(scalar.getValue().strip(), node);
        }
        file.problem(node, "'" + name + "' must be text.");
        return null;
    }
}

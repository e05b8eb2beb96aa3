package io.firefly.voip.tenant;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** The fields of one mapping of a {@link YamlFile}. */
final class YamlFields implements Fields {
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

    @Override
    public void problem(String name, String sentence) {
        Node at = values.get(name);
        file.problem(at != null ? at : mapping, sentence);
    }

    @Override
    public @Nullable Text text(String name) {
        Node node = present(name);
        return node == null ? null : scalar(name, node);
    }

    @Override
    public boolean isAbsent(String name) {
        return present(name) == null;
    }

    @Override
    public List<Text> textOrTexts(String name) {
        if (!(present(name) instanceof ScalarNode)) return texts(name);
        Text text = text(name);
        return text == null ? List.of() : List.of(text);
    }

    @Override
    public List<Text> texts(String name) {
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

    @Override
    public @Nullable YamlFields fields(String name, Set<String> allowed) {
        Node node = present(name);
        if (node == null) return null;
        if (node instanceof MappingNode below) return new YamlFields(file, below, allowed);
        file.problem(node, "'" + name + "' must have fields: " + String.join(", ", allowed) + ".");
        return null;
    }

    @Override
    public List<YamlFields> entries(String name, Set<String> allowed) {
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
            return new Text(scalar.getValue().strip(), sentence -> file.problem(node, sentence));
        }
        file.problem(node, "'" + name + "' must be text.");
        return null;
    }
}

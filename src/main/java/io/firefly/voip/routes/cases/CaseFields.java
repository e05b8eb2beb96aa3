package io.firefly.voip.routes.cases;

import io.firefly.voip.camel.check.DidYouMean;
import io.firefly.voip.routes.cases.TestCase.Spot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** The fields of one mapping in a case file. A mistake is noted, and answered with null or nothing. */
final class CaseFields {
    /** Notes mistakes of one file. */
    record Text(String file, List<String> lines, List<String> problems) {
        void problem(Node at, String sentence) {
            if (problems.size() < 50) problems.add(spot(at).shown(sentence));
        }

        Spot spot(Node node) {
            Mark mark = node.getStartMark();
            return spot(mark.getLine() + 1, mark.getColumn() + 1);
        }

        Spot spot(int line, int column) {
            return new Spot(file, line, column, line <= lines.size() ? lines.get(line - 1) : "");
        }
    }

    private final Text text;
    private final Node node;
    private final Map<String, Node> values = new LinkedHashMap<>();

    /** @param allowed empty for a mapping whose keys are the writer's own */
    CaseFields(Text text, Node node, Set<String> allowed) {
        this.text = text;
        this.node = node;
        if (!(node instanceof MappingNode mapping)) {
            text.problem(
                    node, "fields are expected here" + (allowed.isEmpty() ? "" : ": " + String.join(", ", allowed)));
            return;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String name = tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "";
            if (!allowed.isEmpty() && !allowed.contains(name)) {
                String known = DidYouMean.among(name, allowed)
                        .map(word -> "; did you mean '" + word + "'?")
                        .orElse("");
                text.problem(
                        tuple.getKeyNode(),
                        "unknown field '" + name + "'; allowed here: " + String.join(", ", allowed) + known);
            } else if (values.putIfAbsent(name, tuple.getValueNode()) != null) {
                text.problem(tuple.getKeyNode(), "'" + name + "' stands here twice");
            }
        }
    }

    Spot spot() {
        return text.spot(node);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    void problem(String name, String sentence) {
        text.problem(values.getOrDefault(name, node), sentence);
    }

    @Nullable
    String text(String name) {
        Node value = present(name);
        return value == null ? null : scalar(name, value);
    }

    String text(String name, String otherwise) {
        String given = text(name);
        return given == null ? otherwise : given;
    }

    @Nullable
    Boolean truth(String name) {
        String given = text(name);
        if (given == null) return null;
        if (given.equals("true") || given.equals("yes")) return Boolean.TRUE;
        if (given.equals("false") || given.equals("no")) return Boolean.FALSE;
        problem(name, "'" + name + "' must be true or false, not '" + given + "'");
        return null;
    }

    @Nullable
    Integer status(String name) {
        String given = text(name);
        if (given == null) return null;
        if (given.matches("[1-6][0-9]{2}")) return Integer.valueOf(given);
        problem(name, "'" + name + "' must be a SIP status, 100 to 699, not '" + given + "'");
        return null;
    }

    /** A list, or one text alone; {@code seen} is told each with its place. */
    List<String> texts(String name, BiConsumer<String, Spot> seen) {
        Node value = present(name);
        if (value == null) return List.of();
        List<Node> entries = value instanceof SequenceNode list ? list.getValue() : List.of(value);
        List<String> found = new ArrayList<>();
        for (Node entry : entries) {
            String word = scalar(name, entry);
            if (word == null) continue;
            found.add(word);
            seen.accept(word, text.spot(entry));
        }
        return found;
    }

    List<String> texts(String name) {
        return texts(name, (word, spot) -> {});
    }

    /** Names of the writer's own to texts. */
    Map<String, String> table(String name) {
        Map<String, String> table = new LinkedHashMap<>();
        Node value = present(name);
        if (value == null) return table;
        CaseFields own = new CaseFields(text, value, Set.of());
        own.values.forEach((key, each) -> {
            String word = each instanceof ScalarNode scalar ? scalar.getValue() : null;
            if (word == null) text.problem(each, "'" + key + "' must be text");
            else table.put(key, word);
        });
        return table;
    }

    /** Where a key of {@link #table} stands. */
    Spot spotIn(String name, String key) {
        if (present(name) instanceof MappingNode table) {
            for (NodeTuple tuple : table.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode word
                        && word.getValue().equals(key)) return text.spot(tuple.getKeyNode());
            }
        }
        return spot();
    }

    void problem(Spot at, String sentence) {
        text.problems().add(at.shown(sentence));
    }

    @Nullable
    CaseFields fields(String name, Set<String> allowed) {
        Node value = present(name);
        return value == null ? null : new CaseFields(text, value, allowed);
    }

    List<CaseFields> entries(String name, Set<String> allowed) {
        Node value = present(name);
        if (value == null) return List.of();
        if (!(value instanceof SequenceNode list)) {
            text.problem(value, "'" + name + "' must be a list: each case begins with '- name:'");
            return List.of();
        }
        return list.getValue().stream()
                .map(entry -> new CaseFields(text, entry, allowed))
                .toList();
    }

    private @Nullable Node present(String name) {
        Node value = values.get(name);
        return value == null || value.getTag().equals(Tag.NULL) ? null : value;
    }

    private @Nullable String scalar(String name, Node value) {
        if (value instanceof ScalarNode scalar) return scalar.getValue().strip();
        text.problem(value, "'" + name + "' must be text");
        return null;
    }
}

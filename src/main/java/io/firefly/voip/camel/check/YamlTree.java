package io.firefly.voip.camel.check;

import io.firefly.voip.camel.check.Refusal.RefusedFileException;
import io.firefly.voip.camel.check.Refusal.SourceText;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Makes the tree of nodes of a YAML text, and no object from any of its tags. Within bounds that no route needs: 1 MiB,
 * 50 levels, 50 aliases, 20 000 nodes with every alias written out.
 */
final class YamlTree {
    static final int MAX_CHARACTERS = 1024 * 1024;
    /** Reading takes time by the square of a line's length. */
    private static final int MAX_LINE = 20_000;

    private static final int MAX_DEPTH = 50;
    private static final int MAX_ALIASES = 50;
    private static final int MAX_NODES = 20_000;

    private final SourceText source;
    private final IdentityHashMap<Node, Integer> weights = new IdentityHashMap<>();

    private YamlTree(SourceText source) {
        this.source = source;
    }

    /** The root; empty for a text that says nothing. */
    static Optional<Node> of(SourceText source) throws RefusedFileException {
        Optional<String> unreadable = source.unreadable();
        if (unreadable.isPresent()) throw new RefusedFileException(Refusal.of(source, unreadable.get()));
        if (source.text().length() > MAX_CHARACTERS)
            throw new RefusedFileException(Refusal.of(source, "the file is larger than 1 MiB"));
        int longest = source.lineLongerThan(MAX_LINE);
        if (longest > 0)
            throw new RefusedFileException(
                    new Refusal(source.name(), longest, 0, "the line is longer than " + MAX_LINE + " characters", ""));
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setLabel(source.name())
                    .setMaxAliasesForCollections(MAX_ALIASES)
                    .setCodePointLimit(MAX_CHARACTERS)
                    .build();
            YamlTree tree = new YamlTree(source);
            tree.boundEvents(settings);
            Optional<Node> root = new Compose(settings).composeString(source.text());
            if (root.isPresent()) tree.check(root.get());
            return root;
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            int line = mark.map(m -> m.getLine() + 1).orElse(0);
            int column = mark.map(m -> m.getColumn() + 1).orElse(0);
            throw new RefusedFileException(
                    Refusal.at(source, line, column, "this is not YAML: " + firstLine(e.getProblem())));
        } catch (YamlEngineException e) {
            throw new RefusedFileException(
                    Refusal.of(source, "this is not YAML: " + firstLine(String.valueOf(e.getMessage()))));
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    /** Before any tree is built: what is nested too deep would overflow the stack of whoever walks it. */
    private void boundEvents(LoadSettings settings) throws RefusedFileException {
        int depth = 0;
        int aliases = 0;
        for (Event event : new Parse(settings).parseString(source.text())) {
            if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH)
                throw refused(event, "nested deeper than " + MAX_DEPTH + " levels");
            if (event instanceof CollectionEndEvent) depth--;
            if (event instanceof AliasEvent && ++aliases > MAX_ALIASES)
                throw refused(event, "more than " + MAX_ALIASES + " aliases (*name)");
        }
    }

    private RefusedFileException refused(Event event, String message) {
        int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        int column = event.getStartMark().map(mark -> mark.getColumn() + 1).orElse(0);
        return new RefusedFileException(Refusal.at(source, line, column, message));
    }

    private void check(Node root) throws RefusedFileException {
        if (weigh(root) > MAX_NODES) {
            throw new RefusedFileException(Refusal.of(
                    source, "with its aliases (*name) written out the file has more than " + MAX_NODES + " values"));
        }
        refuseRepeatedKeys(root);
    }

    /** How many nodes there are when every alias is written out. A node is weighed once, however often it is named. */
    private int weigh(Node node) throws RefusedFileException {
        Integer known = weights.get(node);
        if (known != null && known == 0) throw at(source, node, "an alias (*name) within what it stands for");
        if (known != null) return known;
        weights.put(node, 0);
        int weight = 1;
        if (node instanceof SequenceNode list) {
            for (Node each : list.getValue()) weight = Math.min(MAX_NODES + 1, weight + weigh(each));
        } else if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                weight = Math.min(MAX_NODES + 1, weight + weigh(entry.getKeyNode()) + weigh(entry.getValueNode()));
            }
        }
        weights.put(node, weight);
        return weight;
    }

    /** Camel would take the last one and say nothing. */
    private void refuseRepeatedKeys(Node node) throws RefusedFileException {
        if (node instanceof SequenceNode list) {
            for (Node each : list.getValue()) refuseRepeatedKeys(each);
        } else if (node instanceof MappingNode mapping) {
            Set<String> keys = new HashSet<>();
            for (NodeTuple entry : mapping.getValue()) {
                String key = text(entry.getKeyNode());
                if (!keys.add(key)) throw at(source, entry.getKeyNode(), "'" + key + "' stands here twice");
                refuseRepeatedKeys(entry.getValueNode());
            }
        }
    }

    static RefusedFileException at(SourceText source, Node node, String message) {
        return new RefusedFileException(Refusal.at(source, line(node), column(node), message));
    }

    static Optional<Node> child(@Nullable Node node, String key) {
        if (!(node instanceof MappingNode mapping)) return Optional.empty();
        return mapping.getValue().stream()
                .filter(entry -> text(entry.getKeyNode()).equals(key))
                .map(NodeTuple::getValueNode)
                .findFirst();
    }

    static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    static int column(Node node) {
        return node.getStartMark().map(mark -> mark.getColumn() + 1).orElse(0);
    }
}

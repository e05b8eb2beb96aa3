package io.firefly.voip.camel.check;

import io.firefly.voip.camel.check.Refusal.RefusedFileException;
import io.firefly.voip.camel.check.Refusal.SourceText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** One route file, taken apart as far as its place in the whole set needs it: ids, entry, targets, policies. */
public record RouteFile(SourceText source, List<Item> routes, List<Item> policies, List<Target> targets) {
    /** How the name of a route file ends. */
    public static final String SUFFIX = ".camel.yaml";

    private static final Set<String> ITEMS = Set.of("route", "routeConfiguration");
    private static final Set<String> URI_KEYS =
            Set.of("uri", "to", "toD", "wireTap", "enrich", "pollEnrich", "poll", "interceptSendToEndpoint");

    /**
     * A route or a policy.
     *
     * @param from what a route listens to; empty for a policy
     * @param policy the policy a route names
     */
    public record Item(
            @Nullable String id,
            int line,
            String from,
            @Nullable String policy,
            @Nullable String description) {}

    /** An endpoint that a step sends to, and the line that says so. */
    public record Target(String uri, int line, int column) {}

    public static RouteFile parse(String name, String text) throws RefusedFileException {
        SourceText source = new SourceText(name, text);
        RouteFile file = new RouteFile(source, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Optional<Node> root = compose(source);
        if (root.isEmpty())
            throw new RefusedFileException(Refusal.of(source, "the file is empty; it should hold a route"));
        if (!(root.get() instanceof SequenceNode items)) {
            throw refused(source, root.get(), "a route file is a list: its first line should be '- route:'");
        }
        refuseRepeatedKeys(source, items);
        for (Node item : items.getValue()) file.takeItem(item);
        return file;
    }

    /**
     * Takes a set of texts apart, by file name.
     *
     * @param refusals gets those that cannot be read
     * @return the others, in loading order
     */
    public static List<RouteFile> parseAll(Map<String, String> texts, Collection<Refusal> refusals) {
        List<RouteFile> files = new ArrayList<>();
        for (var entry : new TreeMap<>(texts).entrySet()) {
            try {
                files.add(parse(entry.getKey(), entry.getValue()));
            } catch (RefusedFileException e) {
                refusals.add(e.refusal());
            }
        }
        files.sort(Comparator.comparingInt(RouteFile::rank));
        return files;
    }

    /** @throws RefusedFileException with the place, when Camel does not take it or a route does not start */
    public void loadInto(CamelContext camel) throws RefusedFileException {
        try {
            load(camel);
        } catch (Exception e) {
            throw new RefusedFileException(new Diagnosis(Set.of()).of(source, e));
        }
    }

    void load(CamelContext camel) throws Exception {
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("file:" + name(), source.text()));
    }

    private static Optional<Node> compose(SourceText source) throws RefusedFileException {
        try {
            LoadSettings settings =
                    LoadSettings.builder().setLabel(source.name()).build();
            return new Compose(settings).composeString(source.text());
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            int line = mark.map(m -> m.getLine() + 1).orElse(0);
            int column = mark.map(m -> m.getColumn() + 1).orElse(0);
            throw new RefusedFileException(Refusal.at(source, line, column, "this is not YAML: " + e.getProblem()));
        } catch (YamlEngineException e) {
            throw new RefusedFileException(Refusal.of(source, "this is not YAML: " + e.getMessage()));
        }
    }

    /** Camel would take the last one and say nothing. */
    private static void refuseRepeatedKeys(SourceText source, Node node) throws RefusedFileException {
        if (node instanceof SequenceNode list) {
            for (Node each : list.getValue()) refuseRepeatedKeys(source, each);
        } else if (node instanceof MappingNode mapping) {
            Set<String> keys = new HashSet<>();
            for (NodeTuple entry : mapping.getValue()) {
                String key = text(entry.getKeyNode());
                if (!keys.add(key)) throw refused(source, entry.getKeyNode(), "'" + key + "' stands here twice");
                refuseRepeatedKeys(source, entry.getValueNode());
            }
        }
    }

    private void takeItem(Node item) throws RefusedFileException {
        if (!(item instanceof MappingNode mapping) || mapping.getValue().size() != 1) {
            throw refused(source, item, "expected '- route:' or '- routeConfiguration:'");
        }
        NodeTuple only = mapping.getValue().get(0);
        String kind = text(only.getKeyNode());
        if (!ITEMS.contains(kind)) {
            String allowed = DidYouMean.choice(kind, ITEMS);
            throw refused(source, item, "'" + kind + "' does not belong into a route file; allowed are " + allowed);
        }
        Node body = only.getValueNode();
        String from = child(body, "from").map(RouteFile::endpointOf).orElse("");
        Item found = new Item(
                child(body, "id").map(RouteFile::text).orElse(null),
                line(item),
                from,
                child(body, "routeConfigurationId").map(RouteFile::text).orElse(null),
                child(body, "description").map(RouteFile::text).orElse(null));
        (kind.equals("route") ? routes : policies).add(found);
        collectTargets(body, false);
    }

    private void collectTargets(Node node, boolean isFrom) {
        if (node instanceof SequenceNode list) {
            for (Node each : list.getValue()) collectTargets(each, false);
        } else if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                String key = text(entry.getKeyNode());
                Node value = entry.getValueNode();
                boolean names = value instanceof ScalarNode && URI_KEYS.contains(key) && !isFrom;
                if (names) targets.add(new Target(targetOf(mapping, key, value), line(value), column(value)));
                collectTargets(value, key.equals("from"));
            }
        }
    }

    private static String targetOf(Node mapping, String key, Node value) {
        return key.equals("uri") ? endpointOf(mapping) : text(value);
    }

    /** As if all of it stood in the uri: {@code direct:x}, {@code sip:edge?methods=INVITE}. */
    private static String endpointOf(Node node) {
        if (node instanceof ScalarNode) return text(node);
        String uri = child(node, "uri").map(RouteFile::text).orElse("");
        Map<String, String> options = new TreeMap<>();
        if (child(node, "parameters").orElse(null) instanceof MappingNode parameters) {
            for (NodeTuple option : parameters.getValue()) {
                options.put(text(option.getKeyNode()), text(option.getValueNode()));
            }
        }
        if (uri.equals("direct")) uri = "direct:" + options.remove("name");
        StringBuilder whole = new StringBuilder(uri);
        options.forEach((name, value) -> whole.append(whole.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(value));
        return whole.toString();
    }

    private static Optional<Node> child(Node node, String key) {
        if (!(node instanceof MappingNode mapping)) return Optional.empty();
        return mapping.getValue().stream()
                .filter(entry -> text(entry.getKeyNode()).equals(key))
                .map(NodeTuple::getValueNode)
                .findFirst();
    }

    private static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private static int column(Node node) {
        return node.getStartMark().map(mark -> mark.getColumn() + 1).orElse(0);
    }

    private static RefusedFileException refused(SourceText source, Node node, String message) {
        return new RefusedFileException(Refusal.at(source, line(node), column(node), message));
    }

    public String name() {
        return source.name();
    }

    /** The file name without {@code .camel.yaml}: what the route in it has to be called. */
    public String expectedId() {
        return name().substring(0, name().length() - SUFFIX.length());
    }

    public boolean holdsPolicies() {
        return !policies.isEmpty();
    }

    /** Policies first, since a route built before its policy goes without; the doors to the network last. */
    public int rank() {
        if (holdsPolicies()) return 0;
        return routes.stream().anyMatch(route -> route.from().startsWith("sip:")) ? 2 : 1;
    }
}

package io.firefly.voip.camel.check;

import static io.firefly.voip.camel.check.YamlTree.child;
import static io.firefly.voip.camel.check.YamlTree.column;
import static io.firefly.voip.camel.check.YamlTree.line;
import static io.firefly.voip.camel.check.YamlTree.text;

import io.firefly.voip.camel.check.Refusal.RefusedFileException;
import io.firefly.voip.camel.check.Refusal.SourceText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** One route file, taken apart as far as its place in the whole set needs it: ids, entry, targets, policies, values. */
public record RouteFile(
        SourceText source, List<Item> routes, List<Item> policies, List<Target> targets, List<Value> values) {
    /** How the name of a route file ends. */
    public static final String SUFFIX = ".camel.yaml";

    private static final Set<String> ITEMS = Set.of("route", "routeConfiguration");
    private static final Set<String> URI_KEYS = Set.of(
            "uri",
            "to",
            "toD",
            "from",
            "wireTap",
            "enrich",
            "pollEnrich",
            "poll",
            "interceptSendToEndpoint",
            "deadLetterUri");

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

    /**
     * An endpoint that a route starts from or sends to, and where the file says so.
     *
     * @param step the key of the step: {@code from}, {@code to}, {@code toD}
     * @param base the uri as it is written
     * @param options what stands under {@code parameters}
     */
    public record Target(String step, String base, Map<String, String> options, int line, int column) {
        /** As if all of it stood in the uri: {@code direct:x}, {@code sip:edge?methods=INVITE}. */
        String uri() {
            return whole(base, options);
        }

        boolean isDynamic() {
            return base.contains("${") || base.contains("{{");
        }

        /** What stands before the colon; what cannot be known before the call is empty. */
        String scheme() {
            String scheme = base.contains(":") ? base.substring(0, base.indexOf(':')) : base.replaceFirst("\\?.*", "");
            return scheme.contains("${") || scheme.contains("{{") ? "" : scheme;
        }
    }

    /**
     * One text of the file.
     *
     * @param path the keys that lead to it, without places in lists
     */
    record Value(List<String> path, String text, int line, int column) {
        String key() {
            return path.isEmpty() ? "" : path.get(path.size() - 1);
        }

        String parent() {
            return path.size() < 2 ? "" : path.get(path.size() - 2);
        }
    }

    public static RouteFile parse(String name, String text) throws RefusedFileException {
        SourceText source = new SourceText(name, text);
        RouteFile file =
                new RouteFile(source, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Optional<Node> root = YamlTree.of(source);
        if (root.isEmpty())
            throw new RefusedFileException(Refusal.of(source, "the file is empty; it should hold a route"));
        if (!(root.get() instanceof SequenceNode items)) {
            throw YamlTree.at(source, root.get(), "a route file is a list: its first line should be '- route:'");
        }
        for (Node item : items.getValue()) file.takeItem(item);
        return file;
    }

    /**
     * Takes a set of texts apart, by file name.
     *
     * @param refusals gets those that cannot be read
     * @param known taken apart before; those with the same text are used again
     * @return the others, in loading order
     */
    static List<RouteFile> parseAll(
            Map<String, String> texts, Collection<Refusal> refusals, Map<String, RouteFile> known) {
        List<RouteFile> files = new ArrayList<>();
        for (var entry : new TreeMap<>(texts).entrySet()) {
            String name = entry.getKey();
            if (!name.endsWith(SUFFIX)) continue;
            RouteFile before = known.get(name);
            try {
                boolean isSame = before != null && before.source().text().equals(entry.getValue());
                files.add(isSame ? before : parse(name, entry.getValue()));
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
            throw new RefusedFileException(new Diagnosis(Diagnosis.Vocabulary.NONE, source, 0).of(e));
        }
    }

    void load(CamelContext camel) throws Exception {
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("file:" + name(), source.text()));
    }

    private void takeItem(Node item) throws RefusedFileException {
        if (!(item instanceof MappingNode mapping) || mapping.getValue().size() != 1) {
            throw YamlTree.at(source, item, "expected '- route:' or '- routeConfiguration:'");
        }
        NodeTuple only = mapping.getValue().get(0);
        String kind = text(only.getKeyNode());
        if (!ITEMS.contains(kind)) {
            String allowed = DidYouMean.choice(kind, ITEMS);
            throw YamlTree.at(source, item, "'" + kind + "' does not belong into a route file; allowed are " + allowed);
        }
        Node body = only.getValueNode();
        Item found = new Item(
                child(body, "id").map(YamlTree::text).orElse(null),
                line(item),
                child(body, "from").map(RouteFile::endpointOf).orElse(""),
                child(body, "routeConfigurationId").map(YamlTree::text).orElse(null),
                child(body, "description").map(YamlTree::text).orElse(null));
        (kind.equals("route") ? routes : policies).add(found);
        collect(List.of(kind), body);
    }

    private void collect(List<String> path, Node node) {
        if (node instanceof SequenceNode list) {
            for (Node each : list.getValue()) collect(path, each);
        } else if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                List<String> below = new ArrayList<>(path);
                below.add(text(entry.getKeyNode()));
                if (entry.getValueNode() instanceof ScalarNode) takeTarget(below, mapping, entry.getValueNode());
                collect(List.copyOf(below), entry.getValueNode());
            }
        } else if (node instanceof ScalarNode scalar) {
            values.add(new Value(path, scalar.getValue(), line(node), column(node)));
        }
    }

    private void takeTarget(List<String> path, Node mapping, Node value) {
        String key = path.get(path.size() - 1);
        if (!URI_KEYS.contains(key) || path.contains("parameters")) return;
        boolean inMapping = key.equals("uri");
        String step = inMapping ? path.get(path.size() - 2) : key;
        Map<String, String> options = inMapping ? options(mapping) : Map.of();
        targets.add(new Target(step, text(value), options, line(value), column(value)));
    }

    private static String endpointOf(Node node) {
        if (node instanceof ScalarNode) return text(node);
        return whole(child(node, "uri").map(YamlTree::text).orElse(""), options(node));
    }

    private static Map<String, String> options(Node node) {
        Map<String, String> options = new TreeMap<>();
        if (child(node, "parameters").orElse(null) instanceof MappingNode parameters) {
            for (NodeTuple option : parameters.getValue()) {
                options.put(text(option.getKeyNode()), text(option.getValueNode()));
            }
        }
        return options;
    }

    private static String whole(String uri, Map<String, String> given) {
        Map<String, String> options = new TreeMap<>(given);
        String base = uri.equals("direct") ? "direct:" + options.remove("name") : uri;
        StringBuilder whole = new StringBuilder(base);
        options.forEach((name, value) -> whole.append(whole.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(value));
        return whole.toString();
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

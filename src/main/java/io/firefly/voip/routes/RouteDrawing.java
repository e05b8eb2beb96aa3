package io.firefly.voip.routes;

import io.firefly.voip.camel.rehearsal.RouteMap;
import io.firefly.voip.camel.rehearsal.RouteMap.Entry;
import io.firefly.voip.camel.rehearsal.RouteMap.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Draws route files: one box per step, a diamond per question, an arrow to each route that is called. */
final class RouteDrawing {
    private static final String DIRECT = "direct:";

    private RouteDrawing() {}

    static String text(RouteMap map) {
        StringBuilder text = new StringBuilder();
        for (List<Entry> entries : List.of(map.routes(), map.policies())) {
            for (Entry entry : entries) {
                text.append(entry.id())
                        .append("  ")
                        .append(entry.file())
                        .append(':')
                        .append(entry.line())
                        .append('\n');
                if (entry.description() != null)
                    text.append("  ").append(entry.description()).append('\n');
                if (!entry.from().isEmpty())
                    text.append("  from ").append(withoutOptions(entry.from())).append('\n');
                if (entry.policy() != null)
                    text.append("  policy ").append(entry.policy()).append('\n');
                entry.nodes().forEach(node -> lines(text, node, 2));
                text.append('\n');
            }
        }
        return text.toString();
    }

    private static void lines(StringBuilder text, Node node, int indent) {
        String label = node.label().isEmpty() ? "" : "  " + node.label();
        String kind = node.kind().equals("when") ? "? " : "";
        text.append(" ".repeat(indent))
                .append(kind)
                .append(node.id())
                .append(label)
                .append('\n');
        node.children().forEach(child -> lines(text, child, indent + 2));
    }

    static String mermaid(RouteMap map) {
        return new Sketch(map, Style.MERMAID).drawn();
    }

    static String dot(RouteMap map) {
        return new Sketch(map, Style.DOT).drawn();
    }

    private static String withoutOptions(String uri) {
        return uri.replaceFirst("\\?.*", "");
    }

    /** The words of a drawing language. */
    private enum Style {
        MERMAID {
            @Override
            String frame(String body) {
                return "flowchart TD\n" + body;
            }

            @Override
            String cluster(String id, String title, String body) {
                return "  subgraph " + id + "[\"" + quoted(title) + "\"]\n" + body + "  end\n";
            }

            @Override
            String node(String id, String label, Shape shape) {
                String text = "\"" + quoted(label) + "\"";
                return "    " + id
                        + switch (shape) {
                            case ENTRY -> "([" + text + "])";
                            case QUESTION -> "{" + text + "}";
                            case STEP -> "[" + text + "]";
                        }
                        + "\n";
            }

            @Override
            String edge(String from, String to, String label, boolean far) {
                String arrow = far ? "-.->" : "-->";
                return "  " + from + " " + arrow + (label.isEmpty() ? " " : "|\"" + quoted(label) + "\"| ") + to + "\n";
            }

            private String quoted(String text) {
                return text.replace("\"", "#quot;").replace("\n", " ");
            }
        },
        DOT {
            @Override
            String frame(String body) {
                return "digraph routes {\n  rankdir=TB;\n  node [shape=box, fontname=\"sans-serif\"];\n" + body + "}\n";
            }

            @Override
            String cluster(String id, String title, String body) {
                return "  subgraph cluster_" + id + " {\n    label=\"" + quoted(title) + "\";\n" + body + "  }\n";
            }

            @Override
            String node(String id, String label, Shape shape) {
                String form =
                        switch (shape) {
                            case ENTRY -> "oval";
                            case QUESTION -> "diamond";
                            case STEP -> "box";
                        };
                return "    " + id + " [label=\"" + quoted(label) + "\", shape=" + form + "];\n";
            }

            @Override
            String edge(String from, String to, String label, boolean far) {
                List<String> looks = new ArrayList<>();
                if (!label.isEmpty()) looks.add("label=\"" + quoted(label) + "\"");
                if (far) looks.add("style=dashed");
                return "  " + from + " -> " + to + (looks.isEmpty() ? "" : " [" + String.join(", ", looks) + "]")
                        + ";\n";
            }

            private String quoted(String text) {
                return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ");
            }
        };

        abstract String frame(String body);

        abstract String cluster(String id, String title, String body);

        abstract String node(String id, String label, Shape shape);

        abstract String edge(String from, String to, String label, boolean far);
    }

    private enum Shape {
        ENTRY,
        QUESTION,
        STEP
    }

    /** Where a path goes on from, and the word on the arrow. */
    private record End(String id, String label) {}

    private static final class Sketch {
        private final RouteMap map;
        private final Style style;
        private final StringBuilder edges = new StringBuilder();

        Sketch(RouteMap map, Style style) {
            this.map = map;
            this.style = style;
        }

        String drawn() {
            StringBuilder body = new StringBuilder();
            for (Entry entry : map.routes()) body.append(route(entry));
            return style.frame(body.append(edges).toString());
        }

        private String route(Entry entry) {
            StringBuilder body = new StringBuilder();
            String start = name(entry.id());
            body.append(style.node(start, "from " + withoutOptions(entry.from()), Shape.ENTRY));
            List<End> unused = chain(entry.nodes(), List.of(new End(start, "")), entry, body);
            String title = entry.description() == null ? entry.id() : entry.id() + ": " + entry.description();
            return style.cluster(start + "_box", title, body.toString());
        }

        private List<End> chain(List<Node> nodes, List<End> ends, Entry entry, StringBuilder body) {
            List<End> open = ends;
            for (Node node : nodes) open = step(node, open, entry, body);
            return open;
        }

        private List<End> step(Node node, List<End> ends, Entry entry, StringBuilder body) {
            String id = name(entry.id() + "__" + node.id());
            boolean asks = node.kind().equals("choice") || node.kind().equals("filter");
            boolean showsLabel = !node.label().isEmpty() && !node.kind().equals("log");
            String label = showsLabel ? node.id() + ": " + withoutOptions(node.label()) : node.id();
            body.append(style.node(id, label, asks ? Shape.QUESTION : Shape.STEP));
            for (End end : ends) edges.append(style.edge(end.id(), id, end.label(), false));
            calls(node, id);
            if (!node.kind().equals("choice"))
                return node.children().isEmpty()
                        ? List.of(new End(id, ""))
                        : chain(node.children(), List.of(new End(id, "")), entry, body);
            List<End> open = new ArrayList<>();
            for (Node branch : node.children()) {
                String word = branch.kind().equals("otherwise") ? "otherwise" : branch.label();
                open.addAll(chain(branch.children(), List.of(new End(id, word)), entry, body));
            }
            if (node.children().stream().noneMatch(branch -> branch.kind().equals("otherwise")))
                open.add(new End(id, "otherwise"));
            return open;
        }

        /** A name with a variable in it may mean several routes. */
        private void calls(Node node, String id) {
            String to = withoutOptions(node.label());
            if (!to.startsWith(DIRECT)) return;
            Pattern meant = Pattern.compile(java.util.Arrays.stream(to.split("\\$\\{[^}]*}", -1))
                    .map(Pattern::quote)
                    .collect(Collectors.joining(".+")));
            for (Entry called : map.routes()) {
                if (meant.matcher(withoutOptions(called.from())).matches())
                    edges.append(style.edge(id, name(called.id()), "", true));
            }
        }

        private static String name(String id) {
            return id.replaceAll("[^A-Za-z0-9_]", "_");
        }
    }
}

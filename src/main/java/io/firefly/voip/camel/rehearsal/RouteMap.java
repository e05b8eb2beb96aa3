package io.firefly.voip.camel.rehearsal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.HasExpressionType;
import org.apache.camel.model.Model;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.OtherwiseDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SetVariableDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.WhenDefinition;
import org.jspecify.annotations.Nullable;

/** What stands in the route files: routes and policies with their steps, before anything runs. */
public record RouteMap(List<Entry> routes, List<Entry> policies) {
    /**
     * A route or a policy.
     *
     * @param from where a route starts; empty for a policy
     * @param policy the policy a route names
     */
    public record Entry(
            String id,
            String file,
            int line,
            String from,
            @Nullable String description,
            @Nullable String note,
            @Nullable String policy,
            List<Node> nodes) {
        /** Every node, also those inside others. */
        public List<Node> all() {
            List<Node> all = new ArrayList<>();
            nodes.forEach(node -> node.collect(all));
            return all;
        }
    }

    /**
     * A step, or a branch of a choice.
     *
     * @param kind {@code to}, {@code choice}, {@code when}
     * @param label its endpoint or expression; empty for none
     */
    public record Node(String id, String kind, String file, int line, String label, List<Node> children) {
        /** What runs and is noted; a branch is no step of its own. */
        public boolean isStep() {
            return !isBranch() && !kind.equals("onException");
        }

        public boolean isBranch() {
            return kind.equals("when") || kind.equals("otherwise");
        }

        private void collect(List<Node> all) {
            all.add(this);
            children.forEach(child -> child.collect(all));
        }
    }

    static RouteMap of(CamelContext camel, Map<String, String> questions) {
        Model model = camel.getCamelContextExtension().getContextPlugin(Model.class);
        Drawing drawing = new Drawing(questions);
        return new RouteMap(
                model.getRouteDefinitions().stream().map(drawing::route).toList(),
                model.getRouteConfigurationDefinitions().stream()
                        .map(drawing::policy)
                        .toList());
    }

    /** @param questions file:line of a condition to its words, as they were before a witness took its place */
    private record Drawing(Map<String, String> questions) {
        Entry route(RouteDefinition route) {
            return new Entry(
                    route.getRouteId(),
                    Watch.file(route.getInput()),
                    route.getInput().getLineNumber(),
                    Watch.plain(route.getInput().getEndpointUri()),
                    route.getDescriptionText(),
                    route.getNote(),
                    route.getRouteConfigurationId(),
                    nodes(route.getOutputs()));
        }

        Entry policy(RouteConfigurationDefinition policy) {
            List<Node> handlers = policy.getOnExceptions().stream()
                    .map(handler -> node(handler, "", nodes(handler.getOutputs())))
                    .toList();
            return new Entry(
                    String.valueOf(policy.getId()),
                    handlers.isEmpty() ? "" : handlers.get(0).file(),
                    handlers.isEmpty() ? 0 : handlers.get(0).line(),
                    "",
                    policy.getDescriptionText(),
                    policy.getNote(),
                    null,
                    handlers);
        }

        private List<Node> nodes(List<ProcessorDefinition<?>> steps) {
            List<Node> nodes = new ArrayList<>();
            for (ProcessorDefinition<?> step : steps) {
                if (!(step instanceof OnExceptionDefinition)) nodes.add(node(step));
            }
            return nodes;
        }

        private Node node(ProcessorDefinition<?> step) {
            if (!(step instanceof ChoiceDefinition choice)) return node(step, label(step), nodes(step.getOutputs()));
            List<Node> branches = new ArrayList<>();
            for (WhenDefinition when : choice.getWhenClauses()) {
                String id = Conditions.branchId(choice, when, branches.size() + 1);
                Node branch = node(when, question(when), nodes(when.getOutputs()));
                branches.add(
                        new Node(id, branch.kind(), branch.file(), branch.line(), branch.label(), branch.children()));
            }
            OtherwiseDefinition otherwise = choice.getOtherwise();
            if (otherwise != null) branches.add(node(otherwise, "", nodes(otherwise.getOutputs())));
            return node(choice, "", branches);
        }

        private static Node node(NamedNode node, String label, List<Node> children) {
            return new Node(
                    String.valueOf(node.getId()),
                    node.getShortName(),
                    Watch.file(node),
                    node.getLineNumber(),
                    label,
                    children);
        }

        private String label(ProcessorDefinition<?> step) {
            if (step instanceof ToDefinition to) return Watch.plain(to.getEndpointUri());
            if (step instanceof ToDynamicDefinition to) return String.valueOf(to.getUri());
            if (step instanceof SetVariableDefinition set) return set.getName() + " = " + question(set);
            return step instanceof HasExpressionType ? question(step) : step.getLabel();
        }

        private String question(NamedNode node) {
            String asked = questions.get(Watch.file(node) + ":" + node.getLineNumber());
            if (asked != null) return asked;
            if (node instanceof HasExpressionType asks && asks.getExpressionType() != null)
                return String.valueOf(asks.getExpressionType().getExpression()).strip();
            return node.getLabel();
        }
    }

    /** The step or branch at each place, by {@code file:line:id}. */
    public Map<String, Node> byPlace() {
        Map<String, Node> nodes = new LinkedHashMap<>();
        for (List<Entry> entries : List.of(routes, policies)) {
            for (Entry entry : entries) {
                for (Node node : entry.all()) nodes.put(node.file() + ":" + node.line() + ":" + node.id(), node);
            }
        }
        return nodes;
    }
}

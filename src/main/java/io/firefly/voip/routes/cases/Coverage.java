package io.firefly.voip.routes.cases;

import io.firefly.voip.camel.rehearsal.Happening;
import io.firefly.voip.camel.rehearsal.Happening.Condition;
import io.firefly.voip.camel.rehearsal.Happening.Step;
import io.firefly.voip.camel.rehearsal.RouteMap;
import io.firefly.voip.camel.rehearsal.Run;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which steps of the routes, and which answers of their conditions, the cases reached. */
public final class Coverage {
    private final Map<String, RouteMap.Node> steps = new LinkedHashMap<>();
    private final Map<String, RouteMap.Node> questions = new LinkedHashMap<>();
    private final Map<String, Integer> reached = new HashMap<>();
    private final Map<String, Set<Boolean>> answers = new HashMap<>();

    public Coverage(RouteMap map) {
        map.byPlace().forEach((place, node) -> {
            if (node.isStep()) steps.put(place, node);
            else if (node.kind().equals("when")) questions.put(place, node);
        });
    }

    /** Counts what one rehearsal reached. */
    public void add(Run run) {
        for (Step step : run.steps()) reached.merge(key(step.place()), 1, Integer::sum);
        run.all(Condition.class).forEach(asked -> answers.computeIfAbsent(key(asked.place()), place -> new TreeSet<>())
                .add(asked.holds()));
    }

    private static String key(Happening.Place place) {
        return place + ":" + place.id();
    }

    /** Steps no case reached. */
    public List<RouteMap.Node> missed() {
        List<RouteMap.Node> missed = new ArrayList<>();
        steps.forEach((place, node) -> {
            if (!reached.containsKey(place)) missed.add(node);
        });
        return missed;
    }

    /** A sentence for each condition that was never true, or never false. */
    public List<String> oneSided() {
        List<String> sentences = new ArrayList<>();
        questions.forEach((place, node) -> {
            Set<Boolean> said = answers.getOrDefault(place, Set.of());
            if (said.size() == 2) return;
            String never = said.isEmpty()
                    ? "was never asked"
                    : "was always " + said.iterator().next();
            sentences.add(node.file() + ":" + node.line() + "  " + node.id() + "  " + node.label() + "  " + never);
        });
        return sentences;
    }

    public int total() {
        return steps.size();
    }

    public int reached() {
        return total() - missed().size();
    }

    /** Steps of each file: how many were reached, how many there are. */
    public Map<String, int[]> byFile() {
        Map<String, int[]> files = new TreeMap<>();
        steps.forEach((place, node) -> {
            int[] counts = files.computeIfAbsent(node.file(), file -> new int[2]);
            if (reached.containsKey(place)) counts[0]++;
            counts[1]++;
        });
        return files;
    }
}

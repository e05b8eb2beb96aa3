package io.firefly.voip.camel.check;

import io.firefly.voip.camel.check.DataFile.Draft;
import io.firefly.voip.camel.check.DataFile.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * Judges the texts of a routes folder as one set, without starting anything: no port is opened, no consumer runs, and
 * nothing of the running exchange changes. Each check stands alone; any thread.
 */
public final class RouteCheck {
    private static final String FLOW = "direct:callflow-";
    private static final Pattern LOOKS_LIKE_ROUTES =
            Pattern.compile("(?m)^\\s*-\\s*(route|routeConfiguration|from|routeTemplate|rest|beans):");

    /** Asked anew for each check: an exchange that starts does not have all its components yet. */
    private final Supplier<Surroundings> around;

    private RouteCheck(Supplier<Surroundings> around) {
        this.around = around;
    }

    /** For a running exchange: with the beans, settings and components of its Camel context. */
    public static RouteCheck in(CamelContext application, List<SchemeOnTrial> schemes) {
        return new RouteCheck(() -> Surroundings.in(application, schemes));
    }

    /**
     * For the command line and for tests, without Spring.
     *
     * @param schemes those that routes may use beside Camel's own
     * @param beans by the name that routes call them by; a stand-in of the same type will do
     * @param settings what {@code {{key}}} in a route stands for
     */
    public static RouteCheck of(List<SchemeOnTrial> schemes, Map<String, Object> beans, Map<String, String> settings) {
        Surroundings around = Surroundings.of(schemes, beans, settings);
        return new RouteCheck(() -> around);
    }

    /** The same check with other things allowed than {@link Allowance#standard}. */
    public RouteCheck allowing(Allowance allowed) {
        return new RouteCheck(() -> around.get().allowing(allowed));
    }

    /** The same check with files of data beside the routes, those that others refer to first. */
    public RouteCheck with(List<DataFile> files) {
        return new RouteCheck(() -> around.get().with(files));
    }

    /** Whether a file of this name is a route file or one of the files of data. */
    public boolean reads(String name) {
        return name.endsWith(RouteFile.SUFFIX)
                || around.get().data().stream().anyMatch(file -> file.fileName().equals(name));
    }

    /**
     * What is wrong with the set, all of it; empty when it can be loaded.
     *
     * @param texts file name, such as {@code inbound.camel.yaml} or {@code tenants.yaml}, to its content
     */
    public List<Refusal> check(Map<String, String> texts) {
        return judge(texts, "").refusals();
    }

    /** @param folder how messages of data files shall show it; empty for none */
    public Judgement judge(Map<String, String> texts, String folder) {
        return judge(texts, folder, Map.of());
    }

    /**
     * Spares Camel what it has built already.
     *
     * @param serving files that serve now: one with the same text is not built again, unless a policy is another one
     */
    public Judgement judge(Map<String, String> texts, String folder, Map<String, RouteFile> serving) {
        Surroundings now = around.get();
        Set<Refusal> refusals = new LinkedHashSet<>();
        List<RouteFile> files = RouteFile.parseAll(texts, refusals, serving);
        Map<String, Draft> drafts = read(now.data(), texts, folder, callflows(files));
        drafts.values().forEach(draft -> refusals.addAll(draft.mistakes()));
        refusals.addAll(SetRules.check(files, agents(now.data(), drafts)));
        List<Refusal> forbidden = SafetyRules.check(files, now.allowed());
        refusals.addAll(forbidden);
        refusals.addAll(unheard(new DryRun(now).check(toBeBuilt(files, serving), forbidden), refusals));
        return new Judgement(sorted(refusals), warnings(texts, now.data()), files, drafts);
    }

    private static List<RouteFile> toBeBuilt(List<RouteFile> files, Map<String, RouteFile> serving) {
        boolean samePolicies =
                files.stream().filter(RouteFile::holdsPolicies).allMatch(file -> file.equals(serving.get(file.name())));
        return files.stream()
                .filter(file -> file.holdsPolicies() || !samePolicies || !file.equals(serving.get(file.name())))
                .toList();
    }

    /** Camel says some of it again, in its own words and at the same place. */
    private static List<Refusal> unheard(List<Refusal> camels, Set<Refusal> ours) {
        Set<String> places = ours.stream()
                .filter(refusal -> refusal.line() > 0)
                .map(refusal -> refusal.file() + ":" + refusal.line())
                .collect(Collectors.toSet());
        Set<String> unshaped = ours.stream().map(Refusal::file).collect(Collectors.toSet());
        return camels.stream()
                .filter(refusal -> !places.contains(refusal.file() + ":" + refusal.line()))
                .filter(refusal -> refusal.line() > 0 || !unshaped.contains(refusal.file()))
                .toList();
    }

    private static List<Refusal> sorted(Set<Refusal> refusals) {
        Map<String, List<Refusal>> byFile = new TreeMap<>();
        refusals.forEach(refusal -> byFile.computeIfAbsent(refusal.file(), file -> new ArrayList<>())
                .add(refusal));
        byFile.values().forEach(list -> list.sort((a, b) -> Integer.compare(a.line(), b.line())));
        return byFile.values().stream().flatMap(List::stream).toList();
    }

    private static Set<String> callflows(List<RouteFile> files) {
        Set<String> flows = new TreeSet<>();
        for (String entry : SetRules.entries(files)) {
            if (entry.startsWith(FLOW)) flows.add(entry.substring(FLOW.length()));
        }
        return flows;
    }

    private static Map<String, Draft> read(
            List<DataFile> data, Map<String, String> texts, String folder, Set<String> callflows) {
        Map<String, Draft> drafts = new LinkedHashMap<>();
        Set<String> agents = new LinkedHashSet<>();
        for (DataFile file : data) {
            String text = texts.get(file.fileName());
            String shown = folder.isEmpty() ? file.fileName() : folder + "/" + file.fileName();
            Draft draft = text == null
                    ? new Draft(List.of(), file.agentsWithoutFile(), false, () -> {})
                    : read(file, text, shown, new Names(Set.copyOf(agents), callflows));
            agents.addAll(draft.isReadable() ? draft.agents() : file.agentsWithoutFile());
            drafts.put(file.fileName(), draft);
        }
        return drafts;
    }

    private static Draft read(DataFile file, String text, String shown, Names known) {
        return new Refusal.SourceText(file.fileName(), text)
                .unreadable()
                .map(reason -> Draft.unreadable(List.of(new Refusal(file.fileName(), 0, 0, reason, ""))))
                .orElseGet(() -> file.read(text, shown, known));
    }

    private static @Nullable Set<String> agents(List<DataFile> data, Map<String, Draft> drafts) {
        if (data.isEmpty()) return null;
        Set<String> agents = new TreeSet<>();
        for (DataFile file : data) {
            Draft draft = drafts.get(file.fileName());
            agents.addAll(draft != null && draft.isReadable() ? draft.agents() : file.agentsWithoutFile());
        }
        return agents;
    }

    private static List<Refusal> warnings(Map<String, String> texts, List<DataFile> data) {
        Set<String> names = data.stream().map(DataFile::fileName).collect(Collectors.toSet());
        List<Refusal> warnings = new ArrayList<>();
        for (var entry : new TreeMap<>(texts).entrySet()) {
            String name = entry.getKey();
            if (name.endsWith(RouteFile.SUFFIX) || names.contains(name)) continue;
            String stem = name.replaceFirst("(\\.camel)?\\.ya?ml$", "");
            String right = names.contains(stem + ".yaml") ? stem + ".yaml" : stem + RouteFile.SUFFIX;
            if (!names.contains(right)
                    && !LOOKS_LIKE_ROUTES.matcher(entry.getValue()).find()) continue;
            warnings.add(
                    new Refusal(name, 0, 0, "looks like it belongs here and is not read: rename it to " + right, ""));
        }
        return warnings;
    }
}

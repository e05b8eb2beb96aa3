package io.firefly.voip.camel.check;

import io.firefly.voip.camel.check.RouteFile.Item;
import io.firefly.voip.camel.check.RouteFile.Target;
import io.firefly.voip.camel.check.RouteFile.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What Camel does not check, because it looks at one route at a time: ids, entries and targets of the whole set. */
final class SetRules {
    private static final String DIRECT = "direct:";
    private static final String AGENT = "agent:";
    private final Collection<RouteFile> files;
    private final List<Refusal> refusals = new ArrayList<>();

    private SetRules(Collection<RouteFile> files) {
        this.files = files;
    }

    /** @param agents whom a route may connect; null when that is not known */
    static List<Refusal> check(Collection<RouteFile> files, @Nullable Set<String> agents) {
        SetRules rules = new SetRules(files);
        Map<String, String> owners = rules.owners();
        for (RouteFile file : files) rules.oneRouteNamedLikeItsFile(file, owners);
        rules.oneListenerPerEntry();
        rules.policiesAreUnique();
        rules.policiesExist();
        rules.stepIdsAreUnique();
        rules.directTargetsExist();
        rules.nobodyGoesInCircles();
        if (agents != null) rules.agentsExist(agents);
        return rules.refusals;
    }

    /** Route id to the file that holds it by right: the one of the same name, else the first. */
    private Map<String, String> owners() {
        Map<String, String> owners = new HashMap<>();
        for (RouteFile file : files) {
            for (Item route : file.routes()) {
                if (file.expectedId().equals(route.id())) owners.put(file.expectedId(), file.name());
                else if (route.id() != null) owners.putIfAbsent(route.id(), file.name());
            }
        }
        return owners;
    }

    private void oneRouteNamedLikeItsFile(RouteFile file, Map<String, String> owners) {
        if (file.routes().isEmpty() && file.policies().isEmpty()) {
            refusals.add(Refusal.of(file.source(), "the file is empty; it should hold a route"));
        }
        if (file.routes().size() + (file.holdsPolicies() ? 1 : 0) > 1) {
            int line = file.routes().get(file.routes().size() - 1).line();
            refuse(file, line, "one file holds one route, or policies only: move this one to a file of its own");
            return;
        }
        for (Item route : file.routes()) checkId(file, route, owners);
    }

    private void checkId(RouteFile file, Item route, Map<String, String> owners) {
        String expected = file.expectedId();
        String id = route.id();
        if (id == null) {
            refuse(file, route.line(), "the route has no id; by the name of its file it is 'id: " + expected + "'");
            return;
        }
        if (id.equals(expected)) return;
        String owner = owners.getOrDefault(id, file.name());
        int line = file.source().lineOf(id, route.line());
        if (owner.equals(file.name())) {
            refuse(
                    file,
                    line,
                    "the id '" + id + "' is not the name of the file; write 'id: " + expected
                            + "' or rename the file to " + id + RouteFile.SUFFIX);
        } else {
            refuse(file, line, "the id '" + id + "' is taken by " + owner + "; this one should be '" + expected + "'");
        }
    }

    private void oneListenerPerEntry() {
        Map<String, RouteFile> listeners = new LinkedHashMap<>();
        for (RouteFile file : files) {
            for (Item route : file.routes()) {
                RouteFile first = listeners.putIfAbsent(route.from(), file);
                if (first == null || first.equals(file) || route.from().isEmpty()) continue;
                refuse(
                        file,
                        file.source().lineOf(withoutOptions(route.from()), route.line()),
                        "'" + route.from() + "' is listened to by " + first.name() + " already");
            }
        }
    }

    private void policiesAreUnique() {
        Map<String, String> owners = new HashMap<>();
        for (RouteFile file : files) {
            for (Item policy : file.policies()) {
                String other = owners.putIfAbsent(String.valueOf(policy.id()), file.name());
                if (policy.id() == null) refuse(file, policy.line(), "a routeConfiguration needs an id");
                else if (other != null)
                    refuse(file, policy.line(), "the policy '" + policy.id() + "' stands in " + other + " already");
            }
        }
    }

    private void policiesExist() {
        var known = new TreeSet<String>();
        for (RouteFile file : files) file.policies().forEach(policy -> known.add(String.valueOf(policy.id())));
        for (RouteFile file : files) {
            for (Item route : file.routes()) {
                @Nullable String policy = route.policy();
                if (policy == null || known.contains(policy)) continue;
                refuse(
                        file,
                        file.source().lineOf(policy, route.line()),
                        "no policy '" + policy + "'; known are " + DidYouMean.choice(policy, known));
            }
        }
    }

    private void stepIdsAreUnique() {
        for (RouteFile file : files) {
            Map<String, Value> first = new HashMap<>();
            for (Value id : file.values()) {
                if (!id.key().equals("id")
                        || id.path().contains("parameters")
                        || id.path().size() < 3) continue;
                Value other = first.putIfAbsent(id.text(), id);
                if (other == null) continue;
                refusals.add(Refusal.at(
                        file.source(),
                        id.line(),
                        id.column(),
                        "the step id '" + id.text() + "' is taken by the step in line " + other.line()
                                + "; traces and tests could not tell them apart"));
            }
        }
    }

    private void directTargetsExist() {
        Set<String> entries = entries(files);
        for (RouteFile file : files) {
            for (Target target : file.targets()) {
                String uri = withoutOptions(target.uri());
                if (isEntry(target) || !uri.startsWith(DIRECT) || target.isDynamic() || entries.contains(uri)) continue;
                refusals.add(Refusal.at(
                        file.source(),
                        target.line(),
                        target.column(),
                        "no route listens to '" + uri + "'; there are " + DidYouMean.choice(uri, entries)));
            }
        }
    }

    /** {@code direct:} addresses that somebody listens to. */
    static Set<String> entries(Collection<RouteFile> files) {
        var entries = new TreeSet<String>();
        for (RouteFile file : files) file.routes().forEach(route -> entries.add(withoutOptions(route.from())));
        entries.removeIf(entry -> !entry.startsWith(DIRECT));
        return entries;
    }

    /** A call that enters the circle would never come out. Where a target is known only during the call, nobody can tell. */
    private void nobodyGoesInCircles() {
        Map<String, RouteFile> owners = new TreeMap<>();
        for (RouteFile file : files)
            file.routes().forEach(route -> owners.putIfAbsent(withoutOptions(route.from()), file));
        owners.keySet().removeIf(entry -> !entry.startsWith(DIRECT));
        Set<String> done = new HashSet<>();
        for (String entry : owners.keySet()) follow(entry, new ArrayList<>(), owners, done);
    }

    private void follow(String entry, List<String> way, Map<String, RouteFile> owners, Set<String> done) {
        RouteFile file = owners.get(entry);
        if (file == null || done.contains(entry)) return;
        way.add(entry);
        for (Target target : file.targets()) {
            String next = withoutOptions(target.uri());
            if (isEntry(target) || target.isDynamic() || !owners.containsKey(next)) continue;
            int begin = way.indexOf(next);
            if (begin < 0) {
                follow(next, way, owners, done);
            } else {
                String circle = String.join(" → ", way.subList(begin, way.size())) + " → " + next;
                refusals.add(Refusal.at(
                        file.source(),
                        target.line(),
                        target.column(),
                        "these routes call each other in a circle: " + circle + "; a call would never come out"));
            }
        }
        way.remove(way.size() - 1);
        done.add(entry);
    }

    private void agentsExist(Set<String> agents) {
        for (RouteFile file : files) {
            for (Target target : file.targets()) {
                String uri = withoutOptions(target.uri());
                String name = uri.startsWith(AGENT) ? uri.substring(AGENT.length()) : "";
                boolean isNamed = !name.isBlank() && !name.contains("/") && !name.equals("deliver");
                if (isEntry(target) || !isNamed || target.isDynamic() || agents.contains(name)) continue;
                refusals.add(Refusal.at(
                        file.source(),
                        target.line(),
                        target.column() + AGENT.length(),
                        "there is no agent '" + name + "' in agents.yaml; there are "
                                + DidYouMean.choice(name, agents)));
            }
        }
    }

    private static boolean isEntry(Target target) {
        return target.step().equals("from");
    }

    private static String withoutOptions(String uri) {
        int options = uri.indexOf('?');
        return (options < 0 ? uri : uri.substring(0, options)).replace("direct://", DIRECT);
    }

    private void refuse(RouteFile file, int line, String message) {
        refusals.add(Refusal.at(file.source(), line, 0, message));
    }
}

package io.firefly.voip.camel.check;

import io.firefly.voip.camel.check.RouteFile.Item;
import io.firefly.voip.camel.check.RouteFile.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What Camel does not check, because it looks at one route at a time: ids, entries and targets of the whole set. */
final class SetRules {
    private static final String DIRECT = "direct:";
    private final Collection<RouteFile> files;
    private final List<Refusal> refusals = new ArrayList<>();

    private SetRules(Collection<RouteFile> files) {
        this.files = files;
    }

    static List<Refusal> check(Collection<RouteFile> files) {
        SetRules rules = new SetRules(files);
        Map<String, String> owners = rules.owners();
        for (RouteFile file : files) rules.oneRouteNamedLikeItsFile(file, owners);
        rules.oneListenerPerEntry();
        rules.policiesAreUnique();
        rules.policiesExist();
        rules.directTargetsExist();
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

    private void directTargetsExist() {
        var entries = new TreeSet<String>();
        for (RouteFile file : files) file.routes().forEach(route -> entries.add(withoutOptions(route.from())));
        entries.removeIf(entry -> !entry.startsWith(DIRECT));
        for (RouteFile file : files) {
            for (Target target : file.targets()) {
                String uri = withoutOptions(target.uri());
                if (!uri.startsWith(DIRECT) || isDynamic(uri) || entries.contains(uri)) continue;
                refusals.add(Refusal.at(
                        file.source(),
                        target.line(),
                        target.column(),
                        "no route listens to '" + uri + "'; there are " + DidYouMean.choice(uri, entries)));
            }
        }
    }

    private static boolean isDynamic(String uri) {
        return uri.contains("${") || uri.contains("{{");
    }

    private static String withoutOptions(String uri) {
        int options = uri.indexOf('?');
        return (options < 0 ? uri : uri.substring(0, options)).replace("direct://", DIRECT);
    }

    private void refuse(RouteFile file, int line, String message) {
        refusals.add(Refusal.at(file.source(), line, 0, message));
    }
}

package io.firefly.voip.camel.reload;

import io.firefly.voip.camel.check.Refusal;
import io.firefly.voip.camel.check.Refusal.RefusedFileException;
import io.firefly.voip.camel.check.RouteFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The route files as they run, and the swap to another set of them. Reload thread only.
 *
 * <p>Files are swapped one after the other, so that an exchange that waits in one route for another one
 * ({@code direct:} waits for its listener) is never waited for by both. A set that fails half-way is taken back.
 */
final class LiveRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRoutes.class);

    private static final long DRAIN_LOOK_NANOS = 1_000_000;

    /** For what has not finished in all the time it had. */
    private static final long STOP_MILLIS = 100;

    private final CamelContext camel;
    private final Duration drain;
    private final Map<String, RouteFile> live = new TreeMap<>();

    /** @param drain how long a route that is replaced may finish what it has begun */
    LiveRoutes(CamelContext camel, Duration drain) {
        this.camel = camel;
        this.drain = drain;
    }

    Map<String, RouteFile> files() {
        return Map.copyOf(live);
    }

    /**
     * Makes {@code wanted} the set that runs.
     *
     * @param useData puts the data files of the set into use: when what they may name is there, and before what they no
     *     longer name goes
     * @return the files whose routes were touched, in order
     * @throws RefusedFileException when a file passed its dry run and still does not start; the old set runs again
     */
    List<String> swapTo(Map<String, RouteFile> wanted, Runnable useData) throws RefusedFileException {
        Map<String, RouteFile> before = new TreeMap<>(live);
        List<String> touched = touched(before, wanted);
        List<String> gone =
                touched.stream().filter(name -> !wanted.containsKey(name)).toList();
        try {
            for (String name : touched) {
                if (wanted.containsKey(name)) replace(name, wanted);
            }
            useData.run();
            gone.forEach(this::remove);
            return touched;
        } catch (RefusedFileException e) {
            takeBack(before, touched);
            throw e;
        }
    }

    /** Loads what can be loaded and tells what can not: for the start, when there is nothing to go back to. */
    List<Refusal> loadAll(Map<String, RouteFile> wanted) {
        List<Refusal> refusals = new ArrayList<>();
        for (String name : touched(Map.of(), wanted)) {
            try {
                replace(name, wanted);
            } catch (RefusedFileException e) {
                refusals.add(e.refusal());
            }
        }
        return refusals;
    }

    /** Puts back what a failed way back left out. True when something came back. */
    boolean restore(Map<String, RouteFile> applied) {
        List<String> missing = applied.keySet().stream()
                .filter(name -> !live.containsKey(name))
                .toList();
        for (String name : missing) replaceOrReport(name, applied);
        return missing.stream().anyMatch(live::containsKey);
    }

    private static List<String> touched(Map<String, RouteFile> before, Map<String, RouteFile> wanted) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(wanted.keySet());
        names.removeIf(name -> wanted.containsKey(name) && wanted.get(name).equals(before.get(name)));
        Set<String> policies = new TreeSet<>();
        for (String name : names) {
            policies.addAll(policyIds(before.get(name)));
            policies.addAll(policyIds(wanted.get(name)));
        }
        wanted.values().stream()
                .filter(file ->
                        file.routes().stream().anyMatch(route -> policies.contains(String.valueOf(route.policy()))))
                .forEach(file -> names.add(file.name()));
        List<String> ordered = new ArrayList<>(names);
        ordered.sort(Comparator.comparingInt(name -> rank(wanted.get(name))));
        return ordered;
    }

    private static int rank(@Nullable RouteFile file) {
        return file == null ? 3 : file.rank(); // what is deleted goes last, when nobody needs it any more
    }

    private static Set<String> policyIds(@Nullable RouteFile file) {
        Set<String> ids = new LinkedHashSet<>();
        if (file != null) file.policies().forEach(policy -> ids.add(String.valueOf(policy.id())));
        return ids;
    }

    private void replace(String name, Map<String, RouteFile> wanted) throws RefusedFileException {
        RouteFile next = wanted.get(name);
        remove(name);
        if (next == null) return;
        for (String other : sameEntry(next)) remove(other);
        try {
            next.loadInto(camel);
            live.put(name, next);
        } catch (RefusedFileException e) {
            forget(next);
            throw e;
        }
    }

    /** Files that listen where {@code next} will: their turn comes later, but the entry is needed now. */
    private List<String> sameEntry(RouteFile next) {
        return live.values().stream()
                .filter(file -> file.routes().stream().anyMatch(mine -> next.routes().stream()
                        .anyMatch(theirs -> theirs.from().equals(mine.from()))))
                .map(RouteFile::name)
                .toList();
    }

    private void takeBack(Map<String, RouteFile> before, Collection<String> touched) {
        List<String> back = new ArrayList<>(touched);
        back.sort(Comparator.comparingInt(name -> rank(before.get(name))));
        for (String name : back) {
            if (!before.containsKey(name)) remove(name);
        }
        for (String name : back) {
            if (before.containsKey(name)) replaceOrReport(name, before);
        }
    }

    private void replaceOrReport(String name, Map<String, RouteFile> wanted) {
        try {
            replace(name, wanted);
        } catch (RefusedFileException e) {
            LOG.error("{} does not start again, will be tried until it does: {}", name, e.getMessage());
        }
    }

    private void remove(String name) {
        RouteFile file = live.remove(name);
        if (file != null) forget(file);
    }

    private void forget(RouteFile file) {
        for (RouteFile.Item route : file.routes()) {
            if (route.id() != null) stop(route.id());
        }
        Model model = camel.getCamelContextExtension().getContextPlugin(Model.class);
        Set<String> policies = policyIds(file);
        List.copyOf(model.getRouteConfigurationDefinitions()).stream()
                .filter(policy -> policies.contains(policy.getId()))
                .forEach(policy -> removePolicy(model, policy));
    }

    private void stop(String routeId) {
        try {
            Route route = camel.getRoute(routeId);
            if (route != null) {
                closeAndDrain(route);
                camel.getRouteController().stopRoute(routeId, STOP_MILLIS, TimeUnit.MILLISECONDS);
                camel.removeRoute(routeId);
            }
            Model model = camel.getCamelContextExtension().getContextPlugin(Model.class);
            RouteDefinition leftOver = model.getRouteDefinition(routeId);
            if (leftOver != null) model.removeRouteDefinition(leftOver);
        } catch (Exception e) {
            LOG.warn("route {} does not stop cleanly", routeId, e);
        }
    }

    /**
     * Closes the entry, then waits until nobody is inside. Camel does the same, but looks only once a second: callers
     * would wait that long for the next version of a busy route.
     */
    private void closeAndDrain(Route route) {
        ServiceHelper.suspendService(route.getConsumer());
        long deadlineNanos = System.nanoTime() + drain.toNanos();
        while (inside(route) > 0 && System.nanoTime() < deadlineNanos) LockSupport.parkNanos(DRAIN_LOOK_NANOS);
    }

    private int inside(Route route) {
        int pending = route.getConsumer() instanceof ShutdownAware aware ? aware.getPendingExchangesSize() : 0;
        return pending + camel.getInflightRepository().size(route.getRouteId());
    }

    private static void removePolicy(Model model, RouteConfigurationDefinition policy) {
        try {
            model.removeRouteConfiguration(policy);
        } catch (Exception e) {
            LOG.warn("policy {} does not go cleanly", policy.getId(), e);
        }
    }
}

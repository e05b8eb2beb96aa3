package io.firefly.voip.camel.reload;

import io.firefly.voip.camel.check.Refusal;
import io.firefly.voip.camel.check.Refusal.RefusedFileException;
import io.firefly.voip.camel.check.RouteCheck;
import io.firefly.voip.camel.check.RouteFile;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of the folder's content: looks, waits for two equal looks, tries, swaps, reports.
 *
 * <p>A change is taken as a whole or not at all. Two files saved together that need each other are therefore never
 * half applied. A file that was refused earlier and was not touched since does not hold up the others: it stays as it
 * is loaded. At the start nothing is loaded, so that every good file is taken and every bad one left out.
 */
final class RouteReload implements RouteLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(RouteReload.class);
    private static final DateTimeFormatter CLOCK_TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

    private final RouteFolder folder;
    private final List<ReloadableFile> dataFiles;
    private final RouteCheck check;
    private final LiveRoutes live;
    private final Clock clock;

    private Map<String, String> lastLook = Map.of();
    private Map<String, String> judged = Map.of();
    /** What serves: the set the last good swap made. */
    private Map<String, RouteFile> applied = Map.of();

    private final Map<String, Instant> loadedAt = new HashMap<>();
    private String lastTrouble = "";
    private volatile List<LoadedRoute> routes = List.of();
    private volatile @Nullable Result lastResult;

    RouteReload(RouteFolder folder, List<ReloadableFile> dataFiles, RouteCheck check, LiveRoutes live, Clock clock) {
        this.folder = folder;
        this.dataFiles = List.copyOf(dataFiles);
        this.check = check;
        this.live = live;
        this.clock = clock;
    }

    @Override
    public List<LoadedRoute> routes() {
        return routes;
    }

    @Override
    public Optional<Result> lastResult() {
        return Optional.ofNullable(lastResult);
    }

    /** The first load: every good file serves, every bad one is told. */
    synchronized void loadAtStart() {
        Map<String, String> now = look();
        if (now == null) return;
        lastLook = now;
        judge(now, Set.of());
    }

    /** One look at the folder. A change counts when two looks see the same: half-written files are not ready. */
    synchronized void scan() {
        Map<String, String> now = look();
        if (now == null) return;
        boolean settled = now.equals(lastLook);
        lastLook = now;
        if (!settled) return;
        if (!now.equals(judged)) judge(now, difference(judged, now));
        else if (live.restore(applied)) publish();
    }

    private @Nullable Map<String, String> look() {
        try {
            Map<String, String> now = folder.read();
            lastTrouble = "";
            return now;
        } catch (IOException e) {
            String trouble = e.toString();
            if (!trouble.equals(lastTrouble))
                LOG.error("cannot read {}, everything serves as before: {}", folder, trouble);
            lastTrouble = trouble;
            return null;
        }
    }

    private void judge(Map<String, String> now, Set<String> changed) {
        judged = now;
        readDataFiles(now, changed);
        Map<String, String> wanted = new TreeMap<>(now);
        wanted.keySet().removeIf(name -> !name.endsWith(RouteFile.SUFFIX));
        if (wanted.isEmpty() && !applied.isEmpty()) {
            report(false, List.of(), List.of("all route files are gone: taken for an accident, nothing is unloaded"));
            return;
        }
        Set<Refusal> refusals = new LinkedHashSet<>();
        boolean passes = settle(wanted, changed, refusals);
        if (passes) apply(wanted, refusals);
        else report(false, refusals, List.of());
        warnOfMisfits();
    }

    /** Takes the bad files out of {@code wanted} that may be taken out; false when the change is refused as a whole. */
    private boolean settle(Map<String, String> wanted, Set<String> changed, Set<Refusal> refusals) {
        while (true) {
            List<Refusal> found = check.check(wanted);
            if (found.isEmpty()) return true;
            refusals.addAll(found);
            for (Refusal refusal : found) {
                if (!stepBack(refusal.file(), wanted, changed)) return false;
            }
        }
    }

    private boolean stepBack(String file, Map<String, String> wanted, Set<String> changed) {
        String loaded = applied.containsKey(file) ? applied.get(file).source().text() : null;
        if (changed.contains(file) || Objects.equals(wanted.get(file), loaded)) return !wanted.containsKey(file);
        if (loaded == null) wanted.remove(file);
        else wanted.put(file, loaded);
        return true;
    }

    private void apply(Map<String, String> texts, Set<Refusal> refusals) {
        Map<String, RouteFile> wanted = new TreeMap<>();
        RouteFile.parseAll(texts, new ArrayList<>()).forEach(file -> wanted.put(file.name(), file));
        if (applied.isEmpty()) {
            refusals.addAll(live.loadAll(wanted));
            finish(wanted.keySet(), refusals);
            return;
        }
        if (wanted.equals(applied) && refusals.isEmpty()) return;
        try {
            finish(live.swapTo(wanted), refusals);
        } catch (RefusedFileException e) {
            refusals.add(e.refusal());
            report(false, refusals, List.of());
            publish();
        }
    }

    private void finish(Collection<String> touched, Set<Refusal> refusals) {
        applied = live.files();
        touched.forEach(name -> loadedAt.put(name, clock.instant()));
        loadedAt.keySet().retainAll(applied.keySet());
        publish();
        report(true, refusals, List.of(summary(touched)));
    }

    private String summary(Collection<String> touched) {
        Set<String> gone = new TreeSet<>(touched);
        gone.removeAll(applied.keySet());
        Set<String> fresh = new TreeSet<>(touched);
        fresh.retainAll(applied.keySet());
        if (fresh.isEmpty() && !gone.isEmpty()) return "removed " + ids(gone);
        return "loaded " + ids(fresh) + (gone.isEmpty() ? "" : "; removed " + ids(gone));
    }

    private static String ids(Set<String> files) {
        if (files.isEmpty()) return "nothing new";
        return String.join(", ", files).replace(RouteFile.SUFFIX, "");
    }

    private void readDataFiles(Map<String, String> now, Set<String> changed) {
        for (ReloadableFile file : dataFiles) {
            String name = file.fileName();
            boolean first = lastResult == null;
            if (!first && !changed.contains(name)) continue;
            if (now.containsKey(name)) readDataFile(file, now.get(name));
            else LOG.warn("{}/{} is not there; what was read of it before still counts", folder, name);
        }
    }

    private void readDataFile(ReloadableFile file, String text) {
        try {
            file.replace(text, folder + "/" + file.fileName());
            news(folder + "/" + file.fileName() + " read");
        } catch (Exception e) {
            LOG.error("{}{}not applied; what was read before still counts", e.getMessage(), System.lineSeparator());
        }
    }

    private void report(boolean done, Collection<Refusal> refusals, List<String> words) {
        List<String> shown = refusals.stream()
                .map(refusal -> refusal.shown(folder.toString()))
                .toList();
        String summary = String.join("; ", words);
        if (!done && summary.isEmpty()) summary = consequence(refusals);
        String lines = shown.isEmpty() ? "" : String.join(System.lineSeparator(), shown) + System.lineSeparator();
        if (!done) LOG.error("{}{}", lines, summary);
        else if (shown.isEmpty()) news("routes: " + summary);
        else LOG.error("{}routes: {}; not loaded: {}", lines, summary, badFiles(refusals));
        lastResult = new Result(clock.instant(), done, summary, shown);
    }

    private void warnOfMisfits() {
        Set<String> ids = routes.stream().map(LoadedRoute::id).collect(Collectors.toSet());
        for (ReloadableFile file : dataFiles) {
            for (String sentence : file.misfits(ids)) LOG.warn("{}/{}: {}", folder, file.fileName(), sentence);
        }
    }

    /** What loads well at the start is told once, with everything else that started. */
    private void news(String line) {
        if (lastResult == null) LOG.debug(line);
        else LOG.info(line);
    }

    private static String badFiles(Collection<Refusal> refusals) {
        return ids(new TreeSet<>(refusals.stream().map(Refusal::file).toList()));
    }

    private String consequence(Collection<Refusal> refusals) {
        Optional<Instant> since = refusals.stream()
                .map(refusal -> loadedAt.get(refusal.file()))
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .or(() -> loadedAt.values().stream().max(Instant::compareTo));
        return since.map(at -> "not applied; the version loaded at " + CLOCK_TIME.format(at) + " keeps serving")
                .orElse("not applied; nothing serves in its place");
    }

    private void publish() {
        List<LoadedRoute> loaded = new ArrayList<>();
        for (RouteFile file : live.files().values()) {
            Instant at = loadedAt.getOrDefault(file.name(), clock.instant());
            for (RouteFile.Item route : file.routes()) {
                loaded.add(new LoadedRoute(
                        String.valueOf(route.id()), folder + "/" + file.name(), route.description(), at));
            }
        }
        loaded.sort(Comparator.comparing(LoadedRoute::id));
        routes = List.copyOf(loaded);
    }

    private static Set<String> difference(Map<String, String> before, Map<String, String> now) {
        Set<String> names = new HashSet<>(before.keySet());
        names.addAll(now.keySet());
        names.removeIf(name -> Objects.equals(before.get(name), now.get(name)));
        return names;
    }

    /** The {@code route-reload} thread: loads the routes when Camel has started, then looks at the folder again and again. */
    static final class Loop implements StartupListener, AutoCloseable {
        private final RouteReload reload;
        private final Duration every;
        private volatile @Nullable ScheduledFuture<?> looks;
        private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread named = new Thread(task, "route-reload");
            named.setDaemon(true);
            return named;
        });

        Loop(RouteReload reload, Duration every) {
            this.reload = reload;
            this.every = every;
        }

        @Override
        public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) {
            reload.loadAtStart();
            looks = thread.scheduleWithFixedDelay(
                    this::scan, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
            // Routes can be added when Camel has fully started, not before.
        }

        /** A scheduled task that throws is never run again; the next look may well succeed. */
        private void scan() {
            try {
                reload.scan();
            } catch (RuntimeException e) {
                LOG.error("looking at the routes folder failed, everything serves as before", e);
            }
        }

        @Override
        public void close() {
            ScheduledFuture<?> running = looks;
            if (running != null) running.cancel(false);
            thread.shutdownNow();
        }
    }
}

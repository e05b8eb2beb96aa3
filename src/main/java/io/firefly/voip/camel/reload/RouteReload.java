package io.firefly.voip.camel.reload;

import io.firefly.voip.camel.check.Judgement;
import io.firefly.voip.camel.check.Refusal;
import io.firefly.voip.camel.check.Refusal.RefusedFileException;
import io.firefly.voip.camel.check.RouteCheck;
import io.firefly.voip.camel.check.RouteFile;
import io.firefly.voip.camel.reload.ReloadJournal.Attempt;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of the folder's content: looks, waits for two equal looks, judges, swaps, reports.
 *
 * <p>A change is taken as a whole or not at all, routes and data files alike. Two files saved together that need each
 * other are therefore never half applied. A file that was refused earlier and was not touched since does not hold up the
 * others: it stays as it is loaded. Nor does what has been wrong with the set that serves. At the start nothing is loaded,
 * so that every good file is taken; a bad one serves as it did before the restart, or is left out.
 */
final class RouteReload implements RouteLibrary, RouteVersions {
    private static final Logger LOG = LoggerFactory.getLogger(RouteReload.class);

    /** A set may have been refused for what lies outside of the folder: a sound file that is copied a moment later. */
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final RouteFolder folder;
    private final RouteCheck check;
    private final LiveRoutes live;
    private final VersionStore store;
    private final ReloadJournal journal;

    private Map<String, String> lastLook = Map.of();
    private Map<String, String> judged = Map.of();
    /** The texts that serve: the set the last good swap made. */
    private Map<String, String> applied = Map.of();

    private Map<String, RouteFile> appliedFiles = Map.of();

    private Set<String> refusedChanges = Set.of();
    private Instant lastTry = Instant.EPOCH;
    private String lastTrouble = "";
    private volatile List<LoadedRoute> routes = List.of();
    private volatile @Nullable Version version;

    RouteReload(RouteFolder folder, RouteCheck check, LiveRoutes live, VersionStore store, ReloadJournal journal) {
        this.folder = folder;
        this.check = check;
        this.live = live;
        this.store = store;
        this.journal = journal;
    }

    @Override
    public List<LoadedRoute> routes() {
        return routes;
    }

    @Override
    public Optional<Result> lastResult() {
        return journal.results().stream().findFirst();
    }

    @Override
    public List<Result> results() {
        return journal.results();
    }

    @Override
    public Optional<Version> version() {
        return Optional.ofNullable(version);
    }

    @Override
    public List<KeptVersion> versions() {
        return store.list();
    }

    /** The first load: every good file serves, every bad one is told. */
    synchronized void loadAtStart() {
        Map<String, String> now = look();
        if (now == null) return;
        lastLook = now;
        judge(now, Set.of(), "start");
    }

    /** One look at the folder. A change counts when two looks see the same: half-written files are not ready. */
    synchronized void scan() {
        Map<String, String> now = look();
        if (now == null) return;
        boolean settled = now.equals(lastLook);
        lastLook = now;
        if (!settled) return;
        if (!now.equals(judged)) judge(now, difference(judged, now), "folder");
        else if (live.restore(appliedFiles)) publish();
        else if (!refusedChanges.isEmpty()) retry(now);
    }

    private void retry(Map<String, String> now) {
        if (journal.now().isBefore(lastTry.plus(RETRY))) return;
        lastTry = journal.now();
        if (check.judge(now, folder.toString()).refusals().isEmpty()) judge(now, refusedChanges, "folder");
    }

    @Override
    public synchronized Result reload(String who) {
        Map<String, String> now = look();
        if (now == null) throw new IllegalStateException("cannot read " + folder + ": " + lastTrouble);
        lastLook = now;
        judge(now, difference(applied, now), who);
        return lastResult().orElseThrow();
    }

    @Override
    public synchronized Result rollback(Optional<String> wanted, String who) {
        String id = wanted.orElseGet(this::previous);
        Map<String, String> texts = store.texts(id)
                .orElseThrow(() -> new NoSuchElementException("there is no version '" + id + "'; there are "
                        + store.list().stream().map(KeptVersion::id).toList()));
        Judgement judgement = check.judge(texts, folder.toString(), appliedFiles);
        Set<Refusal> fresh = new LinkedHashSet<>(judgement.refusals());
        if (!texts.equals(applied)) baseline().forEach(fresh::remove);
        if (fresh.isEmpty()) swap(texts, judgement, new Change(who, true));
        else journal.refused(new Attempt(who, versionId(), fresh, ""));
        return lastResult().orElseThrow();
    }

    private String previous() {
        List<String> ids = store.list().stream().map(KeptVersion::id).toList();
        int older = ids.indexOf(versionId()) + 1;
        if (older >= ids.size()) throw new NoSuchElementException("no version before " + versionId() + " is kept");
        return ids.get(older);
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

    private void judge(Map<String, String> now, Set<String> changed, String who) {
        judged = now;
        lastTry = journal.now();
        refusedChanges = Set.of();
        Map<String, String> wanted = new TreeMap<>(now);
        if (!appliedFiles.isEmpty() && now.keySet().stream().noneMatch(name -> name.endsWith(RouteFile.SUFFIX))) {
            String accident = "all route files are gone: taken for an accident, nothing is unloaded";
            journal.refused(new Attempt(who, versionId(), List.of(), ""), accident);
            return;
        }
        // A data file that is gone still counts: nobody empties a directory of tenants by deleting it.
        applied.forEach((name, text) -> {
            if (!name.endsWith(RouteFile.SUFFIX) && check.reads(name) && wanted.putIfAbsent(name, text) == null)
                LOG.warn("{}/{} is not there; what was read of it before still counts", folder, name);
        });
        Set<Refusal> refusals = new LinkedHashSet<>();
        Judgement judgement = settle(wanted, changed, refusals);
        if (judgement != null) {
            journal.warn(judgement.warnings());
            wanted.keySet().removeIf(name -> !check.reads(name));
            boolean isNew = !wanted.equals(applied) || !refusals.isEmpty() || !who.equals("folder");
            if (isNew) swap(wanted, judgement, new Change(who, false, refusals));
        } else {
            refusedChanges = changed;
            journal.refused(new Attempt(who, versionId(), refusals, ""));
        }
    }

    /**
     * Takes the bad files out of {@code wanted} that may be taken out.
     *
     * @param refusals gets all that was wrong on the way
     * @return null when the change is refused as a whole
     */
    private @Nullable Judgement settle(Map<String, String> wanted, Set<String> changed, Set<Refusal> refusals) {
        Set<Refusal> known = null;
        Map<String, String> servedBefore = applied.isEmpty() ? newestVersion() : Map.of();
        while (true) {
            Judgement judgement = check.judge(wanted, folder.toString(), appliedFiles);
            List<Refusal> found = new ArrayList<>(judgement.refusals());
            refusals.addAll(found);
            if (!found.isEmpty() && known == null) known = baseline();
            if (known != null) found.removeAll(known);
            if (applied.isEmpty()) found.removeIf(refusal -> isMisfit(refusal, judgement));
            if (found.isEmpty()) return judgement;
            boolean goesOn = true;
            Set<String> bad = new LinkedHashSet<>();
            found.forEach(refusal -> bad.add(refusal.file()));
            if (applied.isEmpty()) stepBackAtStart(bad, wanted, servedBefore);
            else for (String file : bad) goesOn &= stepBack(file, wanted, changed);
            if (!goesOn) return null;
        }
    }

    /** What is wrong with the set that serves, since its start or because of what went from outside of the folder. */
    private Set<Refusal> baseline() {
        return applied.isEmpty()
                ? Set.of()
                : new HashSet<>(
                        check.judge(applied, folder.toString(), appliedFiles).refusals());
    }

    /** At the start a data file that can be read is better than none, though it names what is not there. */
    private static boolean isMisfit(Refusal refusal, Judgement judgement) {
        var draft = judgement.drafts().get(refusal.file());
        return draft != null && draft.isReadable();
    }

    /**
     * A restart does not cost a route that served before it: the last good texts of bad files serve on. Only when that does
     * not help, bad files are left out: a route is bad as long as its policy is.
     */
    private void stepBackAtStart(Set<String> bad, Map<String, String> wanted, Map<String, String> servedBefore) {
        Set<String> restored = new LinkedHashSet<>(bad);
        restored.removeIf(
                file -> !servedBefore.containsKey(file) || Objects.equals(servedBefore.get(file), wanted.get(file)));
        for (String file : restored) {
            LOG.warn("{}/{} is not right; it serves as it did before the restart", folder, file);
            wanted.put(file, servedBefore.get(file));
        }
        if (restored.isEmpty()) bad.forEach(wanted::remove);
    }

    private Map<String, String> newestVersion() {
        return store.list().stream()
                .findFirst()
                .flatMap(newest -> store.texts(newest.id()))
                .orElse(Map.of());
    }

    private boolean stepBack(String file, Map<String, String> wanted, Set<String> changed) {
        String loaded = applied.get(file);
        if (changed.contains(file) || Objects.equals(wanted.get(file), loaded)) return !wanted.containsKey(file);
        if (loaded == null) wanted.remove(file);
        else wanted.put(file, loaded);
        return true;
    }

    /** @param back whether it is a way back to a version from before */
    private record Change(String who, boolean back, Set<Refusal> refusals) {
        Change(String who, boolean back) {
            this(who, back, Set.of());
        }
    }

    private void swap(Map<String, String> texts, Judgement judgement, Change change) {
        Set<Refusal> refusals = new LinkedHashSet<>(change.refusals());
        Map<String, RouteFile> wanted = new TreeMap<>();
        judgement.files().forEach(file -> wanted.put(file.name(), file));
        Map<String, String> before = applied;
        Runnable useData = () -> judgement.drafts().forEach((name, draft) -> {
            if (!Objects.equals(before.get(name), texts.get(name))) draft.use().run();
        });
        Set<String> touched = new LinkedHashSet<>();
        if (before.isEmpty()) {
            useData.run();
            refusals.addAll(live.loadAll(wanted));
            touched.addAll(wanted.keySet());
        } else {
            try {
                touched.addAll(live.swapTo(wanted, useData));
            } catch (RefusedFileException e) {
                refusals.add(e.refusal());
                publish();
                journal.refused(new Attempt(change.who(), versionId(), refusals, ""));
                return;
            }
            touched.addAll(difference(before, texts));
        }
        applied = new TreeMap<>(texts);
        appliedFiles = live.files();
        applied.keySet().removeIf(name -> name.endsWith(RouteFile.SUFFIX) && !appliedFiles.containsKey(name));
        String id = VersionStore.idOf(applied);
        if (before.isEmpty()) touched.removeIf(name -> !name.endsWith(RouteFile.SUFFIX));
        Instant since = journal.now();
        version = new Version(id, since, change.back());
        if (!change.back() && !appliedFiles.isEmpty()) store.keep(applied, change.who(), since);
        String note = change.back() ? "; serves until the routes folder changes or Firefly starts again" : "";
        journal.applied(new Attempt(change.who(), id, refusals, note), touched, applied.keySet());
        publish();
    }

    private String versionId() {
        Version now = version;
        return now == null ? "none" : now.id();
    }

    private void publish() {
        List<LoadedRoute> loaded = new ArrayList<>();
        for (RouteFile file : live.files().values()) {
            Instant at = journal.loadedAt(file.name());
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
}

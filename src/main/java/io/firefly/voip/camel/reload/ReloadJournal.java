package io.firefly.voip.camel.reload;

import io.firefly.voip.camel.check.Refusal;
import io.firefly.voip.camel.check.RouteFile;
import io.firefly.voip.camel.reload.RouteLibrary.Result;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how every change went: a line in the log, a {@link Result} for whoever asks, a number for the meters. Written by
 * one thread at a time.
 */
final class ReloadJournal {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadJournal.class);
    private static final int KEPT = 50;
    private static final DateTimeFormatter CLOCK_TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

    private final RouteFolder folder;
    private final Clock clock;
    private final Consumer<Result> listener;
    private final Map<String, Instant> loadedAt = new HashMap<>();
    private Set<Refusal> lastWarnings = Set.of();
    private volatile List<Result> results = List.of();

    ReloadJournal(RouteFolder folder, Clock clock, Consumer<Result> listener) {
        this.folder = folder;
        this.clock = clock;
        this.listener = listener;
    }

    /** The newest first. */
    List<Result> results() {
        return results;
    }

    Instant now() {
        return clock.instant();
    }

    Instant loadedAt(String file) {
        return loadedAt.getOrDefault(file, clock.instant());
    }

    /** @param now all files that serve */
    void applied(Attempt attempt, Collection<String> touched, Set<String> now) {
        touched.forEach(name -> loadedAt.put(name, clock.instant()));
        loadedAt.keySet().retainAll(now);
        Set<String> gone = new TreeSet<>(touched);
        gone.removeAll(now);
        Set<String> fresh = new TreeSet<>(touched);
        fresh.retainAll(now);
        String summary = fresh.isEmpty() && !gone.isEmpty()
                ? "removed " + ids(gone)
                : "loaded " + ids(fresh) + (gone.isEmpty() ? "" : "; removed " + ids(gone));
        tell(attempt, true, summary + attempt.note());
    }

    void refused(Attempt attempt) {
        tell(attempt, false, consequence(attempt.refusals()));
    }

    void refused(Attempt attempt, String summary) {
        tell(attempt, false, summary);
    }

    /** Slips that harm nobody, once each. */
    void warn(Collection<Refusal> warnings) {
        for (Refusal warning : warnings) {
            if (!lastWarnings.contains(warning)) LOG.warn("{}", warning.shown(folder.toString()));
        }
        lastWarnings = new HashSet<>(warnings);
    }

    private void tell(Attempt attempt, boolean done, String summary) {
        List<String> shown = attempt.refusals().stream()
                .map(refusal -> refusal.shown(folder.toString()))
                .toList();
        String lines = shown.isEmpty() ? "" : String.join(System.lineSeparator(), shown) + System.lineSeparator();
        String event = "by " + attempt.who() + ", version " + attempt.version();
        // What loads well at the start is told once, with everything else that started.
        if (!done) LOG.error("{}{} ({})", lines, summary, event);
        else if (!shown.isEmpty()) LOG.error("{}routes: {}; not right: {} ({})", lines, summary, bad(attempt), event);
        else if (results.isEmpty()) LOG.debug("routes: {} ({})", summary, event);
        else LOG.info("routes: {} ({})", summary, event);
        Result result = new Result(clock.instant(), attempt.who(), done, attempt.version(), summary, shown);
        List<Result> all = new ArrayList<>(results);
        all.add(0, result);
        results = List.copyOf(all.subList(0, Math.min(KEPT, all.size())));
        listener.accept(result);
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

    private static String bad(Attempt attempt) {
        return ids(new TreeSet<>(attempt.refusals().stream().map(Refusal::file).toList()));
    }

    private static String ids(Set<String> files) {
        if (files.isEmpty()) return "nothing new";
        return String.join(", ", files).replace(RouteFile.SUFFIX, "");
    }

    /**
     * Somebody wants a change.
     *
     * @param version what serves after it
     * @param note words behind the summary
     */
    record Attempt(String who, String version, Collection<Refusal> refusals, String note) {}
}

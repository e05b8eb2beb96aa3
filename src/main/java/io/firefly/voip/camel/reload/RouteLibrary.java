package io.firefly.voip.camel.reload;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is loaded from the routes folder, and how its changes went. Snapshots: any thread, never waits. */
public interface RouteLibrary {
    /** The routes that serve now, by id. */
    List<LoadedRoute> routes();

    /** The last time somebody wanted a change, or the start; empty before the start. */
    Optional<Result> lastResult();

    /** The newest first, 50 at most. */
    List<Result> results();

    /** The set that serves; empty before the start. */
    Optional<Version> version();

    /**
     * One route and where it comes from.
     *
     * @param file with its folder: {@code routes/inbound.camel.yaml}
     */
    record LoadedRoute(String id, String file, @Nullable String description, Instant loadedAt) {}

    /**
     * The whole set of files that serves.
     *
     * @param id hash of all their names and texts, 12 hexadecimal digits
     * @param since when it was swapped in
     * @param rolledBack whether somebody went back to it; then it serves until the folder changes
     */
    record Version(String id, Instant since, boolean rolledBack) {}

    /**
     * How a change went.
     *
     * @param who {@code start}, {@code folder}, or who called the API for what
     * @param applied false when the whole change was refused and everything serves as before
     * @param version what serves since then
     * @param summary one line
     * @param refusals what is wrong in which file, ready to be shown; also what is still wrong since an earlier change
     */
    record Result(Instant at, String who, boolean applied, String version, String summary, List<String> refusals) {
        public Result {
            refusals = List.copyOf(refusals);
        }

        /** {@code applied}, {@code partly} when something else is still wrong, or {@code refused}. */
        public String outcome() {
            if (!applied) return "refused";
            return refusals.isEmpty() ? "applied" : "partly";
        }
    }
}

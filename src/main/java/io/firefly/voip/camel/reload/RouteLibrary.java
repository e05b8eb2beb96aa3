package io.firefly.voip.camel.reload;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is loaded from the routes folder, and how the last change went. A snapshot: any thread, never waits. */
public interface RouteLibrary {
    /** The routes that serve now, by id. */
    List<LoadedRoute> routes();

    /** The last time the folder changed, or the start; empty before the start. */
    Optional<Result> lastResult();

    /**
     * One route and where it comes from.
     *
     * @param file with its folder: {@code routes/inbound.camel.yaml}
     */
    record LoadedRoute(String id, String file, @Nullable String description, Instant loadedAt) {}

    /**
     * How a change of the folder went.
     *
     * @param applied false when the whole change was refused and everything serves as before
     * @param summary one line
     * @param refusals what is wrong in which file, ready to be shown; also what is still wrong since an earlier change
     */
    record Result(Instant at, boolean applied, String summary, List<String> refusals) {
        public Result {
            refusals = List.copyOf(refusals);
        }
    }
}

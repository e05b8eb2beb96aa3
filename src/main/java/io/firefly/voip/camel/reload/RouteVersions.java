package io.firefly.voip.camel.reload;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The sets of route files that served before, and the way back to one of them. Any thread; waits for a swap. */
public interface RouteVersions {
    /** The newest first. */
    List<KeptVersion> versions();

    /**
     * Serves a set from before. It is judged like any other, and it serves until something in the routes folder changes or
     * the process starts again; then the whole folder counts again.
     *
     * @param version its id; empty for the one before the set that serves
     * @param who for the log
     * @throws java.util.NoSuchElementException when there is no such version; the message lists those there are
     */
    RouteLibrary.Result rollback(Optional<String> version, String who);

    /** Judges the folder as it is now, without waiting for two equal looks, also when nothing in it changed. */
    RouteLibrary.Result reload(String who);

    /**
     * A set of files that served.
     *
     * @param id hash of all their names and texts
     * @param at when it was swapped in
     * @param files their names
     */
    record KeptVersion(String id, Instant at, String who, List<String> files) {}
}

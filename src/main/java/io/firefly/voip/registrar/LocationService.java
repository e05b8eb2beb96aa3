package io.firefly.voip.registrar;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Where the users are now (RFC 3261 10). Answers from memory; changes go to the database first and are loaded from there
 * at start.
 *
 * <p>Any thread. Changes of one user follow each other under one of 64 locks; readers never wait. Bounded by the number of
 * subscribers times {@code firefly.registrar.bindings.max-per-user}, since only a proved subscriber can register.
 */
public final class LocationService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocationService.class);
    private static final Comparator<Binding> BEST_FIRST = Comparator.comparingDouble(Binding::q)
            .reversed()
            .thenComparing(Comparator.comparing(Binding::expiresAt).reversed());

    /** What a change wants: which bindings go, which are written; those that stay are named by neither. */
    record Revision(List<Binding> removed, List<Binding> written) {
        List<Binding> appliedTo(List<Binding> now) {
            List<String> touched = Stream.concat(removed.stream(), written.stream())
                    .map(Binding::id)
                    .toList();
            return Stream.concat(now.stream().filter(binding -> !touched.contains(binding.id())), written.stream())
                    .toList();
        }
    }

    private final BindingStore store;
    private final Clock clock;
    private final Map<String, List<Binding>> byUser = new ConcurrentHashMap<>();
    private final Object[] locks = Stream.generate(Object::new).limit(64).toArray();
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "registrar-sweep");
        thread.setDaemon(true);
        return thread;
    });

    private final ScheduledFuture<?> sweeping;

    LocationService(BindingStore store, Clock clock, Duration sweepInterval) {
        this.store = store;
        this.clock = clock;
        for (Binding binding : store.readAliveAt(clock.instant())) {
            byUser.merge(binding.user(), List.of(binding), (had, more) -> Stream.concat(had.stream(), more.stream())
                    .toList());
        }
        long millis = sweepInterval.toMillis();
        sweeping = sweeper.scheduleWithFixedDelay(this::sweep, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** The live bindings of a user, best first: highest q, then newest. Empty when nobody by that name is registered. */
    public List<Binding> lookup(String user) {
        List<Binding> bindings = alive(user, clock.instant());
        return bindings.size() < 2
                ? bindings
                : bindings.stream().sorted(BEST_FIRST).toList();
    }

    /** Live bindings by user name, at most so many. */
    public List<Binding> list(int most) {
        Instant now = clock.instant();
        return byUser.keySet().stream()
                .sorted()
                .flatMap(user -> alive(user, now).stream())
                .limit(most)
                .toList();
    }

    /**
     * Removes every binding of a user; the phone is back with its next REGISTER.
     *
     * @return how many there were
     * @throws DataAccessException when the database refused; nothing has changed then
     */
    public int forget(String user) {
        return inTurn(user, now -> {
            write(user, new Revision(now, List.of()), List.of());
            return now.size();
        });
    }

    /** Contacts registered now, of all users. Counts those that expired since the last sweep. */
    public int bindingsNow() {
        return byUser.values().stream().mapToInt(List::size).sum();
    }

    /** Users with at least one contact. */
    public int usersNow() {
        return byUser.size();
    }

    private List<Binding> alive(String user, Instant now) {
        return withoutExpired(byUser.getOrDefault(user, List.of()), now);
    }

    private static List<Binding> withoutExpired(List<Binding> bindings, Instant now) {
        for (Binding binding : bindings) {
            if (!binding.expiresAt().isAfter(now)) {
                return bindings.stream()
                        .filter(one -> one.expiresAt().isAfter(now))
                        .toList();
            }
        }
        return bindings;
    }

    /** Runs {@code step} with the live bindings of a user while nobody else changes them. */
    <T> T inTurn(String user, Function<List<Binding>, T> step) {
        synchronized (lockOf(user)) {
            return step.apply(alive(user, clock.instant()));
        }
    }

    /**
     * Changes the bindings of one user, all or nothing: in the database, then in memory. Only within {@link #inTurn}.
     *
     * @throws DataAccessException when the database refused; nothing has changed then
     */
    void write(String user, Revision revision, List<Binding> after) {
        store.apply(revision.removed(), revision.written());
        remember(user, after);
    }

    private void remember(String user, List<Binding> bindings) {
        if (bindings.isEmpty()) {
            byUser.remove(user);
        } else {
            byUser.put(user, bindings);
        }
    }

    private Object lockOf(String user) {
        return locks[Math.floorMod(user.hashCode(), locks.length)];
    }

    /** Removes what has expired. */
    void sweep() {
        Instant now = clock.instant();
        for (String user : byUser.keySet()) {
            synchronized (lockOf(user)) {
                remember(user, alive(user, now));
            }
        }
        try {
            store.deleteExpiredAt(now);
        } catch (DataAccessException e) {
            // They are not served any more; the next sweep tries again.
            LOG.warn("expired bindings cannot be deleted: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        sweeping.cancel(false);
        sweeper.shutdown();
    }
}

package io.firefly.voip.camel.freeswitch.esl;

import io.firefly.voip.camel.freeswitch.esl.EslRefusal.Kind;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a connection to one FreeSWITCH for as long as we run: logs in, subscribes, watches, and begins anew when it
 * breaks. What is wrong is told once, and once more when something else is.
 */
public final class EslLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EslLink.class);
    private static final double GROWTH = 1.7;
    private static final Duration SHORTEST_HEARTBEAT = Duration.ofSeconds(1);

    /** Told on workers; {@code up}, {@code down} and {@code gone} in their order, events of one channel in theirs. */
    public interface Owner {
        /** @param restarted it is not the FreeSWITCH that it was before: nothing of ours is left there */
        void up(EslConnection connection, boolean restarted);

        void down(String why);

        /** It could not be reached for so long that what it carried is given up. Once per {@code down}. */
        void gone(String why);

        void event(EslEvent event);

        /** Now and then; on the link's own thread. */
        void look(long nowNanos);
    }

    /**
     * Whom to call.
     *
     * @param name for logs and threads
     * @param password asked for at every login, so that it can be changed while we run
     */
    public record Address(String name, String host, int port, Supplier<String> password) {
        String peer() {
            return host + ":" + port;
        }
    }

    private final Address address;
    private final Owner owner;
    private final EslWorkers workers;
    private final EslTiming timing;
    private final Consumer<Duration> latency;
    private final ScheduledThreadPoolExecutor thread;
    private final Set<String> names = new LinkedHashSet<>(List.of("HEARTBEAT", "BACKGROUND_JOB"));
    private final Set<String> subclasses = new LinkedHashSet<>();
    private final AtomicLong heartbeatNanos = new AtomicLong();
    private final AtomicLong logins = new AtomicLong();
    /** Between the last two; null until there were two. */
    private volatile @Nullable Duration heartbeat;

    private volatile @Nullable EslSockets sockets;
    private volatile @Nullable EslConnection connection;
    private volatile boolean up;
    private volatile boolean closed;
    private volatile boolean gaveUp = true;
    private volatile long openedNanos;
    private volatile long downNanos;
    private volatile @Nullable String core;
    private volatile Duration pause;
    private volatile @Nullable String told;

    public EslLink(Address address, Owner owner, EslWorkers workers, Clockwork clockwork) {
        this.address = address;
        this.owner = owner;
        this.workers = workers;
        this.timing = clockwork.timing();
        this.latency = clockwork.latency();
        this.pause = timing.firstPause();
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread link = new Thread(task, "esl-link-" + address.name());
            link.setDaemon(true);
            return link;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** @param latency hears how long each reply took */
    public record Clockwork(EslTiming timing, Consumer<Duration> latency) {}

    /** Begins to call, and does not wait for it. */
    public void start(EslSockets sockets) {
        this.sockets = sockets;
        long period = timing.clock().toMillis();
        var unused = thread.scheduleWithFixedDelay(this::look, period, period, TimeUnit.MILLISECONDS);
        later(Duration.ZERO, this::connect);
    }

    /** The connection that stands; null when none does. */
    public @Nullable EslConnection connection() {
        return up ? connection : null;
    }

    /** How often it was up again after it was down. */
    public long reconnects() {
        return Math.max(0, logins.get() - 1);
    }

    /** Of the FreeSWITCH that we met last; null before. */
    public @Nullable String core() {
        return core;
    }

    /** From now on, and after every login, these events are wanted, too. */
    public void subscribe(Collection<String> moreNames, Collection<String> moreSubclasses) {
        EslCommand all;
        synchronized (names) {
            boolean newNames = names.addAll(moreNames);
            boolean newSubclasses = subclasses.addAll(moreSubclasses);
            if (!newNames && !newSubclasses) return;
            all = EslCommand.subscribe(names, subclasses);
        }
        EslConnection now = connection();
        if (now != null) {
            var unused = now.ask(all).whenComplete((done, failure) -> {
                if (failure != null)
                    LOG.warn("events of {} are not to be had: {}", address.name(), failure.getMessage());
            });
        }
    }

    /** Runs later on the link's thread, unless it is closed by then. */
    public void later(Duration delay, Runnable task) {
        try {
            var unused = thread.schedule(() -> guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the link to {} is closed", address.name());
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("the link to FreeSWITCH {} stumbled", address.name(), e);
        }
    }

    private void connect() {
        EslSockets net = sockets;
        if (closed || connection != null || net == null) return;
        try {
            net.dial(address.host(), address.port(), timing.connect(), this::opened);
        } catch (ConnectException e) {
            String text = String.valueOf(e.getMessage());
            refused(
                    text.contains("refused")
                            ? EslRefusal.nobodyListens(address.peer())
                            : EslRefusal.lost(text + ": check firefly.freeswitch.nodes[].host and port"));
        }
    }

    /** Network thread. */
    private EslConnection opened(EslConnection.Socket socket) {
        openedNanos = System.nanoTime();
        EslConnection opened = new EslConnection(socket, new Told(), workers, timing, latency);
        connection = opened;
        return opened;
    }

    private final class Told implements EslConnection.Listener {
        @Override
        public void greeted(EslConnection greeting) {
            logIn(greeting);
        }

        @Override
        public void event(EslConnection from, EslEvent event) {
            if (event.name().equals("HEARTBEAT")) beat(from, event);
            owner.event(event);
        }

        @Override
        public void closed(EslConnection gone, EslRefusal why) {
            if (connection != gone) return;
            connection = null;
            boolean wasUp = up;
            up = false;
            if (wasUp) {
                downNanos = System.nanoTime();
                gaveUp = false;
                owner.down(why.text());
            }
            refused(why);
        }
    }

    private void logIn(EslConnection fresh) {
        EslCommand auth;
        try {
            auth = EslCommand.auth(address.password().get());
        } catch (RuntimeException e) {
            fresh.close(new EslRefusal(Kind.WRONG_PASSWORD, String.valueOf(e.getMessage())));
            return;
        }
        var unused = fresh.send(auth).whenComplete((reply, failure) -> {
            if (failure != null) return; // closed() tells
            if (reply.answer().startsWith("+OK")) greet(fresh);
            else fresh.close(EslRefusal.wrongPassword(address.peer()));
        });
    }

    private void greet(EslConnection fresh) {
        EslCommand wanted;
        synchronized (names) {
            wanted = EslCommand.subscribe(names, subclasses);
        }
        CompletableFuture<String> subscribed = fresh.ask(wanted);
        CompletableFuture<String> identity = fresh.ask(EslCommand.api("global_getvar", "core_uuid"));
        var unused = subscribed
                .thenCombine(identity, (done, uuid) -> uuid.strip())
                .whenComplete((uuid, failure) -> {
                    if (failure == null) stands(fresh, uuid);
                    else
                        fresh.close(new EslRefusal(
                                Kind.NO_EVENT_SOCKET,
                                address.peer() + " does not take our commands: " + failure.getMessage()));
                });
    }

    private void stands(EslConnection fresh, String uuid) {
        String before = core;
        core = uuid;
        heartbeatNanos.set(0);
        heartbeat = null;
        pause = timing.firstPause();
        told = null;
        gaveUp = true;
        up = true;
        boolean again = logins.getAndIncrement() > 0;
        boolean restarted = before != null && !before.equals(uuid);
        LOG.info(
                "FreeSWITCH {} {} at {}",
                address.name(),
                restarted ? "was started anew" : again ? "is back" : "is there",
                address.peer());
        owner.up(fresh, restarted);
        // What was subscribed to while we logged in.
        synchronized (names) {
            var unused = fresh.send(EslCommand.subscribe(names, subclasses));
        }
    }

    private void beat(EslConnection from, EslEvent event) {
        long now = System.nanoTime();
        long before = heartbeatNanos.getAndSet(now);
        // It does not say how often; what was heard once too late counts until the next one.
        if (before != 0) heartbeat = Duration.ofNanos(Math.max(SHORTEST_HEARTBEAT.toNanos(), now - before));
        String uuid = event.text("Core-UUID");
        if (!uuid.isEmpty() && core != null && !uuid.equals(core)) from.close(address.peer() + " was started anew");
    }

    /** Nobody is there, or not for us. */
    private void refused(EslRefusal why) {
        if (closed) return;
        if (downNanos == 0) downNanos = System.nanoTime();
        if (!why.text().equals(told)) {
            told = why.text();
            if (why.isForPeople()) LOG.error("no FreeSWITCH {}: {}", address.name(), why.text());
            else LOG.warn("no FreeSWITCH {}: {}; it is tried again", address.name(), why.text());
        }
        Duration patience = why.kind() == Kind.NOBODY_LISTENS ? timing.refused() : timing.gone();
        if (!gaveUp && System.nanoTime() - downNanos > patience.toNanos()) {
            gaveUp = true;
            workers.execute(address.peer(), () -> owner.gone(why.text()));
        }
        Duration next = pause;
        long longer = (long) (next.toMillis() * GROWTH);
        pause = longer > timing.longestPause().toMillis() ? timing.longestPause() : Duration.ofMillis(longer);
        // Nodes that went down together shall not be called by everybody at the same moment.
        double jitter = 0.8 + 0.4 * ThreadLocalRandom.current().nextDouble();
        later(Duration.ofMillis((long) (next.toMillis() * jitter)), this::connect);
    }

    private void look() {
        guarded(() -> {
            long now = System.nanoTime();
            EslConnection open = connection;
            if (open != null) watch(open, now);
            owner.look(now);
        });
    }

    private void watch(EslConnection open, long now) {
        open.look(now);
        if (!up) {
            if (now - openedNanos > timing.reply().toNanos())
                open.close(EslRefusal.noEventSocket(
                        address.peer(),
                        "did not let us log in within " + timing.reply().toMillis()
                                + " ms: is this the port of an event socket?"));
            return;
        }
        Duration usual = heartbeat;
        Duration missed = usual == null ? null : usual.multipliedBy(EslTiming.MISSED_HEARTBEATS);
        if (missed != null && now - heartbeatNanos.get() > missed.toNanos()) {
            open.close(EslRefusal.lost("no HEARTBEAT of " + address.peer() + " for " + missed.toSeconds() + " s"));
        } else if (open.unanswered() == 0 && open.silence(now).compareTo(timing.probe()) > 0) {
            // TCP alone notices after minutes that the other side has gone.
            var unused = open.send(EslCommand.api("uptime", ""));
        }
    }

    /** Says goodbye. May be called twice. */
    @Override
    public void close() {
        closed = true;
        up = false;
        thread.shutdown();
        EslConnection open = connection;
        if (open != null) {
            var unused = open.send(EslCommand.EXIT);
            open.close("we stop");
        }
    }

    /** For those who want to see what is subscribed. */
    List<String> subscribed() {
        synchronized (names) {
            List<String> all = new ArrayList<>(names);
            all.addAll(subclasses);
            return all;
        }
    }
}

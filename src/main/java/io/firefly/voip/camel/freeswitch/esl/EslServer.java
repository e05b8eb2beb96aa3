package io.firefly.voip.camel.freeswitch.esl;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the connections that FreeSWITCH opens for its calls, one each, and asks each whose it is. */
public final class EslServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EslServer.class);

    /** Told on workers. */
    public interface Owner {
        /** @param data of the channel: its headers and variables */
        Visitor arrived(EslConnection connection, EslEvent data);

        /** Now and then; on the server's own thread. */
        void look(long nowNanos);
    }

    /** Whoever deals with one connection. */
    public interface Visitor {
        /** On the worker of its channel. */
        void event(EslEvent event);

        /** The last word, once. */
        void closed(String why);
    }

    private final Owner owner;
    private final EslWorkers workers;
    private final EslLink.Clockwork clockwork;
    private final int maxOpen;
    /** The visitor is missing for as long as FreeSWITCH has not said whose connection it is. */
    private final Map<EslConnection, Arrival> open = new ConcurrentHashMap<>();

    private final LongAdder refused = new LongAdder();
    private @Nullable ScheduledExecutorService clock;
    private EslSockets.@Nullable Listening listening;

    /** @param maxOpen connections at a time; what comes above that is closed at once, and counted */
    public EslServer(Owner owner, EslWorkers workers, EslLink.Clockwork clockwork, int maxOpen) {
        this.owner = owner;
        this.workers = workers;
        this.clockwork = clockwork;
        this.maxOpen = maxOpen;
    }

    /**
     * Opens the port.
     *
     * @return where it is, when any free one was asked for (0)
     * @throws IllegalStateException when it cannot be had
     */
    public synchronized InetSocketAddress start(EslSockets sockets, String host, int port) {
        EslSockets.Listening opened = sockets.listen(host, port, this::opened);
        listening = opened;
        clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "esl-clock");
            thread.setDaemon(true);
            return thread;
        });
        Duration period = clockwork.timing().clock();
        var unused = clock.scheduleWithFixedDelay(this::look, 1, period.toMillis(), TimeUnit.MILLISECONDS);
        return opened.address();
    }

    public int open() {
        return open.size();
    }

    /** Connections that were too many. */
    public long refused() {
        return refused.sum();
    }

    /** Network thread. */
    private EslConnection opened(EslConnection.Socket socket) {
        Arrival arrival = new Arrival();
        Consumer<Duration> latency = clockwork.latency();
        EslConnection connection = new EslConnection(socket, arrival, workers, clockwork.timing(), latency);
        if (open.size() >= maxOpen) {
            refused.increment();
            connection.close("there are " + maxOpen + " connections already");
            return connection;
        }
        open.put(connection, arrival);
        // FreeSWITCH says nothing before it hears this, and nothing else may come first.
        var unused = connection.send(EslCommand.of("connect")).whenComplete((reply, failure) -> {
            if (failure != null) return; // closed() tells
            EslEvent data = EslEvent.ofReply(reply);
            if (data.uuid().isEmpty()) connection.close(connection.peer() + " named no channel when it was asked to");
            else workers.execute(data.uuid(), () -> arrival.meet(connection, data));
        });
        return connection;
    }

    private final class Arrival implements EslConnection.Listener {
        private volatile @Nullable Visitor visitor;
        private volatile String key = "";

        void meet(EslConnection connection, EslEvent data) {
            if (!open.containsKey(connection)) return;
            key = data.uuid();
            visitor = owner.arrived(connection, data);
        }

        @Override
        public void greeted(EslConnection connection) {
            connection.close(connection.peer() + " greets as if we had called it");
        }

        @Override
        public void event(EslConnection connection, EslEvent event) {
            Visitor met = visitor;
            if (met != null) met.event(event);
        }

        @Override
        public void closed(EslConnection connection, EslRefusal why) {
            open.remove(connection);
            if (key.isEmpty() && visitor == null) {
                LOG.warn("an event socket from {} brought no call: {}", connection.peer(), why.text());
                return;
            }
            workers.execute(key, () -> {
                Visitor met = visitor;
                if (met != null) met.closed(why.text());
            });
        }
    }

    private void look() {
        try {
            long now = System.nanoTime();
            open.keySet().forEach(connection -> connection.look(now));
            owner.look(now);
        } catch (RuntimeException e) {
            LOG.error("the event sockets of calls could not be looked after", e);
        }
    }

    @Override
    public synchronized void close() {
        if (clock != null) clock.shutdownNow();
        if (listening != null) listening.close();
        listening = null;
        open.keySet().forEach(connection -> connection.close("we stop"));
    }
}

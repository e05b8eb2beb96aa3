package io.firefly.voip.camel.websocket;

import io.firefly.voip.camel.websocket.WebsocketEndpoint.Listen;
import io.firefly.voip.camel.websocket.WebsocketException.Reason;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClientOptions;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** All sockets of this process, by key, whatever route they belong to. Any thread. Closing it closes them all. */
public final class Websockets implements AutoCloseable {
    private static final int GOING_AWAY = 1001;
    private static final int LAST_WORDS_MILLIS = 500;

    private final Vertx vertx;
    private final WebsocketProperties settings;
    private final List<Context> loops = new CopyOnWriteArrayList<>();
    private final AtomicInteger nextLoop = new AtomicInteger();
    private final Map<String, LiveSocket> byKey = new ConcurrentHashMap<>();
    private final Map<String, SocketGroup> groups = new ConcurrentHashMap<>();
    private final Map<String, ServerPort> ports = new ConcurrentHashMap<>();
    private final Dialer dialer;
    private final ThreadPoolExecutor workers;
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder unsent = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder pauses = new LongAdder();
    private final LongAdder refusedHandshakes = new LongAdder();
    private final LongAdder failedRoutings = new LongAdder();
    private final String deployment;
    private volatile boolean closed;

    public Websockets(Vertx vertx, WebsocketProperties settings) {
        this(vertx, settings, new WebSocketClientOptions());
    }

    /** {@code clientOptions}: what dialled sockets have in common; the JDK's trust store unless it says otherwise. */
    Websockets(Vertx vertx, WebsocketProperties settings, WebSocketClientOptions clientOptions) {
        this.vertx = vertx;
        this.settings = settings;
        this.dialer = new Dialer(vertx, settings, clientOptions);
        this.workers = workers(settings.workers());
        this.deployment = await(vertx.deployVerticle(
                () -> new EventLoop(loops), new DeploymentOptions().setInstances(settings.eventLoopCount())));
    }

    /**
     * What happened since the start.
     *
     * @param open sockets now, those that are being dialled included
     * @param received messages that arrived
     * @param sent messages handed to a socket
     * @param unsent messages refused because the peer reads too slowly
     * @param lost events that found no route within the hold time
     * @param pauses how often a socket had to wait for its route
     * @param refusedHandshakes sockets that never opened, in either direction
     * @param failedRoutings events on which the route failed
     */
    public record Statistics(
            int open,
            long received,
            long sent,
            long unsent,
            long lost,
            long pauses,
            long refusedHandshakes,
            long failedRoutings) {}

    public Statistics statistics() {
        return new Statistics(
                byKey.size(),
                received.sum(),
                sent.sum(),
                unsent.sum(),
                lost.sum(),
                pauses.sum(),
                refusedHandshakes.sum(),
                failedRoutings.sum());
    }

    /** The port a {@code server/<name>} listens on; differs from its option when that is 0. */
    public int port(String name) {
        return ports.values().stream()
                .filter(port -> port.serves("server/" + name))
                .findAny()
                .map(ServerPort::actualPort)
                .orElseThrow(() -> new IllegalStateException("nothing listens for websocket:server/" + name));
    }

    synchronized void attach(String name, @Nullable Listen listen, WebsocketConsumer consumer) {
        SocketGroup group = groups.computeIfAbsent(name, n -> new SocketGroup(n, this, consumer.options()));
        group.attach(consumer);
        if (listen == null) return;
        try {
            serve(group, listen);
        } catch (IllegalStateException e) {
            detach(name, consumer);
            throw e;
        }
    }

    private void serve(SocketGroup group, Listen listen) {
        String address = listen.host() + ":" + (listen.port() == 0 ? group.name() : listen.port());
        ports.forEach((other, port) -> {
            if (!other.equals(address)) port.leave(group);
        });
        ServerPort port = ports.get(address);
        if (port == null) {
            port = ServerPort.open(this, listen, group.options());
            ports.put(address, port);
        }
        port.serve(group, listen);
    }

    void detach(String name, WebsocketConsumer consumer) {
        SocketGroup group = groups.get(name);
        if (group == null) return;
        group.detach(consumer, () -> ports.values().forEach(port -> port.leave(group)));
        awaitLoops();
    }

    /** After this no event loop is still inside the route that was taken away. */
    private void awaitLoops() {
        if (closed || Context.isOnEventLoopThread()) return;
        await(Future.all(loops.stream().map(Websockets::passed).toList()));
    }

    private static Future<Void> passed(Context loop) {
        Promise<Void> promise = Promise.promise();
        loop.runOnContext(nothing -> promise.complete());
        return promise.future();
    }

    void idle(ServerPort port) {
        ports.values().remove(port);
        port.close();
    }

    /** Begins to dial; the result is an event of the group. */
    void connect(String groupName, String key, URI uri, Map<String, String> handshake) throws WebsocketException {
        SocketGroup group = groups.get(groupName);
        if (group == null || !group.isServed()) {
            throw new WebsocketException(Reason.BAD_ORDER, "no running route begins with websocket:" + groupName);
        }
        LiveSocket socket = new LiveSocket(key, group, nextLoop(), Map.of());
        enter(socket);
        dialer.dial(socket, uri, handshake);
    }

    /** Counts a new socket in. */
    void enter(LiveSocket socket) throws WebsocketException {
        if (byKey.putIfAbsent(socket.key(), socket) != null) {
            throw new WebsocketException(
                    Reason.BAD_ORDER, "a socket with the key '" + socket.key() + "' is open already");
        }
        if (!socket.group().add(socket)) {
            forget(socket);
            countRefusedHandshake();
            throw new WebsocketException(
                    Reason.QUEUE_FULL,
                    socket.group() + " holds its " + socket.group().size() + " sockets (maxSockets)");
        }
    }

    LiveSocket known(String key) throws WebsocketException {
        LiveSocket socket = byKey.get(key);
        if (socket == null) throw LiveSocket.gone(key);
        return socket;
    }

    void forget(LiveSocket socket) {
        byKey.remove(socket.key(), socket);
    }

    /** Sockets whose CLOSE event is still to be routed included. */
    int members() {
        return groups.values().stream().mapToInt(SocketGroup::size).sum();
    }

    Vertx vertx() {
        return vertx;
    }

    WebsocketProperties settings() {
        return settings;
    }

    List<Context> loops() {
        return loops;
    }

    /** Clients dialled from one context would share its event loop (vert.x issue 5366), so they are dealt out here. */
    private Context nextLoop() {
        return loops.get(Math.floorMod(nextLoop.getAndIncrement(), loops.size()));
    }

    Executor workers() {
        return workers;
    }

    void countReceived() {
        received.increment();
    }

    void countSent() {
        sent.increment();
    }

    void countUnsent() {
        unsent.increment();
    }

    void countLost() {
        lost.increment();
    }

    void countPause() {
        pauses.increment();
    }

    void countRefusedHandshake() {
        refusedHandshakes.increment();
    }

    void countFailedRouting() {
        failedRoutings.increment();
    }

    /** Closes every socket (1001), every port and the event loops' tasks. Waits for close frames half a second at most. */
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        groups.values().forEach(group -> group.closeAll(GOING_AWAY, "going away"));
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_WORDS_MILLIS);
        while (!byKey.isEmpty() && System.nanoTime() < deadline) LockSupport.parkNanos(5_000_000);
        ports.values().forEach(ServerPort::close);
        ports.clear();
        groups.clear();
        dialer.close();
        workers.shutdownNow();
        if (vertx.deploymentIDs().contains(deployment)) await(vertx.undeploy(deployment));
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("no answer from the event loops within 10 s", e);
        }
    }

    private static ThreadPoolExecutor workers(int count) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(count, count, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "websocket-worker-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Vert.x gives every instance of a verticle a context of its own, on the next event loop. */
    private static final class EventLoop extends AbstractVerticle {
        private final List<Context> loops;

        EventLoop(List<Context> loops) {
            this.loops = loops;
        }

        @Override
        public void start() {
            loops.add(context);
        }
    }
}

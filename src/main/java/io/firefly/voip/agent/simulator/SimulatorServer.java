package io.firefly.voip.agent.simulator;

import io.firefly.voip.agent.simulator.RealtimeSession.Setup;
import io.firefly.voip.agent.simulator.protocol.ProtocolError;
import io.firefly.voip.agent.simulator.protocol.ServerEvents;
import io.firefly.voip.agent.simulator.script.Script;
import io.firefly.voip.agent.simulator.script.Visit;
import io.firefly.voip.agent.simulator.script.Visit.Handshake;
import io.firefly.voip.agent.simulator.script.Visit.Welcome;
import io.firefly.voip.agent.simulator.sound.Voice;
import io.firefly.voip.agent.simulator.wire.Clock;
import io.firefly.voip.agent.simulator.wire.VirtualClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The realtime server on loopback. One event loop serves all sessions, so a session needs no lock and the simulator no
 * more than one core.
 */
final class SimulatorServer implements AutoCloseable {
    static final String PATH = "/v1/realtime";
    /** The same behind Azure's door, where the key may stand in {@code api-key}. */
    static final String AZURE_PATH = "/openai/v1/realtime";

    private static final Logger log = LoggerFactory.getLogger(SimulatorServer.class);
    private static final int WRITE_QUEUE_BYTES = 256 << 10;
    private static final long PATIENCE_SECONDS = 10;

    private final SimulatorProperties properties;
    private final Voice voice;
    private final Vertx vertx;
    private final HttpServer server;
    private final Set<ServerWebSocket> sockets = ConcurrentHashMap.newKeySet();
    private final SortedMap<Long, RealtimeSession> sessions = new TreeMap<>();
    private final Options options;
    private final Clock clock;
    private Script script;
    private long played;
    private long sessionsOpened;

    private SimulatorServer(SimulatorProperties properties, Options options) {
        this.properties = properties;
        this.options = options;
        this.script = options.script();
        this.voice = Voice.load((int) properties.deltaLength().toMillis());
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        HttpServerOptions http = new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setMaxWebSocketFrameSize(ServerEvents.MAX_FRAME_BYTES)
                .setMaxWebSocketMessageSize(ServerEvents.MAX_FRAME_BYTES)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setWebSocketSubProtocols(List.of("realtime"));
        if (options.certificate() != null) http.setSsl(true).setKeyCertOptions(options.certificate());
        this.server = vertx.createHttpServer(http);
        this.clock = options.manualClock() ? new VirtualClock() : new WallClock(vertx);
        ControlDesk desk = new ControlDesk(this);
        server.requestHandler(request -> {
            if (desk.takes(request)) {
                desk.serve(request);
            } else if (request.path().equals(PATH) || request.path().equals(AZURE_PATH)) {
                receive(request);
            } else {
                request.response().setStatusCode(404).end();
            }
        });
    }

    /**
     * What is not a setting of the exchange.
     *
     * @param certificate with its key: TLS instead of plain text; null for none
     * @param manualClock time passes only when the control desk says so
     * @param journal is told what happens, in one sentence each; on the event loop
     */
    record Options(
            Script script, @Nullable PemKeyCertOptions certificate, boolean manualClock, Consumer<String> journal) {}

    /** Listens when this returns; a port of 0 takes any free one. */
    static SimulatorServer start(SimulatorProperties properties) {
        Options options =
                new Options(properties.scenario(), null, false, event -> log.debug("simulator event={}", event));
        return start(properties, options);
    }

    static SimulatorServer start(SimulatorProperties properties, Options options) {
        SimulatorServer simulator = new SimulatorServer(properties, options);
        try {
            await(simulator.server.listen(properties.port(), properties.bind()));
        } catch (ExecutionException | TimeoutException e) {
            simulator.close();
            throw new IllegalStateException(
                    "the simulator cannot listen on " + properties.bind() + ":" + properties.port()
                            + "; change firefly.simulator.port",
                    e);
        }
        log.debug("simulator listens baseUrl={}", simulator.baseUrl());
        return simulator;
    }

    /** The simulator in a process of its own; the only argument is the port. Runs until the process is ended. */
    public static void main(String[] args) {
        int port = args.length > 0
                ? Integer.parseInt(args[0])
                : SimulatorProperties.defaults().port();
        SimulatorServer simulator = start(SimulatorProperties.defaults().onPort(port));
        Runtime.getRuntime().addShutdownHook(new Thread(simulator::close, "simulator-stop"));
    }

    int port() {
        return server.actualPort();
    }

    /** Where clients connect to: {@code ws://127.0.0.1:8086/v1}, to which they add {@code /realtime?model=}. */
    URI baseUrl() {
        return URI.create(
                (options.certificate() == null ? "ws://" : "wss://") + properties.bind() + ":" + port() + "/v1");
    }

    /** Connections open now; 0 at rest. */
    int openSessions() {
        return sockets.size();
    }

    @Override
    public void close() {
        for (ServerWebSocket socket : sockets) socket.close((short) 1001, "the simulator is stopping");
        try {
            await(vertx.close());
        } catch (ExecutionException | TimeoutException e) {
            log.warn("simulator did not stop cleanly", e);
        }
    }

    /** Open sessions by their number, from 1. Event loop only. */
    SortedMap<Long, RealtimeSession> sessions() {
        return sessions;
    }

    /** For connections from now on. Event loop only. */
    void play(Script other) {
        script = other;
        played = 0;
    }

    Clock clock() {
        return clock;
    }

    long sessionsOpened() {
        return sessionsOpened;
    }

    private void receive(HttpServerRequest request) {
        Visit visit = script.visit(played++);
        Handshake handshake = visit.handshake();
        // A request read to its end can no longer become a websocket.
        request.pause();
        clock.after(handshake.delayMillis(), () -> {
            switch (handshake.welcome()) {
                case SILENT -> options.journal().accept("a connection is left without an answer");
                case STATUS -> {
                    options.journal().accept("a connection is turned away with " + handshake.status());
                    Doorkeeper.turnAway(request, handshake);
                }
                default -> upgrade(request, visit);
            }
        });
    }

    private void upgrade(HttpServerRequest request, Visit visit) {
        request.toWebSocket()
                .onSuccess(socket -> accept(new SocketLine(socket, request), visit))
                .onFailure(e -> log.debug("simulator handshake failed", e));
    }

    private void accept(SocketLine line, Visit visit) {
        ServerWebSocket socket = line.socket();
        socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES);
        sockets.add(socket);
        try {
            if (visit.handshake().welcome() == Welcome.INVALID_KEY) {
                throw ProtocolError.fatal(3000, "invalid_api_key", "Incorrect API key provided: '***'.");
            }
            serve(line, Doorkeeper.modelOf(line.request()), visit);
        } catch (ProtocolError e) {
            options.journal().accept("a connection is refused: " + e.text());
            socket.closeHandler(gone -> sockets.remove(socket));
            new ServerEvents(properties.seed(), socket::writeTextMessage).error(e, null);
            socket.close((short) e.closeCode(), e.closeReason());
        }
    }

    private void serve(SocketLine line, String model, Visit visit) {
        ServerWebSocket socket = line.socket();
        long scriptedLimit = visit.terms().limitMillis();
        long limitMillis = scriptedLimit < 0 ? properties.sessionLimit().toMillis() : scriptedLimit;
        long number = ++sessionsOpened;
        Setup setup = new Setup(
                (script.seed() < 0 ? properties.seed() : script.seed()) + number - 1,
                model,
                (System.currentTimeMillis() + limitMillis) / 1000,
                voice,
                properties.tempo(),
                properties.shuffle() || visit.terms().shuffle(),
                properties.hangUpAfterTurns(),
                properties.preamble(),
                visit);
        RealtimeSession session = new RealtimeSession(setup, line, clock);
        sessions.put(number, session);
        options.journal().accept("session " + number + " opened, model " + model);
        session.expireAfter(limitMillis);
        socket.textMessageHandler(session::receive);
        socket.binaryMessageHandler(binary -> session.receive(""));
        socket.exceptionHandler(e -> log.debug("simulator socket failed", e));
        socket.closeHandler(gone -> {
            sockets.remove(socket);
            sessions.remove(number);
            session.close();
            options.journal().accept("session " + number + " closed, code " + socket.closeStatusCode());
        });
        session.open();
    }

    private static <T> void await(Future<T> future) throws ExecutionException, TimeoutException {
        try {
            future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecutionException(e);
        }
    }

    /** Real time. */
    private record WallClock(Vertx vertx) implements Clock {
        @Override
        public long nowMillis() {
            return System.nanoTime() / 1_000_000;
        }

        @Override
        public void after(long millis, Runnable task) {
            if (millis <= 0) {
                task.run();
            } else {
                vertx.setTimer(millis, id -> task.run());
            }
        }
    }
}

package io.firefly.voip.agent.simulator;

import io.firefly.voip.agent.simulator.RealtimeSession.Line;
import io.firefly.voip.agent.simulator.RealtimeSession.Setup;
import io.firefly.voip.agent.simulator.ResponseRun.Pace;
import io.firefly.voip.agent.simulator.protocol.ProtocolError;
import io.firefly.voip.agent.simulator.protocol.ServerEvents;
import io.firefly.voip.agent.simulator.sound.Voice;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The realtime server on loopback. One event loop serves all sessions, so a session needs no lock and the simulator no
 * more than one core.
 */
final class SimulatorServer implements AutoCloseable {
    static final String PATH = "/v1/realtime";

    private static final Logger log = LoggerFactory.getLogger(SimulatorServer.class);
    private static final int WRITE_QUEUE_BYTES = 256 << 10;
    private static final long PATIENCE_SECONDS = 10;
    private static final String KEY_PROTOCOL = "openai-insecure-api-key.";

    private final SimulatorProperties properties;
    private final Voice voice;
    private final Vertx vertx;
    private final HttpServer server;
    private final Set<ServerWebSocket> sockets = ConcurrentHashMap.newKeySet();
    private long sessionsOpened;

    private SimulatorServer(SimulatorProperties properties) {
        this.properties = properties;
        this.voice = Voice.load((int) properties.deltaLength().toMillis());
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        this.server = vertx.createHttpServer(new HttpServerOptions()
                .setMaxWebSocketFrameSize(ServerEvents.MAX_FRAME_BYTES)
                .setMaxWebSocketMessageSize(ServerEvents.MAX_FRAME_BYTES)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setWebSocketSubProtocols(List.of("realtime")));
        server.webSocketHandshakeHandler(handshake -> {
            if (handshake.path().equals(PATH)) {
                handshake.accept();
            } else {
                handshake.reject(404);
            }
        });
        server.webSocketHandler(this::accept);
        server.requestHandler(request -> request.response().setStatusCode(404).end());
    }

    /** Listens when this returns; a port of 0 takes any free one. */
    static SimulatorServer start(SimulatorProperties properties) {
        SimulatorServer simulator = new SimulatorServer(properties);
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
        return URI.create("ws://" + properties.bind() + ":" + port() + "/v1");
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

    private void accept(ServerWebSocket socket) {
        socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES);
        sockets.add(socket);
        try {
            serve(socket, modelOf(socket));
        } catch (ProtocolError e) {
            socket.closeHandler(gone -> sockets.remove(socket));
            new ServerEvents(properties.seed(), socket::writeTextMessage).error(e, null);
            socket.close((short) e.closeCode(), e.closeReason());
        }
    }

    private void serve(ServerWebSocket socket, String model) {
        long expiresAt =
                System.currentTimeMillis() / 1000 + properties.sessionLimit().toSeconds();
        Setup setup = new Setup(
                properties.seed() + sessionsOpened++,
                model,
                expiresAt,
                voice,
                new Pace(
                        (int) properties.responseDelay().toMillis(),
                        (int) properties.firstAudioDelay().toMillis(),
                        properties.speed(),
                        properties.shuffle()),
                properties.hangUpAfterTurns(),
                properties.preamble());
        RealtimeSession session = new RealtimeSession(setup, new SocketLine(socket), this::after);
        long expiry = vertx.setTimer(properties.sessionLimit().toMillis(), id -> session.expire());
        socket.textMessageHandler(session::receive);
        socket.binaryMessageHandler(binary -> session.receive(""));
        socket.exceptionHandler(e -> log.debug("simulator socket failed", e));
        socket.closeHandler(gone -> {
            vertx.cancelTimer(expiry);
            sockets.remove(socket);
            session.close();
        });
        session.open();
    }

    private void after(long millis, Runnable task) {
        if (millis <= 0) {
            task.run();
        } else {
            vertx.setTimer(millis, id -> task.run());
        }
    }

    /** Checks who knocks, in the order the real server does, and tells the model that was asked for. */
    private static String modelOf(ServerWebSocket socket) throws ProtocolError {
        if (apiKey(socket.headers()) == null) {
            throw ProtocolError.fatal(3000, "invalid_api_key", "Incorrect API key provided: ''.");
        }
        String beta = socket.headers().get("OpenAI-Beta");
        if (beta != null && beta.contains("realtime=v1")) throw ProtocolError.betaShape();
        Map<String, List<String>> query = new QueryStringDecoder(socket.uri()).parameters();
        List<String> asked = Stream.of("model", "call_id", "intent")
                .flatMap(name -> query.getOrDefault(name, List.of()).stream())
                .toList();
        boolean forModel = query.containsKey("model");
        if (forModel && asked.size() == 1 && !asked.get(0).isBlank()) return asked.get(0);
        if (query.containsKey("intent")) {
            throw ProtocolError.fatal(
                    4000, "invalid_intent", "The simulator serves voice sessions only: connect with ?model=.");
        }
        if (query.containsKey("call_id")) {
            throw ProtocolError.fatal(4000, "invalid_call_id", "No such call: the simulator has no SIP connector.");
        }
        throw ProtocolError.fatal(4000, "missing_model", "You must provide a model parameter.");
    }

    private static @Nullable String apiKey(MultiMap headers) {
        String authorization = headers.get("Authorization");
        if (authorization != null && authorization.startsWith("Bearer ")) {
            String key = authorization.substring("Bearer ".length()).strip();
            return key.isEmpty() ? null : key;
        }
        String offered = headers.get("Sec-WebSocket-Protocol");
        if (offered == null) return null;
        for (String protocol : offered.split(",", -1)) {
            String name = protocol.strip();
            if (name.startsWith(KEY_PROTOCOL) && name.length() > KEY_PROTOCOL.length()) {
                return name.substring(KEY_PROTOCOL.length());
            }
        }
        return null;
    }

    private static <T> void await(Future<T> future) throws ExecutionException, TimeoutException {
        try {
            future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecutionException(e);
        }
    }

    /** A socket as the session sees it. Who does not read is not read from either. */
    private record SocketLine(ServerWebSocket socket) implements Line {
        @Override
        public void send(String frame) {
            if (socket.isClosed()) return;
            socket.writeTextMessage(frame);
            if (socket.writeQueueFull()) {
                socket.pause();
                socket.drainHandler(drained -> socket.resume());
            }
        }

        @Override
        public void close(int code, String reason) {
            socket.close((short) code, reason);
        }

        @Override
        public boolean congested() {
            return socket.writeQueueFull();
        }
    }
}

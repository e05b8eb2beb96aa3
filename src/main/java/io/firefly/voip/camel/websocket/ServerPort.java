package io.firefly.voip.camel.websocket;

import io.firefly.voip.camel.websocket.WebsocketEndpoint.Listen;
import io.firefly.voip.camel.websocket.WebsocketEndpoint.Options;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One address where peers connect to us; several routes with different paths may share it. Stays open while a route is
 * reloaded, because closing it would close its sockets.
 */
final class ServerPort {
    private static final Logger log = LoggerFactory.getLogger(ServerPort.class);
    /** Vert.x deals the sockets of one port out to all servers that listen on it; below 0 means a free port for them. */
    private static final AtomicInteger FREE_PORT = new AtomicInteger();

    private static final int MAX_STRANGERS = 500;

    private final Websockets sockets;
    private final Options options;
    private final Listen first;
    private final List<HttpServer> servers;
    private final Map<SocketGroup, Listen> served = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    /** Connected, but no websocket yet. */
    private final Set<HttpConnection> strangers = ConcurrentHashMap.newKeySet();

    private ServerPort(Websockets sockets, Listen first, Options options) {
        this.sockets = sockets;
        this.first = first;
        this.options = options;
        int port = first.port() > 0 ? first.port() : FREE_PORT.decrementAndGet();
        List<Future<HttpServer>> opening =
                sockets.loops().stream().map(loop -> listen(loop, port)).toList();
        try {
            Websockets.await(Future.join(opening));
        } catch (IllegalStateException e) {
            opening.stream().filter(Future::succeeded).forEach(open -> open.result()
                    .close());
            throw new IllegalStateException(
                    "cannot listen on " + first.host() + ":" + first.port() + ": " + e.getMessage(), e);
        }
        this.servers = opening.stream().map(Future::result).toList();
    }

    static ServerPort open(Websockets sockets, Listen listen, Options options) {
        return new ServerPort(sockets, listen, options);
    }

    private Future<HttpServer> listen(Context loop, int port) {
        Promise<HttpServer> promise = Promise.promise();
        HttpServerOptions http = new HttpServerOptions()
                .setMaxWebSocketFrameSize(options.maxFrameBytes())
                .setMaxWebSocketMessageSize(options.maxMessageBytes())
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setWebSocketClosingTimeout(LiveSocket.CLOSING_SECONDS)
                .setHttp2ClearTextEnabled(false)
                .setTcpNoDelay(true);
        if (!first.subProtocols().isEmpty()) http.setWebSocketSubProtocols(first.subProtocols());
        loop.runOnContext(nothing -> sockets.vertx()
                .createHttpServer(http)
                .connectionHandler(this::connected)
                .requestHandler(this::requested)
                .listen(port, first.host())
                .onComplete(promise));
        return promise.future();
    }

    int actualPort() {
        return servers.get(0).actualPort();
    }

    boolean serves(String groupName) {
        return served.keySet().stream().anyMatch(group -> group.name().equals(groupName));
    }

    void serve(SocketGroup group, Listen listen) {
        Options wanted = group.options();
        if (wanted.maxFrameBytes() != options.maxFrameBytes()
                || wanted.maxMessageBytes() != options.maxMessageBytes()
                || !listen.subProtocols().equals(first.subProtocols())) {
            log.warn(
                    "{} shares port {}: maxFrameSize, maxMessageSize and subProtocols stay as the port was opened with",
                    group,
                    actualPort());
        }
        served.put(group, listen);
    }

    /** The group listens here no longer. The port closes with its last connection. */
    void leave(SocketGroup group) {
        if (served.remove(group) != null) closeIfIdle();
    }

    /** Whoever does not shake hands in time is shown out, or idle connections would use up the process. */
    private void connected(HttpConnection connection) {
        connections.incrementAndGet();
        strangers.add(connection);
        long timer =
                sockets.vertx().setTimer(sockets.settings().connectTimeout().toMillis(), fired -> showOut(connection));
        connection.exceptionHandler(trouble -> log.debug("peer {}", connection.remoteAddress(), trouble));
        connection.closeHandler(nothing -> {
            sockets.vertx().cancelTimer(timer);
            strangers.remove(connection);
            connections.decrementAndGet();
            closeIfIdle();
        });
        if (strangers.size() > MAX_STRANGERS) showOut(connection);
    }

    private void showOut(HttpConnection connection) {
        if (!strangers.remove(connection)) return;
        sockets.countRefusedHandshake();
        connection.close();
    }

    private void closeIfIdle() {
        if (served.isEmpty() && connections.get() == 0) sockets.idle(this);
    }

    private void requested(HttpServerRequest request) {
        String path = path(request);
        for (Map.Entry<SocketGroup, Listen> entry : served.entrySet()) {
            Map<String, String> parameters = entry.getValue().path().match(path).orElse(null);
            if (parameters != null) {
                shakeHands(request, entry.getKey(), entry.getValue(), parameters);
                return;
            }
        }
        refuse(request, HttpResponseStatus.NOT_FOUND);
    }

    /** Not {@code request.path()}, which throws on a malformed escape and would leave the peer without an answer. */
    private static String path(HttpServerRequest request) {
        String target = request.uri();
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private void shakeHands(
            HttpServerRequest request, SocketGroup group, Listen listen, Map<String, String> parameters) {
        if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            request.response().putHeader("Upgrade", "websocket");
            refuse(request, HttpResponseStatus.UPGRADE_REQUIRED);
        } else if (!mayCome(request, listen)) {
            refuse(request, HttpResponseStatus.FORBIDDEN);
        } else if (group.isFull()) {
            refuse(request, HttpResponseStatus.SERVICE_UNAVAILABLE);
        } else {
            Map<String, String> headers = headers(request, listen, parameters);
            request.toWebSocket()
                    .onSuccess(opened -> accept(opened, request.connection(), group, headers)
                            .ifPresent(socket -> keepAlive(socket, opened, listen)))
                    .onFailure(failure -> sockets.countRefusedHandshake());
        }
    }

    private static void keepAlive(LiveSocket socket, ServerWebSocket opened, Listen listen) {
        if (!listen.pingInterval().isZero()) socket.keepAlive(opened, listen.pingInterval());
    }

    private Optional<LiveSocket> accept(
            ServerWebSocket opened, HttpConnection connection, SocketGroup group, Map<String, String> headers) {
        Context loop = Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
        LiveSocket socket = new LiveSocket(UUID.randomUUID().toString(), group, loop, headers);
        try {
            sockets.enter(socket);
            strangers.remove(connection);
            socket.opened(opened);
            return Optional.of(socket);
        } catch (WebsocketException e) {
            opened.close((short) 1013, "full"); // IANA websocket close codes: try again later
            return Optional.empty();
        }
    }

    private void refuse(HttpServerRequest request, HttpResponseStatus status) {
        sockets.countRefusedHandshake();
        request.response()
                .setStatusCode(status.code())
                .putHeader("Connection", "close")
                .end(status.reasonPhrase());
    }

    /** Browsers always say which page they come from; other clients need not. */
    private static boolean mayCome(HttpServerRequest request, Listen listen) {
        String origin = request.getHeader("Origin");
        if (origin == null || listen.allowedOrigins().contains("*")) return true;
        if (!listen.allowedOrigins().isEmpty()) return listen.allowedOrigins().contains(origin);
        String ourHost = hostOf("http://" + request.getHeader("Host"));
        return ourHost != null && ourHost.equalsIgnoreCase(hostOf(origin));
    }

    private static @Nullable String hostOf(String address) {
        try {
            return URI.create(address).getHost();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Only what the route asked for by name: a header or query parameter of a stranger must never steer Camel. */
    private static Map<String, String> headers(
            HttpServerRequest request, Listen listen, Map<String, String> parameters) {
        Map<String, String> headers = new HashMap<>();
        headers.put(WebsocketHeaders.REMOTE_ADDRESS, String.valueOf(request.remoteAddress()));
        parameters.forEach((name, value) -> headers.put(WebsocketHeaders.PATH_PREFIX + name, value));
        for (String name : listen.handshakeHeaders()) {
            String value = request.getHeader(name);
            if (value != null) headers.put(WebsocketHeaders.HANDSHAKE_PREFIX + name, value);
        }
        return headers;
    }

    void close() {
        servers.forEach(HttpServer::close);
    }
}

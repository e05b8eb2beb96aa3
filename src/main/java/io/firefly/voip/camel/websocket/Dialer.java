package io.firefly.voip.camel.websocket;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;

/** Opens sockets to others. Never tries twice: whether a lost conversation may begin again is not decided here. */
final class Dialer {
    private static final int MAX_SOCKETS_PER_HOST = 100_000; // SocketGroup sets the limit that matters
    private static final int MAX_BODY_CHARS = 200;

    private final Vertx vertx;
    private final Duration timeout;
    private final Duration pingInterval;
    private final WebSocketClientOptions common;
    private final Map<Integer, WebSocketClient> byMessageSize = new ConcurrentHashMap<>();

    Dialer(Vertx vertx, WebsocketProperties settings, WebSocketClientOptions common) {
        this.vertx = vertx;
        this.timeout = settings.connectTimeout();
        this.pingInterval = settings.pingInterval();
        this.common = common;
    }

    void dial(LiveSocket socket, URI uri, Map<String, String> handshake) {
        socket.loop().runOnContext(nothing -> {
            long timer = vertx.setTimer(
                    timeout.toMillis(),
                    fired -> socket.refused(uri.getHost() + " did not answer within " + timeout.toMillis() + " ms"));
            client(socket.group().options()).connect(request(uri, handshake)).onComplete(dialled -> {
                vertx.cancelTimer(timer);
                if (dialled.succeeded()) {
                    socket.opened(dialled.result());
                    if (!pingInterval.isZero()) socket.keepAlive(dialled.result(), pingInterval);
                } else {
                    socket.refused(reason(dialled.cause()));
                }
            });
        });
    }

    private WebSocketConnectOptions request(URI uri, Map<String, String> handshake) {
        boolean tls = "wss".equals(uri.getScheme());
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        WebSocketConnectOptions request = new WebSocketConnectOptions();
        request.setTimeout(timeout.toMillis()); // or a peer that takes the line and says nothing keeps it for good
        request.setSsl(tls);
        request.setHost(uri.getHost());
        request.setPort(uri.getPort() >= 0 ? uri.getPort() : (tls ? 443 : 80));
        request.setURI(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
        handshake.forEach(request::addHeader);
        return request;
    }

    private WebSocketClient client(WebsocketEndpoint.Options options) {
        return byMessageSize.computeIfAbsent(
                options.maxMessageBytes(),
                size -> vertx.createWebSocketClient(new WebSocketClientOptions(common)
                        .setMaxConnections(MAX_SOCKETS_PER_HOST)
                        .setMaxFrameSize(size)
                        .setMaxMessageSize(size)
                        .setConnectTimeout((int) timeout.toMillis())
                        .setClosingTimeout(LiveSocket.CLOSING_SECONDS)
                        .setTcpNoDelay(true)));
    }

    private static String reason(Throwable failure) {
        if (failure instanceof UpgradeRejectedException refused) {
            String status = HttpResponseStatus.valueOf(refused.getStatus()).toString();
            String body =
                    refused.getBody() == null ? "" : oneLine(refused.getBody().toString());
            return "HTTP " + status + (body.isEmpty() ? "" : ": " + body);
        }
        if (failure instanceof SSLException) return "TLS: " + deepest(failure).getMessage();
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private static Throwable deepest(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) cause = cause.getCause();
        return cause;
    }

    private static String oneLine(String body) {
        String line = body.replaceAll("\\s+", " ").trim();
        return line.length() <= MAX_BODY_CHARS ? line : line.substring(0, MAX_BODY_CHARS) + "...";
    }

    void close() {
        byMessageSize.values().forEach(WebSocketClient::close);
        byMessageSize.clear();
    }
}

package io.firefly.voip.camel.websocket;

import io.firefly.voip.camel.websocket.WebsocketException.Reason;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/** Carries out {@code connect}, {@code send} and {@code close}. Never waits; what goes wrong is the exchange's exception. */
final class WebsocketProducer extends DefaultAsyncProducer {
    private static final int NORMAL = 1000;

    private final WebsocketEndpoint endpoint;
    private final Websockets sockets;

    WebsocketProducer(WebsocketEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.sockets = endpoint.sockets();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            order(exchange.getMessage());
        } catch (WebsocketException e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    private void order(Message message) throws WebsocketException {
        String key = message.getHeader(WebsocketHeaders.KEY, String.class);
        if (key == null || key.isEmpty()) throw missing(WebsocketHeaders.KEY);
        switch (endpoint.role()) {
            case SEND -> {
                Object frame = frame(message);
                sockets.known(key).send(frame);
            }
            case CONNECT -> sockets.connect("client/" + endpoint.name(), key, uri(message), handshake(message));
            case CLOSE -> close(key, message);
            default -> throw new IllegalStateException(endpoint.role() + " is no order");
        }
    }

    private static Object frame(Message message) throws WebsocketException {
        Object body = message.getBody();
        if (body instanceof String || body instanceof byte[]) return body;
        String text = body == null ? null : message.getBody(String.class);
        if (text == null) throw new WebsocketException(Reason.BAD_ORDER, "there is no body to send");
        return text;
    }

    private void close(String key, Message message) throws WebsocketException {
        int code = message.getHeader(WebsocketHeaders.CLOSE_CODE, NORMAL, Integer.class);
        // RFC 6455 7.4: the other codes describe how a connection ended and are never sent.
        boolean sendable =
                (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
        if (!sendable) {
            throw new WebsocketException(
                    Reason.BAD_ORDER, WebsocketHeaders.CLOSE_CODE + " " + code + " may not be sent (RFC 6455 7.4)");
        }
        sockets.known(key).close(code, message.getHeader(WebsocketHeaders.CLOSE_REASON, String.class));
    }

    private static URI uri(Message message) throws WebsocketException {
        String text = message.getHeader(WebsocketHeaders.URI, String.class);
        if (text == null) throw missing(WebsocketHeaders.URI);
        try {
            URI uri = URI.create(text);
            String scheme = uri.getScheme();
            if (uri.getHost() != null && ("ws".equals(scheme) || "wss".equals(scheme))) return uri;
        } catch (IllegalArgumentException e) {
            throw new WebsocketException(
                    Reason.BAD_ORDER, WebsocketHeaders.URI + " is not an address: " + e.getMessage());
        }
        throw new WebsocketException(
                Reason.BAD_ORDER, WebsocketHeaders.URI + " must be ws://host... or wss://host..., not '" + text + "'");
    }

    private static Map<String, String> handshake(Message message) throws WebsocketException {
        Object header = message.getHeader(WebsocketHeaders.HANDSHAKE);
        Map<String, String> lines = new LinkedHashMap<>();
        if (header == null) return lines;
        if (!(header instanceof Map<?, ?> map)) {
            throw new WebsocketException(
                    Reason.BAD_ORDER, WebsocketHeaders.HANDSHAKE + " must be a map of names and values");
        }
        for (Map.Entry<?, ?> line : map.entrySet()) {
            lines.put(safe(line.getKey()), safe(line.getValue()));
        }
        return lines;
    }

    /** A line break would begin a header of the attacker's choice (RFC 9110 5.5). */
    private static String safe(@Nullable Object part) throws WebsocketException {
        String text = String.valueOf(part);
        if (part == null || text.chars().anyMatch(c -> c < ' ' && c != '\t')) {
            throw new WebsocketException(
                    Reason.BAD_ORDER, WebsocketHeaders.HANDSHAKE + " holds an empty or multi-line entry");
        }
        return text;
    }

    private static WebsocketException missing(String header) {
        return new WebsocketException(Reason.BAD_ORDER, "header " + header + " is missing");
    }
}

package io.firefly.voip.camel.websocket;

import io.firefly.voip.camel.websocket.WebsocketEndpoint.Listen;
import io.firefly.voip.camel.websocket.WebsocketEndpoint.Options;
import io.firefly.voip.camel.websocket.WebsocketEndpoint.Role;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/**
 * The scheme {@code websocket:}. Holds nothing itself: any number of them, in any number of Camel contexts, may share
 * the same {@link Websockets}, so a dry run of a route file touches no socket.
 */
@Component("websocket")
public final class WebsocketComponent extends DefaultComponent {
    private static final int MEBIBYTE = 1024 * 1024;

    private final @Nullable Websockets sockets;

    public WebsocketComponent(Websockets sockets) {
        this.sockets = sockets;
    }

    /** Checks every word and option; its endpoints carry nothing. */
    private WebsocketComponent() {
        this.sockets = null;
    }

    /** For a Camel context in which no socket is opened. */
    public static WebsocketComponent onTrial() {
        return new WebsocketComponent();
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        String[] parts = remaining.split("/", 2);
        Role role = role(uri, parts[0]);
        String name = parts.length > 1 ? parts[1] : "";
        if (role.isNamed() && !name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException(uri + ": a name must follow, as in websocket:" + parts[0] + "/agent");
        }
        if (!role.isNamed() && !name.isEmpty()) {
            throw new IllegalArgumentException(uri + ": no name belongs here; the socket is found by the header "
                    + WebsocketHeaders.KEY + ". Write websocket:" + parts[0]);
        }
        WebsocketEndpoint endpoint = new WebsocketEndpoint(uri, this, role, name);
        if (role.isConsumer()) endpoint.setOptions(options(role, parameters));
        if (role == Role.SERVER) endpoint.setListen(listen(uri, parameters));
        return endpoint;
    }

    Websockets sockets() {
        return Objects.requireNonNull(sockets, "no socket is opened on trial");
    }

    private static Role role(String uri, String word) {
        for (Role role : Role.values()) {
            if (role.name().toLowerCase(Locale.ROOT).equals(word)) return role;
        }
        throw new IllegalArgumentException(uri + ": after websocket: comes client/<name> or server/<name> (from), "
                + "connect/<name>, send or close (to), not '" + word + "'");
    }

    private Options options(Role role, Map<String, Object> parameters) {
        int defaultMessageBytes = role == Role.CLIENT ? 16 * MEBIBYTE : MEBIBYTE;
        int maxMessageBytes = number(parameters, "maxMessageSize", defaultMessageBytes, 128);
        int defaultFrameBytes = role == Role.CLIENT ? maxMessageBytes : 64 * 1024;
        return new Options(
                number(parameters, "mailbox", 64, 1),
                number(parameters, "sendQueueSize", MEBIBYTE, 1),
                maxMessageBytes,
                Math.min(maxMessageBytes, number(parameters, "maxFrameSize", defaultFrameBytes, 128)),
                number(parameters, "maxSockets", 2000, 1),
                isWorker(text(parameters, "dispatch", "eventLoop")));
    }

    private @Nullable Listen listen(String uri, Map<String, Object> parameters) {
        boolean enabled = isTrue(text(parameters, "enabled", "true"));
        String path = text(parameters, "path", "");
        if (path.isEmpty())
            throw new IllegalArgumentException(uri + ": option path is missing, as in path=/audio/{ticket}");
        Address address = address(uri, parameters);
        Listen listen = new Listen(
                address.host(),
                address.port(),
                new PathTemplate(path),
                list(parameters, "allowedOrigins"),
                list(parameters, "handshakeHeaders"),
                list(parameters, "subProtocols"),
                pingInterval(uri, parameters));
        return enabled ? listen : null;
    }

    private record Address(String host, int port) {}

    private Address address(String uri, Map<String, Object> parameters) {
        String host = text(parameters, "host", "127.0.0.1");
        int port = number(parameters, "port", 8085, 0);
        String both = text(parameters, "address", "");
        if (!both.isEmpty()) {
            int colon = both.lastIndexOf(':');
            if (colon < 1 || !both.substring(colon + 1).matches("[0-9]{1,5}"))
                throw new IllegalArgumentException(uri + ": address must be host:port, not '" + both + "'");
            host = both.substring(0, colon).replaceAll("^\\[|]$", "");
            port = Integer.parseInt(both.substring(colon + 1));
        }
        if (port > 65_535) throw new IllegalArgumentException(uri + ": port must be 0 to 65535, not " + port);
        return new Address(host, port);
    }

    private Duration pingInterval(String uri, Map<String, Object> parameters) {
        Duration interval = getAndRemoveParameter(parameters, "pingInterval", Duration.class, Duration.ZERO);
        if (!interval.isZero() && (interval.toMillis() < 10 || interval.toMillis() > 60_000))
            throw new IllegalArgumentException(uri + ": pingInterval must be 10ms to 60s, or 0s, not " + interval);
        return interval;
    }

    /** As a route's own {@code precondition}; but the route stays, and serves what it served. */
    private boolean isTrue(String predicate) {
        if (predicate.equals("true") || predicate.equals("false")) return predicate.equals("true");
        return getCamelContext()
                .resolveLanguage("simple")
                .createPredicate(predicate)
                .matches(new DefaultExchange(getCamelContext()));
    }

    private static boolean isWorker(String dispatch) {
        return switch (dispatch) {
            case "worker" -> true;
            case "eventLoop" -> false;
            default ->
                throw new IllegalArgumentException("dispatch must be eventLoop (the route never blocks) or worker"
                        + " (it may), not '" + dispatch + "'");
        };
    }

    private int number(Map<String, Object> parameters, String name, int normal, int smallest) {
        Integer value = getAndRemoveParameter(parameters, name, Integer.class, normal);
        if (value < smallest) {
            throw new IllegalArgumentException(name + " must be at least " + smallest + ", not " + value);
        }
        return value;
    }

    private String text(Map<String, Object> parameters, String name, String normal) {
        return getAndRemoveParameter(parameters, name, String.class, normal).trim();
    }

    private List<String> list(Map<String, Object> parameters, String name) {
        return Arrays.stream(text(parameters, name, "").split(","))
                .map(String::trim)
                .filter(entry -> !entry.isEmpty())
                .toList();
    }
}

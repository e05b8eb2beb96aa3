package io.firefly.voip.camel.websocket;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What all websockets share.
 *
 * @param eventLoops threads that carry the sockets; 0 is one per processor
 * @param workers threads for routes with {@code dispatch=worker}
 * @param connectTimeout from dialling to the end of the handshake, and what a peer has for its own
 * @param hold how long sockets wait, paused, for a route that was stopped
 * @param pingInterval how often a socket we dialled is asked whether its peer is alive; gone after two unanswered pings;
 *     0 is never
 */
@ConfigurationProperties(prefix = "firefly.websocket", ignoreUnknownFields = false)
public record WebsocketProperties(
        @DefaultValue("0") int eventLoops,
        @DefaultValue("8") int workers,
        @DefaultValue("10s") Duration connectTimeout,
        @DefaultValue("5s") Duration hold,
        @DefaultValue("5s") Duration pingInterval) {
    public WebsocketProperties {
        require(eventLoops >= 0 && eventLoops <= 256, "event-loops must be 0 to 256, not " + eventLoops);
        require(workers >= 1 && workers <= 256, "workers must be 1 to 256, not " + workers);
        require(isBetween(connectTimeout, 100, 60_000), "connect-timeout must be 100ms to 60s, not " + connectTimeout);
        require(isBetween(hold, 0, 60_000), "hold must be 0s to 60s, not " + hold);
        require(
                pingInterval.isZero() || isBetween(pingInterval, 10, 60_000),
                "ping-interval must be 10ms to 60s, or 0s for never, not " + pingInterval);
    }

    /** The settings of a fresh installation. */
    public static WebsocketProperties defaults() {
        return new WebsocketProperties(0, 8, Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(5));
    }

    int eventLoopCount() {
        return eventLoops == 0 ? Runtime.getRuntime().availableProcessors() : eventLoops;
    }

    private static boolean isBetween(Duration value, long minMillis, long maxMillis) {
        return value.toMillis() >= minMillis && value.toMillis() <= maxMillis;
    }

    private static void require(boolean condition, String sentence) {
        if (!condition) throw new IllegalArgumentException("firefly.websocket." + sentence);
    }
}

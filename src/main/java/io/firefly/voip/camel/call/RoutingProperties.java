package io.firefly.voip.camel.call;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How routes are run.
 *
 * @param defaultRoute the flow of whoever belongs to no tenant; read by {@code tenant}
 * @param ringDelay how long {@code call:ring} rings when the step does not say, 0 to 30 s
 * @param workers threads that run the routes of calls
 * @param queue how many calls may wait for such a thread before the next one is refused
 */
@ConfigurationProperties(prefix = "firefly.routing", ignoreUnknownFields = false)
record RoutingProperties(
        @DefaultValue("welcome") String defaultRoute,
        @DefaultValue("3s") Duration ringDelay,
        @DefaultValue("16") int workers,
        @DefaultValue("1000") int queue) {
    RoutingProperties {
        if (ringDelay.isNegative() || ringDelay.toMillis() > 30_000) {
            throw new IllegalArgumentException(
                    "firefly.routing.ring-delay must be between 0s and 30s, not " + ringDelay);
        }
        if (workers < 1 || workers > 256)
            throw new IllegalArgumentException("firefly.routing.workers must be 1 to 256");
        if (queue < 1) throw new IllegalArgumentException("firefly.routing.queue must be at least 1");
    }
}

package io.firefly.voip.camel.reload;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the routes are and how they are watched.
 *
 * @param directory folder of the route files, relative to the working directory
 * @param scanInterval time between two looks at it; a change counts after two equal looks
 * @param drain how long a route that is replaced may finish what it has begun; shorter than callers wait for the next
 *     one (3 s)
 */
@ConfigurationProperties(prefix = "firefly.routes", ignoreUnknownFields = false)
record RoutesProperties(
        @DefaultValue("routes") Path directory,
        @DefaultValue("500ms") Duration scanInterval,
        @DefaultValue("2s") Duration drain) {
    RoutesProperties {
        if (scanInterval.toMillis() < 50)
            throw new IllegalArgumentException("firefly.routes.scan-interval must be at least 50ms");
        if (drain.toMillis() < 100 || drain.toMillis() > 2500) {
            throw new IllegalArgumentException(
                    "firefly.routes.drain must be between 100ms and 2500ms: callers wait 3 s for the next version of a route");
        }
    }
}

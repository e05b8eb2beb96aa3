package io.firefly.voip.camel.reload;

import io.firefly.voip.camel.check.Allowance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the routes are and how they are watched.
 *
 * @param directory folder of the route files, relative to the working directory
 * @param scanInterval time between two looks at it; a change counts after two equal looks
 * @param drain how long a route that is replaced may finish what it has begun; shorter than callers wait for the next
 *     one (3 s)
 * @param versions where the last ten sets that served are kept
 */
@ConfigurationProperties(prefix = "firefly.routes", ignoreUnknownFields = false)
record RoutesProperties(
        @DefaultValue("routes") Path directory,
        @DefaultValue("500ms") Duration scanInterval,
        @DefaultValue("2s") Duration drain,
        @DefaultValue("data/routes") Path versions,
        @DefaultValue Allowed allowed) {
    /**
     * What route files may use; {@code *} in a list allows everything of its kind.
     *
     * @param components schemes
     * @param languages of expressions
     * @param beans by name
     * @param settings that look like secrets, or belong to the system ({@code env:SHOP_TOKEN}), and may be read all the same
     * @param folder the only one in which {@code file:} may read and write, when it is among the components
     */
    record Allowed(
            @DefaultValue(Allowance.COMPONENTS) Set<String> components,
            @DefaultValue(Allowance.LANGUAGES) Set<String> languages,
            @DefaultValue(Allowance.BEANS) Set<String> beans,
            @DefaultValue Set<String> settings,
            @DefaultValue("data") Path folder) {}

    RoutesProperties {
        if (scanInterval.toMillis() < 50)
            throw new IllegalArgumentException("firefly.routes.scan-interval must be at least 50ms");
        if (drain.toMillis() < 100 || drain.toMillis() > 2500) {
            throw new IllegalArgumentException(
                    "firefly.routes.drain must be between 100ms and 2500ms: callers wait 3 s for the next version of a route");
        }
    }

    Allowance allowance() {
        return new Allowance(
                allowed.components(), allowed.languages(), allowed.beans(), allowed.settings(), allowed.folder());
    }
}

package io.firefly.voip.camel.agent;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How tools are run.
 *
 * @param workers tools that run at the same time, over all calls
 * @param queue further tool calls that may wait for a worker; above that the model hears that we are busy
 * @param timeout after this the model gets an error, unless the tool's route has a {@code timeout} of its own
 */
@ConfigurationProperties(prefix = "firefly.tools", ignoreUnknownFields = false)
record ToolProperties(
        @DefaultValue("16") int workers,
        @DefaultValue("64") int queue,
        @DefaultValue("5s") Duration timeout) {
    ToolProperties {
        require(workers >= 1 && workers <= 256, "workers must be 1 to 256, not " + workers);
        require(queue >= 1 && queue <= 10_000, "queue must be 1 to 10000, not " + queue);
        require(
                timeout.toMillis() >= 10 && timeout.toMillis() <= 120_000,
                "timeout must be 10ms to 120s, not " + timeout);
    }

    private static void require(boolean condition, String sentence) {
        if (!condition) throw new IllegalArgumentException("firefly.tools." + sentence);
    }
}

package io.firefly.voip.tenant.usage;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the use of tenants is kept.
 *
 * @param settleInterval how often minutes are written to the database; at most this much is lost by kill -9
 * @param tenantsInMetrics how many tenants have metrics of their own; those of all others are added up
 */
@ConfigurationProperties(prefix = "firefly.usage", ignoreUnknownFields = false)
record UsageProperties(
        @DefaultValue("10s") Duration settleInterval,
        @DefaultValue("200") int tenantsInMetrics) {
    UsageProperties {
        if (settleInterval.toMillis() < 100) {
            throw new IllegalArgumentException(
                    "firefly.usage.settle-interval = " + settleInterval + ": at least 100ms");
        }
        if (tenantsInMetrics < 0 || tenantsInMetrics > 10_000) {
            throw new IllegalArgumentException(
                    "firefly.usage.tenants-in-metrics = " + tenantsInMetrics + ": 0 to 10000");
        }
    }
}

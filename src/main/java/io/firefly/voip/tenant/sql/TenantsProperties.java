package io.firefly.voip.tenant.sql;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where tenants and agents are kept.
 *
 * @param source {@code file}: beside the routes; {@code sql}: in the database of {@code spring.datasource}
 * @param refresh how often the version in the database is looked at
 * @param reread rows are read again after this long though their version has not changed: somebody may forget it
 */
@ConfigurationProperties(prefix = "firefly.tenants", ignoreUnknownFields = false)
record TenantsProperties(
        @DefaultValue("file") Source source,
        @DefaultValue("2s") Duration refresh,
        @DefaultValue("1m") Duration reread) {
    enum Source {
        FILE,
        SQL
    }

    TenantsProperties {
        if (refresh.toMillis() < 100) {
            throw new IllegalArgumentException("firefly.tenants.refresh = " + refresh + ": at least 100ms");
        }
        if (reread.compareTo(refresh) < 0) {
            throw new IllegalArgumentException(
                    "firefly.tenants.reread = " + reread + ": at least firefly.tenants.refresh, " + refresh);
        }
    }
}

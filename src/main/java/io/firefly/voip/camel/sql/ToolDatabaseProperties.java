package io.firefly.voip.camel.sql;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What tools may read.
 *
 * @param url JDBC; empty: there is no such database
 * @param connections open at the same time
 * @param connectWithin a tool waits this long for one
 */
@ConfigurationProperties(prefix = "firefly.tool-database", ignoreUnknownFields = false)
record ToolDatabaseProperties(
        @DefaultValue("") String url,
        @DefaultValue("") String user,
        @DefaultValue("") String password,
        @DefaultValue("4") int connections,
        @DefaultValue("2s") Duration connectWithin) {
    ToolDatabaseProperties {
        require(connections >= 1 && connections <= 50, "connections", connections, "1 to 50");
        require(
                connectWithin.toMillis() >= 250 && connectWithin.toSeconds() <= 30,
                "connect-within",
                connectWithin,
                "250ms to 30s");
    }

    /** Never printed. */
    @Override
    public String toString() {
        return url.replaceFirst("[?;].*", "");
    }

    private static void require(boolean condition, String key, Object value, String allowed) {
        if (!condition) {
            throw new IllegalArgumentException("firefly.tool-database." + key + " = " + value + ": " + allowed);
        }
    }
}

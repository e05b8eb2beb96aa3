package io.firefly.voip.camel.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ToolDatabaseProperties.class)
class ToolDatabaseConfiguration {
    /** Not the database of the exchange: nobody who asks for a DataSource gets this one. */
    @Bean(defaultCandidate = false, destroyMethod = "close")
    @ConditionalOnExpression("!'${firefly.tool-database.url:}'.isEmpty()")
    HikariDataSource toolDatabase(ToolDatabaseProperties settings) {
        return open(settings);
    }

    static HikariDataSource open(ToolDatabaseProperties settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("tool-database");
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setReadOnly(true);
        config.setMaximumPoolSize(settings.connections());
        config.setMinimumIdle(0);
        config.setConnectionTimeout(settings.connectWithin().toMillis());
        // A database that is not there yet must not keep the exchange from starting.
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }
}

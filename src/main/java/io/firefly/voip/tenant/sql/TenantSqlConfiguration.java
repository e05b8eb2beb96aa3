package io.firefly.voip.tenant.sql;

import io.firefly.voip.tenant.AgentBook;
import io.firefly.voip.tenant.TenantBook;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Spring Boot gives the {@link JdbcTemplate}, after Flyway has brought the tables up to date. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TenantsProperties.class)
class TenantSqlConfiguration {
    private static final List<String> RESULTS = List.of("good", "refused", "unreachable");
    private final Clock clock = Clock.systemUTC();

    @Bean
    SqlMinuteLedger minuteLedger(JdbcTemplate jdbc) {
        return new SqlMinuteLedger(jdbc);
    }

    /** @param news a bean that wants to see every page of tenants that was read from the database */
    @Bean
    @ConditionalOnProperty(name = "firefly.tenants.source", havingValue = "sql")
    SqlDirectory sqlDirectory(
            JdbcTemplate jdbc,
            SqlDirectory.Books books,
            TenantsProperties settings,
            ObjectProvider<Consumer<TenantBook.Page>> news) {
        SqlDirectory directory =
                new SqlDirectory(new SqlTables(jdbc), books, settings.reread(), clock, page -> news.orderedStream()
                        .forEach(one -> one.accept(page)));
        directory.start(settings.refresh());
        return directory;
    }

    @Bean
    SqlDirectory.Books directoryBooks(AgentBook agents, TenantBook tenants) {
        return new SqlDirectory.Books(agents, tenants);
    }

    @Bean
    @ConditionalOnProperty(name = "firefly.tenants.source", havingValue = "sql")
    MeterBinder directoryMeters(SqlDirectory directory, TenantBook tenants) {
        return registry -> {
            Gauge.builder("firefly.directory.tenants", tenants, book -> book.tenants()
                            .size())
                    .description("tenants that serve, the default one included")
                    .register(registry);
            Gauge.builder("firefly.directory.silence", directory, SqlDirectory::silentSeconds)
                    .baseUnit("seconds")
                    .description("since the database of tenants answered last")
                    .register(registry);
            for (String result : RESULTS) {
                FunctionCounter.builder("firefly.directory.refreshes", directory, one -> one.counts()
                                .get(RESULTS.indexOf(result)))
                        .tag("result", result)
                        .description("pages read, rows refused, databases that did not answer")
                        .register(registry);
            }
        };
    }
}

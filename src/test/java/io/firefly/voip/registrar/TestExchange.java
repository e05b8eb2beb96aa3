package io.firefly.voip.registrar;

import io.firefly.voip.call.Source;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The registrar over a real H2, wired as in production, with a clock of its own. */
final class TestExchange implements AutoCloseable {
    final MovingClock clock;
    final RegistrarProperties settings;
    final JdbcTemplate jdbc;
    final Subscribers subscribers;
    final DigestGuard guard;
    final LocationService locations;
    final Registrar registrar;

    TestExchange(String url, MovingClock clock, Map<String, String> overrides) {
        this.clock = clock;
        this.settings = settings(overrides);
        DriverManagerDataSource database = new DriverManagerDataSource(url);
        Flyway.configure().dataSource(database).load().migrate();
        this.jdbc = new JdbcTemplate(database);
        this.subscribers = new Subscribers(jdbc, settings.realm(), settings.credentialCache(), clock);
        this.guard = new DigestGuard(settings, subscribers, clock);
        this.locations = new LocationService(new BindingStore(jdbc, settings.realm()), clock, Duration.ofDays(1));
        this.registrar = new Registrar(settings.bindings(), locations, clock);
    }

    /** In memory, with subscriber bob whose password is secret. */
    static TestExchange withBob(Map<String, String> overrides) {
        String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
        TestExchange exchange = new TestExchange(url, new MovingClock(), overrides);
        exchange.subscribers.save("bob", "secret");
        return exchange;
    }

    static RegistrarProperties settings(Map<String, String> overrides) {
        return new Binder(new MapConfigurationPropertySource(overrides))
                .bindOrCreate("firefly.registrar", Bindable.of(RegistrarProperties.class), BindHandler.DEFAULT);
    }

    static Source source(String address, int port, @Nullable String subscriber) {
        return new Source("udp", new InetSocketAddress(address, port), subscriber, false);
    }

    @Override
    public void close() {
        locations.close();
    }
}

package io.firefly.voip.registrar;

import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.jdbc.core.JdbcTemplate;

/** Spring Boot gives the {@link JdbcTemplate}, after Flyway has brought the tables up to date. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RegistrarProperties.class)
class RegistrarConfiguration {
    private final Clock clock = Clock.systemUTC();

    @Bean
    Subscribers subscribers(JdbcTemplate jdbc, RegistrarProperties settings, Environment environment) {
        Subscribers subscribers = new Subscribers(jdbc, settings.realm(), settings.credentialCache(), clock);
        FirstSubscriber.prepare(subscribers, settings, environment.acceptsProfiles(Profiles.of("prod")));
        return subscribers;
    }

    @Bean
    DigestGuard digestGuard(RegistrarProperties settings, Subscribers subscribers) {
        return new DigestGuard(settings, subscribers, clock);
    }

    @Bean
    LocationService locationService(JdbcTemplate jdbc, RegistrarProperties settings) {
        return new LocationService(new BindingStore(jdbc, settings.realm()), clock, settings.sweepInterval());
    }

    /** Not named registrar: that is the name of the Camel component. */
    @Bean
    Registrar sipRegistrar(RegistrarProperties settings, LocationService locations) {
        return new Registrar(settings.bindings(), locations, clock);
    }
}

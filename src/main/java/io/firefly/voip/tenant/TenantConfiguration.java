package io.firefly.voip.tenant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The books {@code tenants} and {@code agents}, filled from the routes folder at start. A file that is absent leaves the
 * built-in default; a wrong one stops the start, since nothing better was loaded before.
 */
@Configuration(proxyBeanMethods = false)
class TenantConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(TenantConfiguration.class);
    private static final List<String> DEFAULT_ROUTES = List.of("welcome", "echo", "chat");

    @Bean
    AgentBook agents(Environment environment) {
        AgentBook book = new AgentBook();
        read(environment, "agents.yaml").ifPresent(text -> book.replace(text, "agents.yaml"));
        return book;
    }

    @Bean
    TenantBook tenants(Environment environment, AgentBook agents) {
        TenantBook book = new TenantBook(agents, defaultRoute(environment));
        read(environment, "tenants.yaml").ifPresent(text -> book.replace(text, "tenants.yaml"));
        book.page()
                .untrustedTrunks(trustedAddresses(environment))
                .forEach(sentence -> LOG.warn("tenants: {}", sentence));
        return book;
    }

    static String defaultRoute(Environment environment) {
        String route = environment.getProperty("firefly.routing.default-route", "welcome");
        if (DEFAULT_ROUTES.contains(route)) return route;
        throw new IllegalArgumentException("firefly.routing.default-route '" + route + "' must be one of "
                + String.join(", ", DEFAULT_ROUTES) + Spelling.hint(route, DEFAULT_ROUTES));
    }

    private static List<String> trustedAddresses(Environment environment) {
        return Binder.get(environment)
                .bind("firefly.sip.trusted-addresses", Bindable.listOf(String.class))
                .orElse(List.of());
    }

    private static Optional<String> read(Environment environment, String fileName) {
        Path file = Path.of(environment.getProperty("firefly.routes.directory", "routes"), fileName);
        if (environment.getProperty("firefly.tenants.source", "file").equalsIgnoreCase("sql")) {
            if (Files.exists(file)) LOG.info("{} is not read: firefly.tenants.source is sql", file);
            return Optional.empty();
        }
        if (!Files.exists(file)) {
            LOG.info("no {}: the built-in default serves", file);
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + " (it must be UTF-8 text)", e);
        }
    }
}

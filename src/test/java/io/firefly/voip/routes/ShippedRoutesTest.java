package io.firefly.voip.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.CallEvent.CallOffered;
import io.firefly.voip.call.CallEventListener;
import io.firefly.voip.camel.reload.RouteLibrary;
import io.firefly.voip.cdr.CallDetailRecord;
import io.firefly.voip.cdr.CdrListener;
import io.firefly.voip.cdr.CdrWriter;
import io.firefly.voip.tenant.TenantDirectory;
import io.firefly.voip.testing.Calls;
import io.firefly.voip.testing.OrderBook;
import io.firefly.voip.testing.SilentComponent;
import io.firefly.voip.testing.Tenants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.Component;
import org.apache.camel.component.direct.DirectComponent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;

/** The stations camel.call and camel.reload as they are wired, with everything that is shipped in routes/. */
class ShippedRoutesTest {
    private static ConfigurableApplicationContext start(Path routes) {
        return new SpringApplicationBuilder(Exchange.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--firefly.routes.directory=" + routes,
                        "--firefly.routes.scan-interval=100ms",
                        "--firefly.routes.versions=" + routes.resolve("versions"));
    }

    @Test
    void everythingShippedLoadsAndServesACall(@TempDir Path copy) throws IOException {
        copyRoutes(copy);
        try (ConfigurableApplicationContext exchange = start(copy)) {
            RouteLibrary library = exchange.getBean(RouteLibrary.class);
            assertThat(library.lastResult().orElseThrow().refusals()).isEmpty();
            assertThat(library.routes())
                    .extracting(RouteLibrary.LoadedRoute::id)
                    .containsAll(shippedIds());
            OrderBook book = exchange.getBean(OrderBook.class);

            exchange.getBean(CallEventListener.class).onCallEvent(new CallOffered(Calls.to("echo"), Instant.EPOCH));

            await().untilAsserted(() ->
                    assertThat(book.orders()).containsExactly("admit acme", "flow echo", "answer", "echo"));
        }
    }

    @Test
    void aSavedRouteServesTheNextCallWithinTwoSeconds(@TempDir Path copy) throws IOException {
        copyRoutes(copy);
        try (ConfigurableApplicationContext exchange = start(copy)) {
            Path echo = copy.resolve("callflow-echo.camel.yaml");
            Files.writeString(echo, Files.readString(echo).replace("uri: call:echo", "uri: call:end"));
            RouteLibrary library = exchange.getBean(RouteLibrary.class);
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> library.lastResult().orElseThrow().summary().contains("callflow-echo")
                            && !library.lastResult().orElseThrow().summary().contains("inbound"));
            OrderBook book = exchange.getBean(OrderBook.class);

            exchange.getBean(CallEventListener.class).onCallEvent(new CallOffered(Calls.to("echo"), Instant.EPOCH));

            await().untilAsserted(() ->
                    assertThat(book.orders()).containsExactly("admit acme", "flow echo", "answer", "end normal"));
        }
    }

    @Test
    void aFlowThatNobodyWroteHearsFiveHundredAtOnce(@TempDir Path copy) throws IOException {
        copyRoutes(copy);
        Files.delete(copy.resolve("callflow-echo.camel.yaml"));
        try (ConfigurableApplicationContext exchange = start(copy)) {
            OrderBook book = exchange.getBean(OrderBook.class);

            exchange.getBean(CallEventListener.class).onCallEvent(new CallOffered(Calls.to("echo"), Instant.EPOCH));

            await().atMost(Duration.ofSeconds(2))
                    .untilAsserted(() -> assertThat(book.orders()).last().isEqualTo("end server-error"));
            assertThat(exchange.getBean("direct-component", DirectComponent.class)
                            .getTimeout())
                    .as("Camel's own starter must not set its 30 s")
                    .isEqualTo(3_000);
        }
    }

    @Test
    void theRecordOfACallIsWritten(@TempDir Path copy) throws IOException {
        copyRoutes(copy);
        try (ConfigurableApplicationContext exchange = start(copy)) {
            CallDetailRecord detail = Calls.detail("c1");

            exchange.getBean(CdrListener.class).onCallDetail(detail);

            Written written = exchange.getBean(Written.class);
            await().untilAsserted(() -> assertThat(written.records()).containsExactly(detail));
        }
    }

    private static void copyRoutes(Path target) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.toList()) Files.copy(file, target.resolve(file.getFileName()));
        }
    }

    private static List<String> shippedIds() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".camel.yaml") && !name.startsWith("policy"))
                    .map(name -> name.replace(".camel.yaml", ""))
                    .toList();
        }
    }

    record Written(List<CallDetailRecord> records) implements CdrWriter {
        @Override
        public void write(CallDetailRecord detail) {
            records.add(detail);
        }
    }

    /** Stands in for {@code ops.Readiness}. */
    public record Rule(boolean isReady) {}

    /** Stand-ins for the stations that are not on test. */
    @EnableAutoConfiguration(
            excludeName = {
                "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
                "org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration"
            })
    @ConfigurationPropertiesScan({"io.firefly.voip.camel.call", "io.firefly.voip.camel.reload"})
    @ComponentScan({"io.firefly.voip.camel.call", "io.firefly.voip.camel.reload"})
    static class Exchange {
        @Bean
        OrderBook callOrders() {
            return new OrderBook();
        }

        @Bean
        TenantDirectory tenants() {
            return new Tenants(Tenants.withFlow("welcome"));
        }

        @Bean
        Written cdrWriter() {
            return new Written(new CopyOnWriteArrayList<>());
        }

        @Bean
        Rule readiness() {
            return new Rule(true);
        }

        @Bean
        Component sip() {
            return new SilentComponent();
        }

        @Bean
        Component agent() {
            return new SilentComponent();
        }

        @Bean
        Component registrar() {
            return new SilentComponent();
        }

        @Bean
        Component presence() {
            return new SilentComponent();
        }

        @Bean
        Component audio() {
            return new SilentComponent();
        }

        @Bean
        Component pipeline() {
            return new SilentComponent();
        }

        @Bean
        Component websocket() {
            return new SilentComponent();
        }

        @Bean
        Component freeswitch() {
            return new SilentComponent();
        }
    }
}

package io.firefly.voip.camel.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.agent.ToolDesk;
import io.firefly.voip.agent.Upstream;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/** The two schemes as Spring wires them, without the rest of the exchange. */
class CamelWiringTest {
    @Configuration
    @EnableAutoConfiguration(exclude = {DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class})
    @ComponentScan({"io.firefly.voip.camel.websocket", "io.firefly.voip.camel.agent"})
    static class TwoSchemes {}

    @Test
    void bothSchemesAreFoundAndADryRunHasItsOwn() throws Exception {
        try (ConfigurableApplicationContext spring = start()) {
            CamelContext camel = spring.getBean(CamelContext.class);
            DefaultCamelContext dryRun = new DefaultCamelContext(camel.getRegistry());

            assertThat(camel.getEndpoint("websocket:send").getClass().getSimpleName())
                    .isEqualTo("WebsocketEndpoint");
            assertThat(camel.getEndpoint("agent:reception")).isInstanceOf(AgentEndpoint.class);
            dryRun.start();
            assertThat(dryRun.getEndpoint("agent:deliver").getCamelContext()).isSameAs(dryRun);
            dryRun.stop();
            assertThat(camel.getEndpoint("agent:deliver").getCamelContext()).isSameAs(camel);
            assertThat(spring.getBean(ToolDesk.class).offered()).isEmpty();
            assertThat(spring.getBean(Upstream.class)).isInstanceOf(CamelUpstream.class);
            assertThat(spring.getBean(MeterRegistry.class)
                            .find("firefly.websocket.sent")
                            .functionCounter())
                    .isNotNull();
        }
    }

    @Test
    void aWrongSettingStopsTheStartAndNamesItsKey() {
        assertThatThrownBy(() -> start("--firefly.websocket.hold=2m").close())
                .hasStackTraceContaining("firefly.websocket.hold must be 0s to 60s");
        assertThatThrownBy(() -> start("--firefly.tools.workers=0").close())
                .hasStackTraceContaining("firefly.tools.workers must be 1 to 256");
        assertThatThrownBy(() -> start("--firefly.tools.wrokers=1").close()).hasStackTraceContaining("wrokers");
    }

    private static ConfigurableApplicationContext start(String... settings) {
        return new SpringApplicationBuilder(TwoSchemes.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "camel.main.routes-include-pattern=false", "spring.config.location=optional:classpath:/none/")
                .run(settings);
    }
}

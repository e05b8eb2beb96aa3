package io.firefly.voip.agent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** When the simulator starts, and what it says about wrong settings. */
class SimulatorConfigurationTest {
    private final ApplicationContextRunner context = new ApplicationContextRunner()
            .withUserConfiguration(Wiring.class)
            .withPropertyValues("firefly.simulator.port=0", "OPENAI_API_KEY=");

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(SimulatorProperties.class)
    @Import(SimulatorConfiguration.class)
    static class Wiring {}

    @ParameterizedTest
    @CsvSource({
        "firefly.agent.provider=auto, true",
        "firefly.agent.provider=simulator, true",
        "firefly.agent.provider=openai, false",
        "firefly.openai.api-key=sk-'x, false",
        "OPENAI_API_KEY=sk-x, false",
        "firefly.openai.api-key-file=/run/secrets/key, false",
        "firefly.simulator.enabled=false, false"
    })
    void itStartsWhenItIsTheProvider(String setting, boolean starts) {
        context.withPropertyValues(setting).run(started -> assertThat(started.getBeansOfType(SimulatorServer.class))
                .hasSize(starts ? 1 : 0));
    }

    @Test
    void askedForByNameAKeyDoesNotMatter() {
        context.withPropertyValues("firefly.agent.provider=simulator", "firefly.openai.api-key=sk-x")
                .run(started -> {
                    SimulatorServer server = started.getBean(SimulatorServer.class);
                    assertThat(started.getBean("simulatorBaseUrl", URI.class))
                            .isEqualTo(URI.create("ws://127.0.0.1:" + server.port() + "/v1"));
                });
    }

    @ParameterizedTest
    @CsvSource({"port=70000", "speed=0", "delta-length=70ms", "response-delay=-1s", "session-limit=0s"})
    void aWrongSettingStopsTheStartWithItsName(String setting) {
        context.withPropertyValues("firefly.simulator." + setting).run(failed -> assertThat(failed)
                .getFailure()
                .rootCause()
                .hasMessageContaining("firefly.simulator." + setting.substring(0, setting.indexOf('='))));
    }
}

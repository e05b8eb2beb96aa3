package io.firefly.voip.agent.simulator;

import java.net.URI;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Starts the simulator when it is the provider: asked for by name, or because nobody gave us an API key. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression(SimulatorConfiguration.IS_THE_PROVIDER)
class SimulatorConfiguration {
    /** Keys are looked up, not pasted in: an API key must not become part of an expression. */
    static final String IS_THE_PROVIDER = """
            environment.getProperty('firefly.simulator.enabled', 'true') == 'true'
            and (environment.getProperty('firefly.agent.provider', 'auto') == 'simulator'
              or (environment.getProperty('firefly.agent.provider', 'auto') == 'auto'
                and environment.getProperty('firefly.openai.api-key', '').isBlank()
                and environment.getProperty('firefly.openai.api-key-file', '').isBlank()
                and environment.getProperty('OPENAI_API_KEY', '').isBlank()))
            """;

    @Bean(destroyMethod = "close")
    SimulatorServer simulatorServer(SimulatorProperties properties) {
        return SimulatorServer.start(properties);
    }

    /** For example {@code ws://127.0.0.1:8086/v1}: what the realtime adapter takes for OpenAI's base URL. */
    @Bean
    URI simulatorBaseUrl(SimulatorServer server) {
        return server.baseUrl();
    }
}

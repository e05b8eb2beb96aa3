package io.firefly.voip.callcontrol.tools;

import io.firefly.voip.agent.ToolDesk;
import io.firefly.voip.tenant.directory.CallDirectory;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ToolPolicyProperties.class)
class ToolPolicyConfiguration {
    @Bean
    ToolGate toolGate(ToolDesk desk, CallDirectory directory, ToolPolicyProperties settings) {
        return new ToolGate(desk, directory, settings, Clock.systemUTC());
    }

    @Bean
    MeterBinder toolPolicyMeters(ToolGate gate) {
        return registry -> FunctionCounter.builder("firefly.tool.forbidden", gate, ToolGate::refused)
                .description("tool calls that the policy refused: lists, rates, limits, a caller who did not agree")
                .register(registry);
    }
}

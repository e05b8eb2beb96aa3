package io.firefly.voip.camel.rehearsal;

import io.firefly.voip.tenant.AgentDirectory;
import io.firefly.voip.tenant.TenantDirectory;
import org.apache.camel.CamelContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

@Configuration(proxyBeanMethods = false)
class RehearsalConfiguration {
    /** Made when the first question comes. */
    @Bean
    @Lazy
    LiveRehearsal liveRehearsal(CamelContext camel, TenantDirectory tenants, AgentDirectory agents) {
        return new LiveRehearsal(camel, tenants, agents);
    }
}

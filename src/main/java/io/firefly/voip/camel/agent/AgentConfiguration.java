package io.firefly.voip.camel.agent;

import io.firefly.voip.callcontrol.CallOrders;
import io.firefly.voip.camel.check.SchemeOnTrial;
import io.firefly.voip.tenant.AgentDirectory;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.apache.camel.CamelContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ToolProperties.class)
class AgentConfiguration {
    @Bean
    CamelToolDesk toolDesk(ToolProperties settings) {
        return new CamelToolDesk(settings);
    }

    @Bean
    CamelUpstream upstream(ObjectProvider<CamelContext> camel) {
        return new CamelUpstream(camel::getObject);
    }

    /** A component belongs to one Camel context: whoever looks it up, the dry run of a route file too, gets a new one. */
    @Bean("agent")
    @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
    AgentComponent agent(
            CamelToolDesk desk,
            CamelUpstream upstream,
            ObjectProvider<CallOrders> orders,
            ObjectProvider<AgentDirectory> agents) {
        return new AgentComponent(desk, upstream, orders::getObject, agents::getObject);
    }

    @Bean
    SchemeOnTrial agentOnTrial(ObjectProvider<AgentComponent> component) {
        return SchemeOnTrial.of("agent", component::getObject);
    }

    @Bean
    MeterBinder agentToolMeters(CamelToolDesk desk, CamelUpstream upstream) {
        return registry -> {
            Gauge.builder("firefly.agent.sockets", upstream, CamelUpstream::openSockets)
                    .description("conversations that have a socket to their provider, or are getting one")
                    .register(registry);
            FunctionCounter.builder("firefly.agent.strays", upstream, CamelUpstream::strays)
                    .description("websocket events no conversation knows")
                    .register(registry);
            FunctionCounter.builder(
                            "firefly.tool.runs", desk, d -> d.statistics().runs())
                    .description("functions the model called")
                    .register(registry);
            FunctionCounter.builder(
                            "firefly.tool.failures", desk, d -> d.statistics().failures())
                    .description("tool routes that failed")
                    .register(registry);
            FunctionCounter.builder(
                            "firefly.tool.refusals", desk, d -> d.statistics().refusals())
                    .description("tool calls that never began: unknown, wrong arguments, too busy")
                    .register(registry);
        };
    }
}

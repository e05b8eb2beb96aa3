package io.firefly.voip.camel.call;

import io.firefly.voip.callcontrol.CallOrders;
import io.firefly.voip.camel.check.SchemeOnTrial;
import java.time.Duration;
import org.apache.camel.Component;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CallSchemeConfiguration {
    /** Longer than the swap of a route takes, shorter than a caller notices. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @Bean
    CallEntrances callEntrances() {
        return CallEntrances.patientFor(PATIENCE);
    }

    @Bean
    CallWorkers callWorkers(RoutingProperties properties) {
        return new CallWorkers(properties.workers(), properties.queue());
    }

    @Bean
    CallDesk callDesk(CallEntrances entrances, CallWorkers workers, ObjectProvider<CallOrders> orders) {
        return new CallDesk(entrances, workers, orders::getObject);
    }

    @Bean("call")
    CallComponent callComponent(
            CallEntrances entrances, ObjectProvider<CallOrders> orders, RoutingProperties properties) {
        return CallComponent.serving(orders::getObject, entrances, properties.ringDelay());
    }

    @Bean
    SchemeOnTrial callSchemeOnTrial(RoutingProperties properties) {
        return new CallSchemeOnTrial(properties.ringDelay());
    }

    private record CallSchemeOnTrial(Duration ringDelay) implements SchemeOnTrial {
        @Override
        public String scheme() {
            return "call";
        }

        @Override
        public Component create() {
            return CallComponent.onTrial(ringDelay);
        }
    }
}

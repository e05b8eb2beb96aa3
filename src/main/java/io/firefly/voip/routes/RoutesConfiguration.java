package io.firefly.voip.routes;

import io.firefly.voip.camel.rehearsal.LiveRehearsal;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

@Configuration(proxyBeanMethods = false)
class RoutesConfiguration {
    @Bean
    @Lazy
    RouteExplainer routeExplainer(LiveRehearsal rehearsal) {
        return new RouteExplainer(rehearsal);
    }
}

package io.firefly.voip.camel.reload;

import io.firefly.voip.camel.check.DataFile;
import io.firefly.voip.camel.check.RouteCheck;
import io.firefly.voip.camel.check.SchemeOnTrial;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ReloadConfiguration {
    /** Longer than a swap takes, shorter than a caller who waits for a route that nobody wrote. */
    private static final Duration DIRECT_PATIENCE = Duration.ofSeconds(3);

    /** By this name Camel finds the component of {@code direct:}; its own starter then leaves it to us. */
    @Bean("direct-component")
    SteadyDirectComponent directComponent() {
        return new SteadyDirectComponent(DIRECT_PATIENCE);
    }

    @Bean
    ReloadMeters reloadMeters() {
        return new ReloadMeters();
    }

    @Bean
    RouteReload routeLibrary(
            CamelContext camel,
            RoutesProperties properties,
            ObjectProvider<SchemeOnTrial> schemes,
            ObjectProvider<DataFile> dataFiles,
            ReloadMeters meters) {
        RouteFolder folder = new RouteFolder(properties.directory());
        RouteCheck check = RouteCheck.in(camel, schemes.orderedStream().toList())
                .allowing(properties.allowance())
                .with(dataFiles.orderedStream().toList());
        return new RouteReload(
                folder,
                check,
                new LiveRoutes(camel, properties.drain()),
                new VersionStore(properties.versions()),
                new ReloadJournal(folder, Clock.systemUTC(), meters::count));
    }

    @Bean
    ReloadLoop routeReloadLoop(RouteReload reload, RoutesProperties properties) {
        return new ReloadLoop(reload, properties.scanInterval());
    }

    /** Routes are loaded once Camel runs, so that one that cannot start does not take the start down with it. */
    @Bean
    CamelContextConfiguration routesAtStart(ReloadLoop loop, RoutesProperties properties) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext camel) {
                ComponentGuard.watch(camel, properties.allowance());
                try {
                    camel.addStartupListener(loop);
                } catch (Exception e) {
                    throw new IllegalStateException("the routes folder cannot be watched", e);
                }
            }

            @Override
            public void afterApplicationStart(CamelContext camel) {
                // Nothing to add: the listener has loaded everything.
            }
        };
    }
}

package io.firefly.voip.camel.websocket;

import io.firefly.voip.camel.check.SchemeOnTrial;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.function.ToLongFunction;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebsocketProperties.class)
class WebsocketConfiguration {
    @Bean(destroyMethod = "close")
    Vertx vertx(WebsocketProperties settings) {
        // Nothing is served from files: no cache folder is needed.
        FileSystemOptions noFiles =
                new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(settings.eventLoopCount())
                .setWorkerPoolSize(2)
                .setFileSystemOptions(noFiles));
    }

    @Bean
    Websockets websockets(Vertx vertx, WebsocketProperties settings) {
        return new Websockets(vertx, settings);
    }

    /** A component belongs to one Camel context: whoever looks it up, the dry run of a route file too, gets a new one. */
    @Bean("websocket")
    @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
    WebsocketComponent websocket(Websockets sockets) {
        return new WebsocketComponent(sockets);
    }

    @Bean
    SchemeOnTrial websocketOnTrial(Websockets sockets) {
        return SchemeOnTrial.of("websocket", () -> new WebsocketComponent(sockets));
    }

    @Bean
    MeterBinder websocketMeters(Websockets sockets) {
        return registry -> {
            Gauge.builder("firefly.websocket.open", sockets, all -> all.statistics()
                            .open())
                    .description("sockets open or being dialled")
                    .register(registry);
            record Counted(String name, String description, ToLongFunction<Websockets.Statistics> value) {}
            for (Counted counted : new Counted[] {
                new Counted("received", "messages that arrived", Websockets.Statistics::received),
                new Counted("sent", "messages handed to a socket", Websockets.Statistics::sent),
                new Counted("unsent", "messages refused, the peer reads too slowly", Websockets.Statistics::unsent),
                new Counted("lost", "events that found no route in time", Websockets.Statistics::lost),
                new Counted("pauses", "times a socket waited for its route", Websockets.Statistics::pauses),
                new Counted("refused", "sockets that never opened", Websockets.Statistics::refusedHandshakes),
                new Counted("failed", "events on which the route failed", Websockets.Statistics::failedRoutings)
            }) {
                FunctionCounter.builder("firefly.websocket." + counted.name(), sockets, all -> counted.value()
                                .applyAsLong(all.statistics()))
                        .description(counted.description())
                        .register(registry);
            }
        };
    }
}

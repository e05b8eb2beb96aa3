package io.firefly.voip.media.freeswitch.fork;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The door is always there, because a route names it; the transport only when it was asked for. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ForkProperties.class)
class ForkConfiguration {
    @Bean
    ForkDoor forkDoor() {
        return new ForkDoor();
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnProperty(name = "firefly.freeswitch.audio", havingValue = "websocket")
    ForkTransport websocketAudioTransport(ForkProperties settings, ForkDoor door) {
        return new ForkTransport(settings, door);
    }
}

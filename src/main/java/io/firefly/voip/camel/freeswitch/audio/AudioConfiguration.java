package io.firefly.voip.camel.freeswitch.audio;

import io.firefly.voip.camel.check.SchemeOnTrial;
import io.firefly.voip.media.freeswitch.fork.ForkDoor;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.apache.camel.CamelContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;

@Configuration(proxyBeanMethods = false)
class AudioConfiguration {
    @Bean
    AudioSockets audioSockets(ForkDoor door, ObjectProvider<CamelContext> camel) {
        return new AudioSockets(door, camel::getObject);
    }

    /** A component belongs to one Camel context: whoever looks it up, the dry run of a route file too, gets a new one. */
    @Bean("audio")
    @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
    AudioComponent audio(AudioSockets sockets) {
        return new AudioComponent(sockets);
    }

    @Bean
    SchemeOnTrial audioOnTrial() {
        return SchemeOnTrial.of("audio", AudioComponent::onTrial);
    }

    @Bean
    MeterBinder audioSocketMeters(AudioSockets sockets, ForkDoor door) {
        return registry -> {
            Gauge.builder("firefly.audio.sockets", sockets, AudioSockets::open)
                    .description("audio sockets of FreeSWITCH that belong to a call")
                    .register(registry);
            FunctionCounter.builder("firefly.audio.refused", door, ForkDoor::refused)
                    .description("audio sockets whose ticket was wrong, used or too old")
                    .register(registry);
        };
    }
}

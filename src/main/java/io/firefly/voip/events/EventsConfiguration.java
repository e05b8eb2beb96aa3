package io.firefly.voip.events;

import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Needs a {@link Notifier}, which the station that knows SIP brings. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EventsProperties.class)
class EventsConfiguration {
    @Bean(destroyMethod = "close")
    EventSweep eventSweep(EventState events) {
        return new EventSweep(events);
    }

    @Bean
    EventState eventState(EventsProperties settings, Notifier notifier) {
        return new EventState(settings, Clock.systemUTC(), notifier);
    }
}

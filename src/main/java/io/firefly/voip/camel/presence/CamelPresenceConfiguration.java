package io.firefly.voip.camel.presence;

import io.firefly.voip.camel.check.SchemeOnTrial;
import io.firefly.voip.events.EventState;
import io.firefly.voip.events.Notifier;
import io.firefly.voip.sip.SipFront;
import io.firefly.voip.sip.SipFront.Notification;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Camel finds the component by the name of the bean, which is the scheme. */
@Configuration(proxyBeanMethods = false)
class CamelPresenceConfiguration {
    @Bean("presence")
    PresenceComponent presence(EventState events) {
        return new PresenceComponent(events);
    }

    @Bean
    SchemeOnTrial presenceOnTrial() {
        return SchemeOnTrial.of("presence", PresenceComponent::onTrial);
    }

    @Bean
    Notifier notifier(SipFront front) {
        return through(front);
    }

    static Notifier through(SipFront front) {
        return (id, notice) -> front.notifyWatcher(
                id, new Notification(notice.event(), notice.state(), notice.contentType(), notice.body()));
    }
}

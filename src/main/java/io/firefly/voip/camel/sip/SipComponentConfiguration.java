package io.firefly.voip.camel.sip;

import io.firefly.voip.camel.check.SchemeOnTrial;
import io.firefly.voip.sip.SipFront;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SipComponentConfiguration {
    /** Camel finds a component by the bean that has the scheme's name. */
    @Bean("sip")
    SipComponent sipComponent(SipFront front) {
        return new SipComponent(front);
    }

    @Bean
    SchemeOnTrial sipOnTrial(SipFront front) {
        return SchemeOnTrial.of("sip", () -> new SipComponent(front));
    }
}

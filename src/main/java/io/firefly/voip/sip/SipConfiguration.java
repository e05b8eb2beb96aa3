package io.firefly.voip.sip;

import io.firefly.voip.call.LegDialer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SipConfiguration {
    @Bean(destroyMethod = "close")
    JainSipFront sipFront(SipProperties properties) {
        return new JainSipFront(properties, SipDialog.Timers.RFC_3261).open();
    }

    @Bean
    LegDialer legDialer(JainSipFront front) {
        return front.dialer();
    }
}

package io.firefly.voip.media.rtp;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The media engine unless FreeSWITCH was asked for. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "firefly.media.engine", havingValue = "embedded", matchIfMissing = true)
@EnableConfigurationProperties(RtpProperties.class)
class RtpMediaConfiguration {
    @Bean(destroyMethod = "close")
    RtpMediaEngine mediaEngine(RtpProperties settings) {
        return new RtpMediaEngine(settings);
    }
}

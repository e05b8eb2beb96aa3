package io.firefly.voip.media.rtp;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The embedded engine: for all calls, or our end of the sound that FreeSWITCH carries. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RtpProperties.class)
class RtpMediaConfiguration {
    @Bean(destroyMethod = "close")
    RtpMediaEngine embeddedMediaEngine(RtpProperties settings) {
        return new RtpMediaEngine(settings);
    }
}

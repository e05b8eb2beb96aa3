package io.firefly.voip.cdr;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CdrConfiguration {
    @Bean
    CdrWriter cdrWriter(CdrProperties properties) {
        return new JsonLineCdrWriter(properties.directory());
    }
}

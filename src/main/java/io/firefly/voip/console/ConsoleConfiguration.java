package io.firefly.voip.console;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ConsoleConfiguration {
    @Bean
    WriteGuard consoleWriteGuard(ConsoleProperties properties) {
        return new WriteGuard(properties.token());
    }
}

package io.firefly.voip.recording;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RecordingConfiguration {
    @Bean
    FileRecorder recorder(RecordingProperties properties) {
        return new FileRecorder(properties, Clock.systemUTC());
    }
}

package io.firefly.voip.recording;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RecordingConfiguration {
    @Bean
    FileRecorder recorder(RecordingProperties properties) {
        return new FileRecorder(properties, Clock.systemUTC());
    }

    /** @param retention whoever knows how long tenants keep theirs; nobody: for ever */
    @Bean
    RetentionSweeper retentionSweeper(
            RecordingProperties properties, FileRecorder recorder, ObjectProvider<Retention> retention) {
        RetentionSweeper sweeper = new RetentionSweeper(
                properties.directory(),
                retention.getIfAvailable(() -> Retention.NONE),
                recorder::isOpen,
                Clock.systemUTC());
        sweeper.start(properties.sweepInterval());
        return sweeper;
    }

    @Bean
    MeterBinder retentionMeters(RetentionSweeper sweeper) {
        return registry -> FunctionCounter.builder("firefly.recording.deleted", sweeper, RetentionSweeper::deleted)
                .description("recordings that were deleted because their tenant keeps them no longer")
                .register(registry);
    }
}

package io.firefly.voip.agent.pipeline;

import io.firefly.voip.agent.pipeline.hearing.EnergyDetector;
import io.firefly.voip.agent.pipeline.hearing.VoiceActivity;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties.Vad;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PipelineProperties.class)
class PipelineConfiguration {
    /** Sessions and meters, only when the pipeline answers. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "firefly.agent.provider", havingValue = "pipeline")
    static class AnsweringConfiguration {
        @Bean(destroyMethod = "close")
        PipelineVoiceAgent pipelineVoiceAgent(
                PipelineProperties properties,
                VoiceBackend stages,
                ObjectProvider<VoiceBackend.Layer> layers,
                ObjectProvider<VoiceActivity.Factory> activity) {
            VoiceBackend backend = stages;
            for (VoiceBackend.Layer layer : layers.orderedStream().toList()) backend = layer.around(backend);
            return new PipelineVoiceAgent(new PipelineVoiceAgent.Parts(
                    properties,
                    backend,
                    activity.getIfAvailable(() -> own(properties.vad())),
                    "the pipeline: " + properties.where()));
        }

        private static VoiceActivity.Factory own(Vad set) {
            if (set.detector().equals("silero")) {
                throw new IllegalArgumentException("firefly.pipeline.vad.detector=silero is not in this build: build it"
                        + " with mvn package -Psilero (ONNX Runtime is 139 MB of native code), or use energy");
            }
            return (format, settings) -> new EnergyDetector(settings.overNoise());
        }

        @Bean
        MeterBinder pipelineMeters(PipelineVoiceAgent agent) {
            Stages.Tally tally = agent.tally();
            return registry -> {
                tally.usage().bindTo(registry);
                Gauge.builder("firefly.pipeline.workers.busy", agent, PipelineVoiceAgent::busyWorkers)
                        .description("stages that run now, over all calls")
                        .register(registry);
                for (Stages.Stage stage : Stages.Stage.values()) {
                    FunctionTimer.builder(
                                    "firefly.pipeline.stage",
                                    tally,
                                    t -> t.runs(stage),
                                    t -> t.nanos(stage),
                                    TimeUnit.NANOSECONDS)
                            .tag("stage", stage.label())
                            .description("stages that came to an end, and how long they took")
                            .register(registry);
                    FunctionCounter.builder("firefly.pipeline.failures", tally, t -> t.failures(stage))
                            .tag("stage", stage.label())
                            .description("stages that failed or took too long")
                            .register(registry);
                }
            };
        }
    }
}

package io.firefly.voip.agent.pipeline.silero;

import io.firefly.voip.agent.pipeline.settings.PipelineProperties;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "firefly.agent.provider", havingValue = "pipeline")
class SileroConfiguration {
    @Bean(destroyMethod = "close")
    @ConditionalOnProperty(name = "firefly.pipeline.vad.detector", havingValue = "silero")
    SileroModel sileroModel(PipelineProperties properties) {
        return SileroModel.load(properties.vad().model());
    }
}

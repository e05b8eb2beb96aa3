package io.firefly.voip.camel.pipeline;

import io.firefly.voip.agent.pipeline.http.SpeechApi;
import io.firefly.voip.camel.check.SchemeOnTrial;
import org.apache.camel.CamelContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;

@Configuration(proxyBeanMethods = false)
class PipelineSchemeConfiguration {
    /** A bean of somebody else's takes its place. */
    @Bean(destroyMethod = "close")
    @Fallback
    RouteVoiceBackend routeVoiceBackend(ObjectProvider<CamelContext> camel) {
        return new RouteVoiceBackend(camel::getObject);
    }

    @Bean("pipeline")
    PipelineComponent pipeline(SpeechApi api) {
        return new PipelineComponent(api);
    }

    @Bean
    SchemeOnTrial pipelineOnTrial() {
        return SchemeOnTrial.of("pipeline", PipelineComponent::onTrial);
    }
}

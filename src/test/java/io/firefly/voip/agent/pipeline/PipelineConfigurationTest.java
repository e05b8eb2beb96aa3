package io.firefly.voip.agent.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class PipelineConfigurationTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withUserConfiguration(PipelineConfiguration.class)
            .withBean(VoiceBackend.class, FakeBackend::new)
            .withPropertyValues("firefly.agent.provider=pipeline");

    @Test
    void thePipelineGoesByEnergyUnlessAnythingElseIsSet() {
        runner.run(context -> assertThat(context).hasSingleBean(PipelineVoiceAgent.class));
    }

    @Test
    void aDetectorThatIsNotInTheBuildIsSaid() {
        runner.withPropertyValues("firefly.pipeline.vad.detector=silero").run(context -> assertThat(context)
                .getFailure()
                .hasStackTraceContaining("firefly.pipeline.vad.detector=silero is not in this build: build it with"
                        + " mvn package -Psilero"));
    }
}

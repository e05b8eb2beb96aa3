package io.firefly.voip.media.freeswitch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.media.MediaEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class FreeSwitchConfigurationTest {
    private final FakeSwitch freeSwitch = new FakeSwitch();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withInitializer(context ->
                    context.getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance()))
            .withBean("embeddedMediaEngine", MediaEngine.class, () -> NoEngine.INSTANCE)
            .withUserConfiguration(FreeSwitchConfiguration.class);

    @Test
    void withoutFreeSwitchTheEmbeddedEngineIsTheOneAndNothingElseIsMade() {
        runner.run(context -> assertThat(context.getBean(MediaEngine.class)).isSameAs(NoEngine.INSTANCE));
    }

    @ParameterizedTest
    @CsvSource({
        "firefly.media.engine=freeswitch, firefly.freeswitch.nodes[0].port=8021",
        "firefly.freeswitch.listen=8084, firefly.freeswitch.audio=rtp",
        "firefly.freeswitch.nodes[0].name=one, firefly.media.engine=embedded",
    })
    void aFreeSwitchInTheSettingsMakesOneEngineThatAllOthersInject(String one, String other) {
        runner.withBean(FakeSwitch.class, () -> freeSwitch)
                .withPropertyValues(one, other)
                .run(context ->
                        assertThat(context.getBean(MediaEngine.class)).isInstanceOf(FreeSwitchMediaEngine.class));
    }

    @ParameterizedTest
    @CsvSource({
        "freeswitch, firefly.freeswitch.nodes must name at least one FreeSWITCH",
        "asterisk, firefly.media.engine is asterisk",
    })
    void aMistakeStopsTheStartWithASentence(String engine, String sentence) {
        runner.withPropertyValues("firefly.media.engine=" + engine)
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining(sentence));
    }
}

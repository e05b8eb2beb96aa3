package io.firefly.voip.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.audio.G711;
import io.firefly.voip.media.MediaEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class RtpPropertiesTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withInitializer(context ->
                    context.getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance()))
            .withUserConfiguration(RtpMediaConfiguration.class);

    @Test
    void theDefaultsMakeAnEngine() {
        runner.run(context -> {
            assertThat(context).hasSingleBean(MediaEngine.class);
            RtpProperties settings = context.getBean(RtpProperties.class);
            assertThat(settings.firstPort()).isEqualTo(16_384);
            assertThat(settings.codecs()).containsExactly(G711.PCMA, G711.PCMU);
            assertThat(settings.advertise()).isNull();
            assertThat(settings.loops()).isPositive();
        });
    }

    @Test
    void freeswitchStillWantsTheEngineForOurEndOfTheSound() {
        runner.withPropertyValues("firefly.media.engine=freeswitch")
                .run(context -> assertThat(context).hasBean("embeddedMediaEngine"));
    }

    @Test
    void settingsAreRead() {
        runner.withPropertyValues(
                        "firefly.media.rtp.advertise=203.0.113.4",
                        "firefly.media.rtp.codecs=PCMU",
                        "firefly.media.rtp.jitter-max=120ms")
                .run(context -> {
                    RtpProperties settings = context.getBean(RtpProperties.class);
                    assertThat(settings.advertise()).hasToString("/203.0.113.4");
                    assertThat(settings.codecs()).containsExactly(G711.PCMU);
                    assertThat(settings.jitterMax()).hasMillis(120);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "first-port, 16385",
        "first-port, 22",
        "last-port, 16000",
        "last-port, 70000",
        "jitter-min, 300ms",
        "jitter-max, 2s",
        "timeout, -1s",
        "port-quarantine, -1s",
        "threads, 65",
        "codecs, ''",
        "advertise, 0.0.0.0",
        "jiter-min, 10ms",
    })
    void aWrongSettingStopsTheStartAndNamesItsKey(String key, String value) {
        runner.withPropertyValues("firefly.media.rtp." + key + "=" + value)
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessageContaining("firefly.media.rtp." + key));
    }
}

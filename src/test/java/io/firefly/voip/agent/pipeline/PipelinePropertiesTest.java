package io.firefly.voip.agent.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.agent.pipeline.settings.PipelineProperties;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties.Access;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelinePropertiesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "base-url | ftp://127.0.0.1/v1 | an http:// or https:// URL",
                "transcribe.timeout | 5ms | 100ms to 120000ms",
                "transcribe.language | german | an ISO 639-1 code",
                "transcribe.sample-rate | 22050 | 8000 to 48000",
                "generate.max-tokens-name | tokens | max_completion_tokens or max_tokens",
                "speak.format | mp3 | wav or pcm",
                "speak.speed | 9 | 0.25 to 4",
                "speak.retries | 50 | 0 to 5",
                "vad.sustained | 10ms | 60ms to 3000ms",
                "vad.detector | webrtc | energy or silero",
                "vad.probability | 1 | 0.1 to 0.95",
                "vad.over-noise | 1 | 3 to 40",
                "caller-silence.after | 1s | 0s (never), or 2s to 10m",
                "caller-silence.after | 11m | 0s (never), or 2s to 10m",
                "caller-silence.prompts | 11 | 0 to 10",
                "max-duration | -1s | 0s (never) to 24h",
                "warn-before | 2h | 0s (no warning) to 1h",
                "transcribe.price-per-minute | -1 | US dollars, 0 to 100000",
                "speak.price-per-million-characters | 200000 | US dollars, 0 to 100000",
                "barge-in.words | 0 | 1 to 10",
                "history.turns | 0 | 1 to 1000",
                "workers | 1 | 3 to 4096",
                "longest-answer | 5 | 100 to 10000"
            })
    void aWrongValueIsNamedWithItsKeyAndWhatItMayBe(String key, String value, String expected) {
        assertThatThrownBy(() -> Rig.properties(key, value))
                .rootCause()
                .hasMessageContaining("firefly.pipeline." + key + " must be " + expected);
    }

    @Test
    void theCommonKeyGoesToTheCommonServerOnly() {
        PipelineProperties settings = Rig.properties(
                "base-url", "https://api.openai.com/v1",
                "speak.base-url", "http://127.0.0.1:8880/v1",
                "generate.base-url", "http://127.0.0.1:11434/v1",
                "generate.api-key", "own");

        assertThat(settings.access(settings.transcribe(), "sk-common").apiKey()).isEqualTo("sk-common");
        assertThat(settings.access(settings.speak(), "sk-common"))
                .extracting(Access::baseUrl, Access::apiKey)
                .containsExactly(URI.create("http://127.0.0.1:8880/v1"), "");
        assertThat(settings.access(settings.generate(), "sk-common").apiKey()).isEqualTo("own");
    }

    @Test
    void noKeyIsEverPrinted() {
        PipelineProperties settings =
                Rig.properties("api-key", "sk-secret", "speak.api-key", "sk-other", "generate.api-key", "sk-third");

        assertThat(settings + " " + settings.speak() + settings.generate() + settings.transcribe()
                        + settings.access(settings.speak(), "sk-secret"))
                .doesNotContain("sk-");
    }
}

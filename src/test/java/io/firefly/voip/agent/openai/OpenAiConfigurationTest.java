package io.firefly.voip.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.agent.Upstream;
import io.firefly.voip.agent.VoiceAgent;
import io.firefly.voip.agent.openai.settings.OpenAiProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.mock.env.MockEnvironment;

class OpenAiConfigurationTest {
    private final MockEnvironment environment = new MockEnvironment();

    private OpenAiProperties chosen(String... settings) {
        return whoAnswers(settings).settings();
    }

    private OpenAiConfiguration.Chosen whoAnswers(String... settings) {
        return OpenAiConfiguration.chosen(
                Rig.properties(settings), environment, OpenAiConfiguration.elsewhere(environment));
    }

    @Test
    void withoutAKeyTheSimulatorAnswers() {
        assertThat(chosen().baseUrl()).hasToString("ws://127.0.0.1:8086/v1");
        assertThat(whoAnswers().who()).isEqualTo("the local simulator, because there is no OPENAI_API_KEY");
        environment.setProperty("firefly.simulator.port", "9999");
        assertThat(chosen().realtime("m x")).hasToString("ws://127.0.0.1:9999/v1/realtime?model=m+x");
    }

    @Test
    void withAKeyOpenAiAnswers() {
        environment.setProperty("OPENAI_API_KEY", " sk-env ");

        assertThat(chosen().baseUrl()).hasToString("wss://api.openai.com/v1");
        assertThat(chosen().apiKey()).isEqualTo("sk-env");
        assertThat(whoAnswers().who()).isEqualTo("OpenAI Realtime, gpt-realtime-2.1");
        assertThat(chosen("api-key", "sk-own").apiKey()).isEqualTo("sk-own");
    }

    @Test
    void aKeyMayStandInAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "sk-file\n");

        assertThat(chosen("api-key-file", file.toString()).apiKey()).isEqualTo("sk-file");
        assertThatThrownBy(() -> chosen("api-key-file", folder.resolve("none").toString()))
                .hasMessageContaining("firefly.openai.api-key-file");
    }

    @Test
    void theSimulatorNeverGetsTheRealKey() {
        environment.setProperty("OPENAI_API_KEY", "sk-env");
        environment.setProperty("firefly.agent.provider", "simulator");

        assertThat(chosen().apiKey()).isEqualTo("sk-simulator");
    }

    @Test
    void openAiWithoutAKeyStopsTheStart() {
        environment.setProperty("firefly.agent.provider", "openai");

        assertThatThrownBy(this::chosen).hasMessageContaining("OPENAI_API_KEY");
    }

    @Test
    void anUnknownProviderStopsTheStart() {
        environment.setProperty("firefly.agent.provider", "chatgpt");

        assertThatThrownBy(this::chosen).hasMessageContaining("firefly.agent.provider must be auto");
    }

    @Test
    void theKeyIsNeverPrinted() {
        assertThat(Rig.properties("api-key", "sk-secret")).asString().doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "base-url, https://api.openai.com/v1",
        "base-url, nonsense",
        "model, ' '",
        "voice, ''",
        "language, german",
        "noise-reduction, loud",
        "reasoning-effort, a lot",
        "max-output-tokens, 5000",
        "threads, 0",
        "connect-timeout, 0s",
        "stall-timeout, -1s",
        "pump-interval, 50ms",
        "speed, 2.0",
        "caller-silence.after, 1s",
        "caller-silence.prompts, 11",
        "max-duration, -1s",
        "max-duration, 25h",
        "warn-before, -1s",
        "reconnect-attempts, 11",
        "vad.type, none",
        "vad.threshold, 1.1",
        "vad.silence, 10ms",
        "vad.prefix-padding, 1m",
        "vad.eagerness, very",
    })
    void aWrongSettingIsNamed(String key, String value) {
        assertThatThrownBy(() -> Rig.properties(key, value))
                .hasStackTraceContaining("firefly.openai." + key + " must be");
    }

    @Test
    void theContextMakesOneVoiceAgentUnlessThePipelineIsChosen() {
        ApplicationContextRunner runner = new ApplicationContextRunner()
                .withUserConfiguration(OpenAiConfiguration.class)
                .withBean(Upstream.class, () -> (request, listener) -> {
                    throw new IllegalStateException("nobody calls");
                });

        runner.run(context -> assertThat(context).hasSingleBean(VoiceAgent.class));
        runner.withPropertyValues("firefly.agent.provider=pipeline")
                .run(context -> assertThat(context).doesNotHaveBean(VoiceAgent.class));
        runner.withPropertyValues("firefly.openai.voise=marin")
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("firefly.openai.voise"));
    }
}

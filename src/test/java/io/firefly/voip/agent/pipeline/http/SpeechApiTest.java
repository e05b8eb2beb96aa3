package io.firefly.voip.agent.pipeline.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.pipeline.VoiceBackend.Answer;
import io.firefly.voip.agent.pipeline.VoiceBackend.Message;
import io.firefly.voip.agent.pipeline.VoiceBackend.Prompt;
import io.firefly.voip.agent.pipeline.VoiceBackend.Role;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.Tones;
import io.firefly.voip.call.CallId;
import io.firefly.voip.testing.FakeSpeechServer;
import io.firefly.voip.testing.FakeSpeechServer.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SpeechApiTest {
    private static final AgentBrief CALL = new AgentBrief(
            new CallId("call-1"),
            new AgentProfile("reception", null, null, "kokoro", null, "de-AT", null),
            "PCMU",
            AudioFormat.NARROWBAND,
            Map.of(),
            List.of());
    private static final Sound SPEECH =
            new Sound(AudioFormat.NARROWBAND, Tones.sine(AudioFormat.NARROWBAND, 440, -12, 500));

    private final FakeSpeechServer server = new FakeSpeechServer();

    @AfterEach
    void close() {
        server.close();
    }

    private SpeechApi api(String... settings) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource(Map.of());
        source.put("firefly.pipeline.base-url", server.baseUrl() + "/");
        for (int i = 0; i < settings.length; i += 2) source.put("firefly.pipeline." + settings[i], settings[i + 1]);
        return new SpeechApi(
                new Binder(source).bindOrCreate("firefly.pipeline", PipelineProperties.class), "sk-of-a-test");
    }

    private static Prompt prompt(ToolDescription... tools) {
        return new Prompt(
                List.of(
                        new Message(Role.SYSTEM, "be nice", List.of(), null),
                        new Message(Role.USER, "hello", List.of(), null)),
                List.of(tools));
    }

    @Test
    void speechIsSentAsAWavFileWithTheModelAndTheLanguage() throws Exception {
        server.hears("hallo");

        assertThat(api().transcribe(CALL, SPEECH)).isEqualTo("hallo");

        Request request = server.requests(FakeSpeechServer.TRANSCRIBE).get(0);
        assertThat(request.authorization()).isEqualTo("Bearer sk-of-a-test");
        assertThat(request.text())
                .contains("name=\"file\"; filename=\"speech.wav\"")
                .contains("RIFF")
                .contains("name=\"model\"\r\n\r\ngpt-transcribe")
                .contains("name=\"language\"\r\n\r\nde\r\n");
        assertThat(request.text().length()).as("half a second at 16 kHz").isGreaterThan(16_000);
    }

    @Test
    void anAnswerIsHeardPieceByPieceWithItsToolsAndItsUsage() throws Exception {
        server.answers(
                FakeSpeechServer.text("One "),
                FakeSpeechServer.text("moment."),
                FakeSpeechServer.tool("call_1", "get_time", "{\"zone\":"),
                FakeSpeechServer.tool("", "", "\"UTC\"}"));
        List<String> pieces = new ArrayList<>();
        ToolDescription tool = new ToolDescription(
                "get_time", "Tells the time.", Map.of("zone", "string", "seconds", "boolean"), Set.of("seconds"));

        Answer answer = api().generate(CALL, prompt(tool), pieces::add);

        assertThat(pieces).containsExactly("One ", "moment.");
        assertThat(answer.text()).isEqualTo("One moment.");
        assertThat(answer.calls()).hasSize(1);
        assertThat(answer.calls().get(0).argumentsJson()).isEqualTo("{\"zone\":\"UTC\"}");
        assertThat(answer.usage().inputTokens()).isEqualTo(11);
        assertThat(server.requests(FakeSpeechServer.GENERATE).get(0).text())
                .contains("\"zone\":{\"type\":\"string\"}")
                .contains("\"required\":[\"zone\"]")
                .contains("\"max_completion_tokens\":300")
                .contains("\"stream\":true");
    }

    @Test
    void speechComesBackAtTheRateOfTheServer() throws Exception {
        Sound sound = api().speak(CALL, "Guten Tag.");

        assertThat(sound.format()).isEqualTo(AudioFormat.REALTIME_PCM);
        assertThat(sound.durationMillis()).isEqualTo(10 * FakeSpeechServer.MILLIS_PER_CHARACTER);
        assertThat(server.requests(FakeSpeechServer.SPEAK).get(0).text()).contains("\"voice\":\"kokoro\"");
    }

    @Test
    void aServerThatIsBusyOnceIsAskedAgain() throws Exception {
        server.fails(FakeSpeechServer.SPEAK, 1);

        assertThat(api().speak(CALL, "Hello.").durationMillis()).isPositive();
        assertThat(server.requests(FakeSpeechServer.SPEAK)).hasSize(2);
    }

    @Test
    void retriesAreASettingAndTheLastFailureIsQuoted() {
        server.fails(FakeSpeechServer.SPEAK, 10);

        assertThatThrownBy(() -> api("speak.retries", "2").speak(CALL, "Hello."))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1 answered HTTP 503")
                .hasMessageContaining("as it was told to");
        assertThat(server.requests(FakeSpeechServer.SPEAK)).hasSize(3);
    }

    @Test
    void aWrongPathSaysWhatToCheckAndIsNotTriedAgain() {
        String elsewhere = server.baseUrl().replace("/v1", "/v9");

        assertThatThrownBy(() -> api("base-url", elsewhere).transcribe(CALL, SPEECH))
                .hasMessageContaining("HTTP 404")
                .hasMessageContaining("the base-url, which ends in /v1, and the model gpt-transcribe");
        assertThat(server.requests("/v9/audio/transcriptions")).hasSize(1);
    }

    @Test
    void aServerThatIsNotThereIsNamed() {
        server.close();

        assertThatThrownBy(() -> api("transcribe.retries", "0").transcribe(CALL, SPEECH))
                .hasMessageStartingWith("no answer from http://127.0.0.1:");
    }

    @Test
    void whoIsNotNeededAnyMoreIsInterrupted() throws Exception {
        server.delays(FakeSpeechServer.SPEAK, 5_000);
        FutureTask<Boolean> waiting = new FutureTask<>(() -> {
            try {
                api("speak.timeout", "20s").speak(CALL, "Hello.");
                return false;
            } catch (InterruptedException e) {
                return true;
            }
        });
        Thread worker = new Thread(waiting);
        worker.start();
        org.awaitility.Awaitility.await()
                .until(() -> !server.requests(FakeSpeechServer.SPEAK).isEmpty());

        worker.interrupt();

        assertThat(waiting.get(3, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anAnswerThatBreaksOffSaysWhoseItWas() {
        server.faults(() -> FakeSpeechServer.Fault.BROKEN);

        assertThatThrownBy(() -> api().speak(CALL, "Hello."))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("the answer from http://127\\.0\\.0\\.1:\\d+/v1/ broke off \\(.*\\)");
        assertThatThrownBy(() -> api().generate(CALL, prompt(), text -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("broke off");
    }
}

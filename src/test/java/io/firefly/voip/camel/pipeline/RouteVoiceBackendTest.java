package io.firefly.voip.camel.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.pipeline.VoiceBackend.Answer;
import io.firefly.voip.agent.pipeline.VoiceBackend.Message;
import io.firefly.voip.agent.pipeline.VoiceBackend.Prompt;
import io.firefly.voip.agent.pipeline.VoiceBackend.Role;
import io.firefly.voip.agent.pipeline.http.SpeechApi;
import io.firefly.voip.agent.pipeline.http.Waves;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.Tones;
import io.firefly.voip.call.CallId;
import io.firefly.voip.testing.FakeSpeechServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The three shipped routes, and such as somebody else might write in their place. */
class RouteVoiceBackendTest {
    private static final AgentBrief CALL = new AgentBrief(
            new CallId("call-1"),
            new AgentProfile("reception", null, null, "marin", null, "de", null),
            "PCMU",
            AudioFormat.NARROWBAND,
            Map.of(),
            List.of());
    private static final Sound SPEECH =
            new Sound(AudioFormat.NARROWBAND, Tones.sine(AudioFormat.NARROWBAND, 440, -12, 500));
    private static final Prompt HELLO =
            new Prompt(List.of(new Message(Role.USER, "hello", List.of(), null)), List.of());

    private final FakeSpeechServer server = new FakeSpeechServer();
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final RouteVoiceBackend backend = new RouteVoiceBackend(() -> camel);

    @BeforeEach
    void start() {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource(Map.of(
                "firefly.pipeline.base-url", server.baseUrl(),
                "firefly.pipeline.transcribe.retries", "0",
                "firefly.pipeline.speak.timeout", "20s"));
        PipelineProperties settings = new Binder(source).bindOrCreate("firefly.pipeline", PipelineProperties.class);
        camel.addComponent("pipeline", new PipelineComponent(new SpeechApi(settings, "")));
        camel.getShutdownStrategy().setTimeout(1);
        camel.start();
    }

    @AfterEach
    void stop() {
        backend.close();
        camel.stop();
        server.close();
    }

    private void shipped() throws Exception {
        load(Files.readString(Path.of("routes/policy.camel.yaml")));
        for (String stage : List.of("transcribe", "generate", "speak")) load(shippedText(stage));
    }

    private static String shippedText(String stage) throws IOException {
        return Files.readString(Path.of("routes/pipeline-" + stage + ".camel.yaml"));
    }

    private void load(String text) throws Exception {
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("file:some.camel.yaml", text));
    }

    @Test
    void theShippedRoutesAskTheServerOfTheSettings() throws Exception {
        shipped();
        List<String> pieces = new ArrayList<>();

        assertThat(backend.transcribe(CALL, SPEECH)).isEqualTo("hello");
        Answer answer = backend.generate(CALL, HELLO, pieces::add);
        assertThat(answer.text()).isEqualTo("You said hello. What else?");
        assertThat(answer.usage().inputTokens()).isEqualTo(11);
        assertThat(pieces).as("streamed through the route").containsExactly("You said ", "hello. ", "What else?");
        assertThat(backend.speak(CALL, "Good morning.").durationMillis())
                .isEqualTo(13 * FakeSpeechServer.MILLIS_PER_CHARACTER);
    }

    @Test
    void aServerThatIsDownIsNotAskedAnyMoreAndAgainAfterAWhile() throws Exception {
        load(Files.readString(Path.of("routes/policy.camel.yaml")));
        load(shippedText("transcribe").replace("waitDurationInOpenState: \"10\"", "waitDurationInOpenState: \"1\""));
        server.fails(FakeSpeechServer.TRANSCRIBE, 5);
        for (int i = 0; i < 5; i++)
            assertThatThrownBy(() -> backend.transcribe(CALL, SPEECH)).hasMessageContaining("HTTP 503");

        assertThatThrownBy(() -> backend.transcribe(CALL, SPEECH)).hasMessageContaining("OPEN");
        assertThat(server.requests(FakeSpeechServer.TRANSCRIBE))
                .as("the sixth was not sent")
                .hasSize(5);

        await().atMost(Duration.ofSeconds(10)).ignoreExceptions().untilAsserted(() -> assertThat(
                        backend.transcribe(CALL, SPEECH))
                .isEqualTo("hello"));
    }

    @Test
    void whoIsInterruptedOpensNoCircuitBreaker() throws Exception {
        shipped();
        server.delays(FakeSpeechServer.SPEAK, 4_000);
        for (int i = 0; i < 6; i++) {
            int already = i;
            FutureTask<Object> speaking = new FutureTask<>(() -> backend.speak(CALL, "Hello."));
            Thread worker = new Thread(speaking);
            worker.start();
            await().until(() -> server.requests(FakeSpeechServer.SPEAK).size() > already);
            worker.interrupt();
            worker.join(TimeUnit.SECONDS.toMillis(5));
            assertThat(worker.isAlive()).isFalse();
        }
        server.delays(FakeSpeechServer.SPEAK, 0);

        assertThat(backend.speak(CALL, "Hello.").durationMillis()).isPositive();
    }

    /** What integrators are there for: a stage of their own is a route file. */
    @Test
    void aStageIsReplacedByARouteOfOnesOwn() throws Exception {
        load("""
                - route:
                    id: pipeline-generate
                    from:
                      uri: direct:pipeline-generate
                      steps:
                        - setBody: { simple: "${header.PipelineAgent} heard: ${body}" }
                """);
        load("""
                - route:
                    id: pipeline-transcribe
                    from:
                      uri: direct:pipeline-transcribe
                      steps:
                        - setBody: { simple: "${body.length} bytes in ${header.PipelineLanguage}" }
                """);

        assertThat(backend.generate(CALL, HELLO, text -> {}).text()).isEqualTo("reception heard: hello");
        assertThat(backend.transcribe(CALL, SPEECH)).isEqualTo("8044 bytes in de");
        assertThat(server.requests(FakeSpeechServer.GENERATE)).isEmpty();
    }

    @Test
    void aVoiceOfOnesOwnIsWavOrBareSamplesWithTheirRate() throws Exception {
        byte[] wav = Waves.write(SPEECH);
        camel.getRegistry().bind("voice", new Voice(wav));
        load("""
                - route:
                    id: pipeline-speak
                    from:
                      uri: direct:pipeline-speak
                      steps:
                        - choice:
                            when:
                              - simple: "${body} == 'bare'"
                                steps:
                                  - setHeader: { name: PipelineSampleRate, constant: "16000" }
                                  - bean: { ref: voice, method: bare }
                            otherwise:
                              steps:
                                - bean: { ref: voice, method: wav }
                """);

        assertThat(backend.speak(CALL, "wav").pcm()).isEqualTo(SPEECH.pcm());
        assertThat(backend.speak(CALL, "bare").format()).isEqualTo(AudioFormat.WIDEBAND);
    }

    @Test
    void aStepInFrontMayAnswerByItselfAndOneBehindMayAdd() throws Exception {
        load("""
                - route:
                    id: pipeline-generate
                    from:
                      uri: direct:pipeline-generate
                      steps:
                        - to: pipeline:generate
                        - setBody: { constant: "By the way, we close at six." }
                """);
        List<String> pieces = new ArrayList<>();

        Answer answer = backend.generate(CALL, HELLO, pieces::add);

        assertThat(String.join("", pieces)).isEqualTo("You said hello. What else? By the way, we close at six.");
        assertThat(answer.text()).isEqualTo("By the way, we close at six.");
    }

    @Test
    void aRouteThatEndsWithoutSoundSaysSo() throws Exception {
        load("""
                - route:
                    id: pipeline-speak
                    from:
                      uri: direct:pipeline-speak
                      steps:
                        - setBody: { constant: "only words" }
                """);

        assertThatThrownBy(() -> backend.speak(CALL, "Hello."))
                .hasMessage(
                        "the route pipeline-speak ends with a body that is no sound: String instead of WAV as bytes");
    }

    @Test
    void aPipelineStepElsewhereSaysWhereItBelongs() throws Exception {
        load("""
                - route:
                    id: elsewhere
                    from:
                      uri: direct:elsewhere
                      steps:
                        - to: pipeline:generate
                """);

        assertThatThrownBy(() -> camel.createProducerTemplate().sendBody("direct:elsewhere", "hello"))
                .rootCause()
                .hasMessageContaining("stands in one of the routes pipeline-transcribe");
        assertThatThrownBy(() -> camel.getEndpoint("pipeline:translate"))
                .rootCause()
                .hasMessageContaining("after pipeline: comes transcribe, generate or speak, not 'translate'");
    }

    /** Stands for somebody's own library. */
    public static final class Voice {
        private final byte[] file;

        Voice(byte[] file) {
            this.file = file;
        }

        public byte[] wav() {
            return file;
        }

        public byte[] bare() {
            return Arrays.copyOfRange(file, 44, file.length);
        }
    }
}

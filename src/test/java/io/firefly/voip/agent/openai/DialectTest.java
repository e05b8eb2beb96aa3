package io.firefly.voip.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.firefly.voip.agent.AgentFailure;
import io.firefly.voip.agent.AgentMouth;
import io.firefly.voip.agent.AgentSession;
import io.firefly.voip.agent.AgentStage;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.Utterance;
import io.firefly.voip.agent.openai.settings.OpenAiProperties;
import io.firefly.voip.agent.simulator.SimulatorProbe;
import io.firefly.voip.audio.AudioFormat;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** OpenAI, Azure and gateways: what we send them and what we forgive them. The sockets to the simulator are real. */
class DialectTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Queue<String> stage = new ConcurrentLinkedQueue<>();

    private static OpenAiProperties to(SimulatorProbe.Door door, String path, String... settings) {
        return Rig.properties(settings).at(URI.create("ws://127.0.0.1:" + door.port() + path), "key-1");
    }

    /** Joins, is answered and waits for the end of a story: a greeting that was heard, or a failure. */
    private String story(OpenAiProperties properties) {
        OpenAiVoiceAgent agent = new OpenAiVoiceAgent(properties, new JdkUpstream(), "a test");
        try (agent;
                AgentSession session = agent.join(Rig.brief("PCMU", AudioFormat.NARROWBAND), new Stage())) {
            session.begin();
            await().atMost(SOON).until(() -> !stage.isEmpty());
            return stage.element();
        }
    }

    @ParameterizedTest
    @CsvSource({"openai, /v1", "azure, /openai/v1", "compatible, /v1", "openai, /openai/v1"})
    void everyDoorOpensToWhoSpeaksItsDialect(String dialect, String path) throws Exception {
        try (SimulatorProbe.Door door = SimulatorProbe.open("steps: [{say: greeting}]")) {
            assertThat(story(to(door, path, "dialect", dialect))).isEqualTo("spoke");
        }
    }

    @Test
    void azuresKeyIsNoneForOpenAi() throws Exception {
        try (SimulatorProbe.Door door = SimulatorProbe.open("steps: [{say: greeting}]")) {
            assertThat(story(to(door, "/v1", "dialect", "azure"))).contains("refused the API key");
        }
    }

    @Test
    void aGatewayNeedNotSayThatItAcceptedTheSession() throws Exception {
        String script = "{steps: [{say: greeting}], faults: [{drop: session.updated}]}";
        try (SimulatorProbe.Door door = SimulatorProbe.open(script)) {
            assertThat(story(to(door, "/v1", "dialect", "compatible"))).isEqualTo("spoke");
        }
    }

    @Test
    void openAiMustSaySo() throws Exception {
        String script = "{steps: [{say: greeting}], faults: [{drop: session.updated}]}";
        try (SimulatorProbe.Door door = SimulatorProbe.open(script)) {
            assertThat(story(to(door, "/v1", "session-ready-timeout", "1500ms")))
                    .contains("did not accept the session");
        }
    }

    @Test
    void theKeyGoesWhereItBelongsAndMoreHeadersMayBeSet() {
        assertThat(Rig.properties("dialect", "azure", "api-key", "k").handshake())
                .containsExactly(java.util.Map.entry("api-key", "k"));
        assertThat(Rig.properties("api-key", "k", "headers.X-Tenant", "us").handshake())
                .containsEntry("Authorization", "Bearer k")
                .containsEntry("X-Tenant", "us");
        assertThat(Rig.properties("dialect", "compatible").handshake()).isEmpty();
        assertThat(Rig.properties("headers.X-Secret", "s3cret")).asString().doesNotContain("s3cret");
        assertThat(Rig.properties("dialect", "azure", "headers.A", "b")
                        .simulated(URI.create("ws://127.0.0.1:1/v1"), "sk-simulator")
                        .handshake())
                .as("the simulator is none of Azure's")
                .containsOnlyKeys("Authorization");
    }

    @ParameterizedTest
    @ValueSource(strings = {"headers.OpenAI-Beta", "headers.[X Y]"})
    void aHeaderThatCannotWorkIsNamed(String key) {
        assertThatThrownBy(() -> Rig.properties(key, "realtime=v1")).hasStackTraceContaining("firefly.openai.headers");
    }

    @Test
    void aDialectNobodySpeaksStopsTheStart() {
        assertThatThrownBy(() -> Rig.properties("dialect", "klingon"))
                .hasStackTraceContaining("firefly.openai.dialect");
    }

    @Test
    void aGatewayIsNotSentWhatOnlyOpenAiTakes() {
        try (Rig rig = new Rig("dialect", "compatible")) {
            assertThat(rig.ready().last("session.update").path("session").has("truncation"))
                    .isFalse();
        }
    }

    @Test
    void aGatewayThatTellsOfNoSessionIsConfiguredAllTheSame() {
        try (Rig rig = new Rig("dialect", "compatible")) {
            rig.begin();
            rig.open();
            assertThat(rig.sent).isEmpty();
            rig.advance(Duration.ofMillis(1_100));
            assertThat(rig.sent("session.update")).hasSize(1);
            rig.advance(Duration.ofMillis(1_100));

            assertThat(rig.ready).isEqualTo(1);
            assertThat(rig.sent("response.create")).hasSize(1);
        }
    }

    @Test
    void aGatewayMaySpeakOfAConversationFirst() {
        try (Rig rig = new Rig("dialect", "compatible")) {
            rig.open();
            rig.server("{'type':'conversation.created','conversation':{'id':'c'}}");
            rig.server("{'type':'session.created','session':{}}");
            rig.server("{'type':'session.updated','session':{}}");

            assertThat(rig.ready).isEqualTo(1);
            assertThat(rig.sent("session.update")).hasSize(1);
        }
    }

    @Test
    void aResponseWithoutIdsIsHeardToldAndOver() {
        try (Rig rig = new Rig("dialect", "compatible").talking()) {
            rig.speechStarted("item_u");
            rig.speechStopped("item_u", "item_greet");
            rig.callerTranscript("item_u", "Open?");
            rig.server("{'type':'response.output_audio.delta','delta':'%s'}", "/////w==");
            rig.server("{'type':'response.output_audio_transcript.delta','delta':'Yes.'}");
            rig.server("{'type':'response.output_audio_transcript.done','transcript':'Yes.'}");
            rig.server("{'type':'response.done','response':{}}");
            rig.mouth.play(100);
            rig.advance(Duration.ofMillis(500));

            assertThat(rig.mouth.heard).hasSize(4_000 + 4);
            assertThat(rig.words()).containsExactly("AI: Hello.", "CALLER: Open?", "AI: Yes.");
            rig.advance(Duration.ofSeconds(10));
            assertThat(rig.failures).as("nothing is due any more").isEmpty();
        }
    }

    @Test
    void aToolThatIsCalledWithoutTheIdOfItsResponseIsRun() {
        try (Rig rig = new Rig("dialect", "compatible").talking()) {
            rig.server("{'type':'response.created','response':{}}");
            rig.server("{'type':'response.output_item.done','item':{'id':'fc','type':'function_call',"
                    + "'status':'completed','call_id':'call_a','name':'transfer','arguments':'{}'}}");
            rig.server("{'type':'response.done','response':{'status':'completed'}}");
            rig.toolAnswers.get(0).complete("ok");
            rig.drain();

            assertThat(rig.sent("response.create")).hasSize(1);
        }
    }

    // The probe

    private static String probed(OpenAiProperties properties) {
        Logger logger = (Logger) LoggerFactory.getLogger(Probe.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try (OpenAiVoiceAgent agent = new OpenAiVoiceAgent(properties, new JdkUpstream(), "a test")) {
            agent.probe();
            await().atMost(SOON).until(() -> !log.list.isEmpty());
            return log.list.get(0).getFormattedMessage();
        } finally {
            logger.detachAppender(log);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "steps: []                                        | the AI provider accepts key, model gpt-realtime-2.1 and settings",
                "handshake: 403                                   | may not use this model (HTTP 403)",
                "handshake: 429                                   | rate limit or quota (HTTP 429)",
                "faults: [{error: invalid_api_key}]               | the provider refused the API key",
                "faults: [{error: unknown_parameter}]             | the provider refused our session (unknown_parameter)",
                "faults: [{close: 4000, reason: beta_api_shape}]  | the provider refused the connection (beta_api_shape)",
            })
    void theStartTellsWhetherACallWouldBeWelcome(String script, String sentence) throws Exception {
        try (SimulatorProbe.Door door = SimulatorProbe.open(script)) {
            assertThat(probed(to(door, "/v1"))).contains(sentence);
        }
    }

    @Test
    void aProviderThatIsNotThereHoldsUpNobody() {
        assertThat(probed(Rig.properties().at(URI.create("ws://127.0.0.1:1/v1"), "k")))
                .startsWith("calls to agents will fail: no connection to the provider");
    }

    @Test
    void modelsThatWillBeGoneAreNamed() {
        Logger logger = (Logger) LoggerFactory.getLogger(Probe.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        OpenAiProperties properties = Rig.properties("model", "gpt-realtime", "transcription-model", "whisper-1");
        Probe.warnOfLastDays(properties, LocalDate.of(2027, 2, 1));
        Probe.warnOfLastDays(Rig.properties(), LocalDate.of(2027, 2, 1));
        logger.detachAppender(log);

        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "firefly.openai.model gpt-realtime stopped answering on 2027-01-20: choose another",
                        "firefly.openai.transcription-model whisper-1 stops answering on 2027-02-26: choose another");
    }

    /** Tells the first thing that matters. */
    private final class Stage implements AgentStage {
        private final FakeMouth mouth = new FakeMouth();

        @Override
        public void ready() {}

        @Override
        public AgentMouth mouth() {
            return mouth;
        }

        @Override
        public void said(Utterance utterance) {}

        @Override
        public CompletionStage<String> call(ToolCall tool) {
            return CompletableFuture.completedFuture("{}");
        }

        @Override
        public void failed(AgentFailure failure) {
            stage.add(failure.message());
        }

        @Override
        public void used(AgentUsage usage) {
            stage.add(mouth.heard.isEmpty() ? "silence" : "spoke");
        }
    }
}

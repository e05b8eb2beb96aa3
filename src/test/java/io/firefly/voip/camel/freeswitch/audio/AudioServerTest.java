package io.firefly.voip.camel.freeswitch.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.camel.websocket.WebsocketComponent;
import io.firefly.voip.camel.websocket.WebsocketProperties;
import io.firefly.voip.camel.websocket.Websockets;
import io.firefly.voip.media.MediaUnavailableException;
import io.firefly.voip.media.freeswitch.ChannelAudio;
import io.firefly.voip.media.freeswitch.SwitchNode;
import io.firefly.voip.media.freeswitch.fork.ForkProperties.Playout;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transport and route against a stand-in of the module, over real websockets. */
class AudioServerTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final AudioRig rig = new AudioRig();
    private final Vertx theirs = Vertx.vertx();
    private final FakeModule module = new FakeModule(theirs);
    private final List<Integer> heard = new CopyOnWriteArrayList<>();

    AudioServerTest() throws Exception {}

    @AfterEach
    void close() throws Exception {
        rig.close();
        theirs.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private ChannelAudio open() {
        return rig.transport.open(CallId.next(), node());
    }

    private static SwitchNode node() {
        return (SwitchNode) Proxy.newProxyInstance(
                AudioServerTest.class.getClassLoader(),
                new Class<?>[] {SwitchNode.class},
                (self, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    private ChannelAudio joined() throws Exception {
        ChannelAudio audio = open();
        audio.connect((pcm, length) -> heard.add((int) pcm[0]), AudioSource.SILENCE);
        audio.attach(module).toCompletableFuture().get(5, TimeUnit.SECONDS);
        audio.start(() -> heard.add(-999));
        await().until(() -> !module.binaries.isEmpty());
        return audio;
    }

    @Test
    void theOrderIsTheOneTheModuleReadsByPlace() throws Exception {
        joined();
        assertThat(module.orders.get(0))
                .matches("uuid_audio_fork " + module.uuid() + " start ws://127\\.0\\.0\\.1:" + rig.port
                        + "/audio/[A-Za-z0-9_-]{32} mono 8k firefly \\{} true true 15999");
        assertThat(module.socket().subProtocol()).isEqualTo("audio.drachtio.org");
        assertThat(rig.door.expected()).isZero();
    }

    @Test
    void framesOfAnyLengthAreHeardInOrder() throws Exception {
        ChannelAudio audio = joined();
        module.says(1, 100);
        module.socket().writeBinaryMessage(FakeModule.frame(80, 200));
        module.socket().writeBinaryMessage(FakeModule.frame(240, 200));
        module.socket().writeBinaryMessage(FakeModule.frame(480, 300));
        module.socket().writeBinaryMessage(FakeModule.frame(160, 400).appendByte((byte) 7));
        module.socket().writeBinaryMessage(Buffer.buffer());

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(withoutSilence()).containsExactly(100, 200, 200, 300, 300, 300, 400));
        assertThat(audio.statistics().strangerPackets()).as("odd bytes").isEqualTo(1);
    }

    private List<Integer> withoutSilence() {
        return heard.stream().filter(level -> level != 0).toList();
    }

    @Test
    void whatIsSaidGoesOutInPiecesOfWhichNothingStaysBehind() throws Exception {
        ChannelAudio audio = joined();
        AtomicInteger left = new AtomicInteger(7);
        audio.connect(AudioSink.NOWHERE, (pcm, length) -> {
            if (left.getAndDecrement() <= 0) return 0;
            Arrays.fill(pcm, (short) 5_000);
            return length;
        });
        assertThat(module.binaries).as("the priming").containsExactly(2_560);

        module.says(30, 0);

        await().untilAsserted(() -> assertThat(module.binaries)
                .hasSizeGreaterThan(5)
                .allMatch(length -> length == 1_280 || length == 2_560));
        assertThat(module.keptBack).hasValue(0);
    }

    @Test
    void aBargeInIsKillAudioOnlyWhileThereIsSomethingToKill() throws Exception {
        ChannelAudio audio = joined();
        audio.discardUnheard();
        audio.connect(AudioSink.NOWHERE, (pcm, length) -> {
            Arrays.fill(pcm, (short) 5_000);
            return length;
        });
        module.says(4, 0);
        await().until(() -> module.binaries.size() > 1);
        assertThat(module.texts).isEmpty();

        audio.discardUnheard();

        await().untilAsserted(() -> assertThat(module.texts).containsExactly("{\"type\":\"killAudio\"}"));
    }

    @Test
    void marksTranscriptionsAndNonsenseAreLeftAlone() throws Exception {
        joined();
        for (String text : List.of(
                "{\"type\": \"mark\", \"data\": {\"name\":\"m1\", \"event\": \"playout\"}}",
                "{\"type\":\"transcription\",\"data\":{}}",
                "{",
                "",
                "\u0000")) module.socket().writeTextMessage(text);
        module.says(1, 700);
        await().until(() -> heard.contains(700));
    }

    @Test
    void aFloodOfTextsEndsTheSocketAndIsALoss() throws Exception {
        joined();
        for (int i = 0; i < 300; i++) module.socket().writeTextMessage("{\"type\":\"mark\"}");
        assertThat(module.closed.get(5, TimeUnit.SECONDS)).isEqualTo((short) 1008);
        await().until(() -> heard.contains(-999));
    }

    @Test
    void aGiantMessageEndsTheSocket() throws Exception {
        joined();
        WebSocket socket = module.socket();
        Buffer part = Buffer.buffer(new byte[32_000]);
        socket.writeFrame(WebSocketFrame.binaryFrame(part, false));
        for (int i = 0; i < 4; i++) socket.writeFrame(WebSocketFrame.continuationFrame(part, i == 3));
        assertThat(module.closed.get(5, TimeUnit.SECONDS)).isIn((short) 1009, null);
        await().until(() -> heard.contains(-999));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/audio/", "/audio", "/audio/../audio/x/y", "/etc/passwd", "/audio/a/b", "/"})
    void otherPathsAreRefusedBeforeTheUpgrade(String path) {
        assertThatThrownBy(() -> dial(path))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(UpgradeRejectedException.class, refused -> assertThat(refused.getStatus())
                        .isEqualTo(404));
    }

    private WebSocket dial(String path) throws Exception {
        return theirs.createWebSocketClient()
                .connect(FakeModule.handshake(rig.port, path))
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
    }

    @Test
    void aTicketThatIsWrongUsedOrTooOldOpensNothing() throws Exception {
        assertClosed1008(dial("/audio/%2e%2e%2fetc"));
        assertClosed1008(dial("/audio/nobodys"));
        ChannelAudio audio = joined();
        String used = "/audio/" + module.orders.get(0).replaceFirst(".*/audio/(\\S+) .*", "$1");
        assertClosed1008(dial(used));
        audio.close();
        assertClosed1008(dial(used));
        FakeModule silent = new FakeModule(theirs);
        silent.dials = false;
        ChannelAudio late = open();
        CompletionStage<?> attached = late.attach(silent);
        String old = "/audio/" + silent.orders.get(0).replaceFirst(".*/audio/(\\S+) .*", "$1");
        assertThat(attached.toCompletableFuture())
                .failsWithin(SOON)
                .withThrowableThat()
                .withMessageContaining("nobody came to ws://127.0.0.1:" + rig.port + "/audio/<ticket>");
        assertClosed1008(dial(old));
        late.close();
        assertThat(rig.door.refused()).isEqualTo(5);
        assertThat(rig.door.expected()).isZero();
    }

    private static void assertClosed1008(WebSocket socket) {
        await().until(socket::isClosed);
        assertThat(socket.closeStatusCode()).isEqualTo((short) 1008);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-ERR Operation Failed\n", "-USAGE: <uuid> [start | stop ]\n"})
    void aRefusedOrderFailsWithFreeSwitchsWords(String answer) {
        module.answer = answer;
        module.dials = false;
        ChannelAudio audio = open();
        assertThat(audio.attach(module).toCompletableFuture())
                .failsWithin(SOON)
                .withThrowableThat()
                .withMessageContaining("refused uuid_audio_fork start")
                .withMessageContaining(answer.strip());
        assertThat(rig.door.expected()).isZero();
        audio.close();
    }

    @Test
    void aSocketOfBeforeOurDeathIsStoppedAndANewOneStarted() throws Exception {
        module.refuseFirst = true;
        ChannelAudio audio = open();
        audio.attach(module).toCompletableFuture().get(5, TimeUnit.SECONDS);
        assertThat(module.orders)
                .extracting(order -> order.split(" ", -1)[2])
                .containsExactly("start", "stop", "start");
        assertThat(module.orders.get(2)).isEqualTo(module.orders.get(0));
        audio.close();
    }

    @Test
    void aFailedConnectionFailsAtOnce() {
        module.dials = false;
        ChannelAudio audio = open();
        CompletionStage<?> attached = audio.attach(module);
        module.listener.join().custom("mod_audio_fork::connect_failed", "{\"reason\":\"Unable to connect\"}");
        assertThat(attached.toCompletableFuture())
                .failsWithin(Duration.ofMillis(500))
                .withThrowableThat()
                .withMessageContaining("Unable to connect");
        audio.close();
    }

    @Test
    void aChannelThatEndsMeanwhileFailsAtOnce() {
        module.dials = false;
        ChannelAudio audio = open();
        CompletionStage<?> attached = audio.attach(module);
        module.listener.join().hungUp(HangupCause.NORMAL, "NORMAL_CLEARING");
        assertThat(attached.toCompletableFuture())
                .failsWithin(Duration.ofMillis(500))
                .withThrowableThat()
                .withMessageContaining("NORMAL_CLEARING");
        audio.close();
    }

    @Test
    void theConnectEventStandsForTheFirstFrame() throws Exception {
        module.firstText = "";
        ChannelAudio audio = open();
        CompletionStage<?> attached = audio.attach(module);
        module.socket();
        await().until(() -> rig.audio.open() == 1);
        assertThat(attached.toCompletableFuture()).isNotDone();
        module.listener.join().custom("mod_audio_fork::connect", "");
        assertThat(attached.toCompletableFuture()).succeedsWithin(SOON);
        audio.close();
    }

    @Test
    void aSecondAttachAndASecondStartAreMistakes() throws Exception {
        ChannelAudio audio = joined();
        assertThatThrownBy(() -> audio.attach(module)).hasMessageContaining("attached twice");
        assertThatThrownBy(() -> audio.start(() -> {})).hasMessageContaining("started twice");
        audio.close();
    }

    @Test
    void aCallThatStartsBeforeItsSocketIsThereFlowsFromWhenItIs() throws Exception {
        ChannelAudio audio = open();
        audio.connect((pcm, length) -> heard.add((int) pcm[0]), AudioSource.SILENCE);
        audio.start(() -> heard.add(-999));
        audio.attach(module).toCompletableFuture().get(5, TimeUnit.SECONDS);
        await().until(() -> !module.binaries.isEmpty());
        module.says(1, 100);
        await().atMost(SOON).untilAsserted(() -> assertThat(withoutSilence()).containsExactly(100));
    }

    @Test
    void theEndOfTheCallStopsTheModuleAndIsNoLoss() throws Exception {
        ChannelAudio audio = joined();
        audio.close();
        assertThat(module.closed.get(5, TimeUnit.SECONDS)).isEqualTo((short) 1000);
        assertThat(module.orders).last().isEqualTo("uuid_audio_fork " + module.uuid() + " stop firefly");
        await().until(() -> rig.audio.open() == 0);
        assertThat(heard).doesNotContain(-999);
    }

    @Test
    void aSocketThatGoesIsALossToldOnce() throws Exception {
        ChannelAudio audio = joined();
        module.socket().close((short) 1000, "");
        await().until(() -> heard.contains(-999));
        audio.close();
        assertThat(heard.stream().filter(level -> level == -999)).hasSize(1);
    }

    @Test
    void aHundredCallsLeaveNothingBehind() throws Exception {
        for (int round = 0; round < 2; round++) {
            List<ChannelAudio> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                FakeModule one = new FakeModule(theirs);
                ChannelAudio audio = open();
                audio.attach(one).toCompletableFuture().get(10, TimeUnit.SECONDS);
                audio.start(() -> {});
                one.says(3, 50);
                calls.add(audio);
            }
            assertThat(rig.transport.openCalls()).isEqualTo(100);
            calls.forEach(ChannelAudio::close);
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(rig.sockets.statistics().open()).isZero());
            await().until(() -> rig.audio.open() == 0);
            assertThat(rig.transport.openCalls()).isZero();
            assertThat(rig.door.expected()).isZero();
        }
    }

    @Test
    void whenAllSocketsAreInUseTheCallIsRefused() throws Exception {
        for (int i = 0; i < 200; i++) open();
        assertThatThrownBy(this::open)
                .isInstanceOf(MediaUnavailableException.class)
                .hasMessageContaining("200");
    }

    @Test
    void thePlainPlayoutSendsTheLinesOwnRate() throws Exception {
        try (AudioRig plain = new AudioRig(Playout.PLAIN, Duration.ofSeconds(2))) {
            ChannelAudio audio = plain.transport.open(CallId.next(), node());
            audio.attach(module).toCompletableFuture().get(5, TimeUnit.SECONDS);
            audio.start(() -> {});
            await().untilAsserted(() -> assertThat(module.binaries).containsExactly(2_560));
            assertThat(module.orders.get(0)).endsWith(" true true 8000");
        }
    }

    @Test
    void inTheFirstRunNothingListens() throws Exception {
        try (Websockets fresh = new Websockets(rig.vertx, WebsocketProperties.defaults());
                DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addComponent("websocket", new WebsocketComponent(fresh));
            camel.addComponent("audio", AudioComponent.onTrial());
            camel.start();
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(PluginHelper.getResourceLoader(camel)
                            .resolveResource("file:routes/audio-server.camel.yaml"));
            assertThat(camel.getRouteController().getRouteStatus("audio-server").isStarted())
                    .isTrue();
            assertThatThrownBy(() -> fresh.port("audio")).hasMessageContaining("nothing listens");
        }
    }

    @Test
    void otherWordsAreRefused() {
        assertThatThrownBy(() -> rig.camel.getEndpoint("audio:delivr"))
                .hasStackTraceContaining("after audio: comes deliver");
        assertThatThrownBy(() -> rig.camel.getEndpoint("audio:deliver").createConsumer(exchange -> {}))
                .hasMessageContaining("is a step");
        assertThat(rig.camel
                        .createProducerTemplate()
                        .request("audio:deliver", exchange -> {})
                        .getException())
                .hasMessageContaining("needs the headers");
    }
}

package io.firefly.voip.camel.freeswitch.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.CallLegListener;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.camel.freeswitch.esl.FakeSwitch;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** FreeSWITCH connects to us, once per call. */
class HandedCallsTest {
    private TestFabric test;
    private final List<HandedCall> calls = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();

    @BeforeEach
    void start() {
        test = new TestFabric(TestFabric.settings(List.of(), "127.0.0.1:0"));
        test.board().door().open(calls::add);
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) socket.close();
        test.close();
    }

    /** One channel of a FreeSWITCH, as seen through its socket. */
    private final class Channel {
        final String uuid;
        final Socket socket;
        final BufferedReader reader;
        final List<String> lines = new CopyOnWriteArrayList<>();

        Channel(String uuid) throws IOException {
            this.uuid = uuid;
            int port = Integer.parseInt(
                    String.valueOf(test.board().fabric().callbackAddress()).split(":", -1)[1]);
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(8000);
            sockets.add(socket);
            reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        /** One command with its headers. */
        List<String> read() throws IOException {
            List<String> block = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.isEmpty() && !block.isEmpty()) break;
                if (!line.isEmpty()) block.add(line);
            }
            lines.addAll(block);
            return block;
        }

        void write(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        }

        void ok() throws IOException {
            write("Content-Type: command/reply\nReply-Text: +OK\n\n");
        }

        void event(String name, Map<String, String> values) throws IOException {
            Map<String, String> all = new LinkedHashMap<>(values);
            all.put("Unique-ID", uuid);
            write(FakeSwitch.event(name, all, ""));
        }

        /** Up to the moment when it is in the hands of a route. */
        Channel handed(String... data) throws IOException {
            assertThat(read()).containsExactly("connect");
            write("Content-Type: command/reply\nReply-Text: %2BOK%0A\nSocket-Mode: async\nControl: full\n"
                    + "Unique-ID: " + uuid + "\nvariable_sip_network_ip: 127.0.0.1\n"
                    + "variable_sip_call_id: call-" + uuid + "\nvariable_sip_req_uri: 4711%40exchange\n"
                    + String.join("\n", data) + "\n\n");
            return this;
        }

        Channel subscribed() throws IOException {
            for (int i = 0; i < 3; i++) {
                read();
                ok();
            }
            return this;
        }
    }

    private HandedCall call(String uuid) {
        await().until(() -> calls.stream().anyMatch(call -> call.uuid().equals(uuid)));
        return calls.stream()
                .filter(call -> call.uuid().equals(uuid))
                .findFirst()
                .orElseThrow();
    }

    static final class Heard implements CallLegListener {
        final List<String> words = new CopyOnWriteArrayList<>();

        @Override
        public void cancelled() {
            words.add("cancelled");
        }

        @Override
        public void confirmed(@Nullable String sdpAnswer) {
            words.add("confirmed " + sdpAnswer);
        }

        @Override
        public void hungUp() {
            words.add("hungUp");
        }

        @Override
        public void lost(HangupCause cause) {
            words.add("lost " + cause);
        }

        @Override
        public CompletionStage<@Nullable String> reoffered(@Nullable String sdpOffer) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void dtmf(char digit) {
            words.add("dtmf");
        }
    }

    @Test
    void theFirstWordIsConnectThenItsEventsAreAskedFor() throws IOException {
        Channel channel = new Channel("u1").handed();
        channel.subscribed();
        assertThat(channel.lines)
                .hasSize(4)
                .startsWith("connect", "myevents plain")
                .endsWith("linger 5");
        assertThat(channel.lines.get(2)).startsWith("event plain BACKGROUND_JOB CUSTOM ");
    }

    @Test
    void whoIsOnTheLineIsReadFromItsData() throws IOException {
        new Channel("u1")
                .handed(
                        "variable_sip_full_from: %22Ivan%20P%22%20%3Csip%3A%2B380501112233%40carrier%3E%3Btag%3D1",
                        "variable_sip_to_uri: 100%40exchange",
                        "variable_sip_network_port: 5070",
                        "variable_sip_i_diversion: ARRAY%3A%3A%3Csip%3A0441%40a%3E%3Breason%3Duser-busy|%3A%3Csip%3A0442%40a%3E",
                        "variable_sip_P-Asserted-Identity: %2B380500000000",
                        "variable_sip_history_info: %3Csip%3A1%40a%3E%3Bindex%3D1,%20%3Csip%3A2%40a%3E%3Bindex%3D1.1",
                        "variable_sip_user_agent: phone%2F1",
                        "variable_sip_h_X-Secret: no",
                        "variable_switch_r_sdp: v%3D0%0D%0A");
        HandedCall call = call("u1");
        assertThat(call.parties().caller().number()).isEqualTo("+380501112233");
        assertThat(call.parties().caller().displayName()).isEqualTo("Ivan P");
        assertThat(call.parties().called().user()).isEqualTo("4711");
        assertThat(call.parties().to().user()).isEqualTo("100");
        assertThat(Objects.requireNonNull(call.parties().assertedIdentity()).number())
                .isEqualTo("+380500000000");
        assertThat(call.parties().diversions())
                .extracting(each -> each.party().user())
                .containsExactly("0441", "0442");
        assertThat(call.parties().history()).hasSize(2);
        assertThat(call.source().trusted()).isTrue();
        assertThat(call.source().address().getPort()).isEqualTo(5070);
        assertThat(call.headers()).containsKeys("diversion", "user-agent", "p-asserted-identity");
        assertThat(call.headers().toString()).doesNotContain("no");
        IncomingCall incoming = call.toIncomingCall();
        assertThat(incoming.sdpOffer()).isEqualTo("v=0\r\n");
        assertThat(incoming.networkCallId()).isEqualTo("call-u1");
        assertThatThrownBy(call::toIncomingCall).hasMessageContaining("offered already");
        assertThat(test.board().fabric().channelOf(call.id())).isNotNull();
    }

    @Test
    void aStrangerAssertsNothing() throws IOException {
        new Channel("u1")
                .handed(
                        "variable_sip_received_ip: 127.0.0.1",
                        "variable_sip_h_Diversion: %3Csip%3A0441%40a%3E",
                        "variable_sip_P-Asserted-Identity: 0500");
        Channel stranger = new Channel("u2");
        assertThat(stranger.read()).containsExactly("connect");
        stranger.write("""
                Content-Type: command/reply
                Reply-Text: +OK
                Socket-Mode: async
                Control: full
                Unique-ID: u2
                variable_sip_network_ip: 203.0.113.7
                variable_sip_h_Diversion: %3Csip%3A0441%40a%3E

                """);
        assertThat(call("u1").parties().diversions()).hasSize(1);
        HandedCall call = call("u2");
        assertThat(call.isTrusted()).isFalse();
        assertThat(call.parties().diversions()).isEmpty();
        assertThat(call.headers()).doesNotContainKey("diversion");
        assertThat(call.toIncomingCall().sdpOffer()).isEmpty();
    }

    @Test
    void aLegRingsAnswersAndHearsTheCallerHangUp() throws IOException {
        Channel channel = new Channel("u1").handed().subscribed();
        IncomingCall incoming = call("u1").toIncomingCall();
        Heard heard = new Heard();
        incoming.leg().listen(heard);
        incoming.leg().ring();
        incoming.leg().answer("ignored");
        assertThat(channel.read()).contains("sendmsg u1", "execute-app-name: ring_ready");
        channel.ok();
        assertThat(channel.read()).contains("execute-app-name: answer");
        channel.ok();
        channel.event("CHANNEL_ANSWER", Map.of());
        channel.event("CHANNEL_HANGUP", Map.of("Hangup-Cause", "NORMAL_CLEARING"));
        channel.event("CHANNEL_HANGUP_COMPLETE", Map.of("Hangup-Cause", "NORMAL_CLEARING"));
        await().untilAsserted(() -> assertThat(heard.words).containsExactly("confirmed null", "hungUp"));
        assertThat(channel.read()).containsExactly("exit");
        await().until(() -> test.board().figures().handed() == 0);
    }

    @Test
    void whoGivesUpBeforeTheAnswerCancelled() throws IOException {
        Channel channel = new Channel("u1").handed().subscribed();
        IncomingCall incoming = call("u1").toIncomingCall();
        channel.event("CHANNEL_HANGUP", Map.of("Hangup-Cause", "ORIGINATOR_CANCEL"));
        Heard heard = new Heard();
        incoming.leg().listen(heard);
        await().untilAsserted(() -> assertThat(heard.words).containsExactly("cancelled"));
        incoming.leg().end(HangupCause.NORMAL);
    }

    @Test
    void anEndSaysWhy() throws IOException {
        Channel channel = new Channel("u1").handed().subscribed();
        IncomingCall incoming = call("u1").toIncomingCall();
        Heard heard = new Heard();
        incoming.leg().listen(heard);
        incoming.leg().end(HangupCause.BUSY);
        incoming.leg().end(HangupCause.NORMAL);
        assertThat(channel.read()).containsExactly("sendmsg u1", "call-command: hangup", "hangup-cause: USER_BUSY");
        channel.ok();
        channel.event("CHANNEL_HANGUP", Map.of("Hangup-Cause", "USER_BUSY"));
        await().until(() -> test.board().figures().handed() == 0);
        assertThat(heard.words).isEmpty();
    }

    @Test
    void aSocketThatBreaksLosesTheCall() throws Exception {
        Channel channel = new Channel("u1").handed().subscribed();
        IncomingCall incoming = call("u1").toIncomingCall();
        Heard heard = new Heard();
        incoming.leg().listen(heard);
        SwitchChannel own = Objects.requireNonNull(test.board().fabric().channelOf(incoming.id()));
        CompletableFuture<String> waiting = own.execute("playback", "x").toCompletableFuture();
        channel.read();
        channel.socket.close();
        await().untilAsserted(() -> assertThat(heard.words).containsExactly("lost MEDIA_UNAVAILABLE"));
        assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS)).hasMessageContaining("EventSocketException");
        await().until(() -> test.board().figures().handed() == 0);
    }

    @Test
    void aHundredCallsDoNotHearEachOther() throws Exception {
        List<Channel> channels = new ArrayList<>();
        for (int i = 0; i < 100; i++) channels.add(new Channel("u" + i).handed().subscribed());
        await().until(() -> calls.size() == 100);
        for (int i = 0; i < 100; i++) {
            SwitchChannel own = Objects.requireNonNull(
                    test.board().fabric().channelOf(call("u" + i).id()));
            assertThat(own.uuid()).isEqualTo("u" + i);
            CompletableFuture<String> done = own.execute("set", "n=" + i).toCompletableFuture();
            List<String> command = channels.get(i).read();
            assertThat(command).contains("execute-app-arg: n=" + i);
            String id = command.get(command.size() - 1).substring("Event-UUID: ".length());
            channels.get(i).ok();
            channels.get(i)
                    .event("CHANNEL_EXECUTE_COMPLETE", Map.of("Application-UUID", id, "Application-Response", "r" + i));
            assertThat(done.get(5, TimeUnit.SECONDS)).isEqualTo("r" + i);
        }
    }

    @Test
    void oneCallTooManyHears503() throws Exception {
        for (int i = 0; i < 110; i++) new Channel("u" + i).handed().subscribed();
        await().until(() -> test.board().figures().handed() == 110);
        Channel oneMore = new Channel("x").handed();
        assertThat(oneMore.read()).contains("hangup-cause: SWITCH_CONGESTION");
        await().until(() -> test.board().figures().refused() == 1);
        assertThat(test.told()).anyMatch(text -> text.contains("firefly.freeswitch.max-sessions"));
    }

    @Test
    void aCallThatLastsTooLongIsEnded() throws Exception {
        test.close();
        test = new TestFabric(TestFabric.settings(List.of(), "127.0.0.1:0", Duration.ofSeconds(1)));
        test.board().door().open(calls::add);
        Channel channel = new Channel("u1").handed().subscribed();
        call("u1");
        assertThat(channel.read()).contains("hangup-cause: ALLOTTED_TIMEOUT");
    }

    @Test
    void aSocketThatIsNotAsyncFullIsToldWhatToChange() throws Exception {
        Channel channel = new Channel("u1");
        channel.read();
        channel.write("""
                Content-Type: command/reply
                Reply-Text: +OK
                Socket-Mode: static
                Control: single-channel
                Unique-ID: u1

                """);
        assertThat(channel.read()).contains("hangup-cause: NORMAL_TEMPORARY_FAILURE");
        assertThat(test.told()).anyMatch(text -> text.contains("async full"));
        assertThat(calls).isEmpty();
    }

    @Test
    void theSocketOfAForgottenInviteIsEnded() throws Exception {
        Channel channel = new Channel("u1").handed("variable_sip_user_agent: drachtio-fsmrf%3Anobody");
        assertThat(channel.read()).contains("hangup-cause: UNALLOCATED_NUMBER");
        assertThat(calls).isEmpty();
    }

    @Test
    void whoSaysNothingIsNotWaitedForForEver() throws Exception {
        Channel channel = new Channel("u1");
        assertThat(channel.read()).containsExactly("connect");
        assertThat(channel.reader.readLine()).as("closed").isNull();
        await().until(() -> test.board().figures().sockets() == 0);
    }

    @Test
    void theSocketOfAnInviteOfOursIsOnlyKept() throws Exception {
        test.close();
        try (FakeSwitch fake = FakeSwitch.start()) {
            test = new TestFabric(TestFabric.settings(List.of(TestFabric.node(fake)), "127.0.0.1:0"));
            test.board().door().open(calls::add);
            var node = test.board().fabric().nodes().get(0);
            await().until(() -> node.health().up());
            CompletionStage<SwitchChannel> waiting = test.board().fabric().channelOf(node, "call-u1");
            Channel channel =
                    new Channel("u1").handed("Core-UUID: core-1", "variable_sip_user_agent: drachtio-fsmrf%3Acall-u1");
            SwitchChannel found = waiting.toCompletableFuture().get(5, TimeUnit.SECONDS);
            assertThat(found.uuid()).isEqualTo("u1");
            assertThat(found.node()).isSameAs(node);
            assertThat(test.board().figures().sockets()).isEqualTo(1);
            assertThat(calls).isEmpty();
            assertThat(channel.lines).containsExactly("connect");
        }
    }
}

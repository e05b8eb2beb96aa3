package io.firefly.voip.camel.freeswitch.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.camel.freeswitch.esl.FakeSwitch;
import io.firefly.voip.media.freeswitch.EventSocketException;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import io.firefly.voip.media.freeswitch.SwitchNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fabric over real sockets and a switch that says what it is told to say. */
class EslFabricTest {
    private FakeSwitch fake;
    private TestFabric test;

    @BeforeEach
    void start() throws IOException {
        fake = FakeSwitch.start();
        test = TestFabric.to(fake);
    }

    @AfterEach
    void stop() throws IOException {
        test.close();
        fake.close();
    }

    private SwitchNode node() {
        return test.fabric().nodes().get(0);
    }

    private void up() {
        await().atMost(Duration.ofSeconds(5)).until(() -> node().health().up());
    }

    private void down() {
        await().atMost(Duration.ofSeconds(5)).until(() -> !node().health().up());
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private static void assertFails(CompletionStage<?> stage, String... words) {
        assertThatThrownBy(() -> stage.toCompletableFuture().get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(EventSocketException.class)
                .message()
                .contains(words);
    }

    /** Writes down what a channel's listener hears. */
    static class Heard implements SwitchChannel.Listener {
        final List<String> words = new CopyOnWriteArrayList<>();

        @Override
        public void dtmf(char digit, int millis) {
            words.add("dtmf " + digit + " " + millis);
        }

        @Override
        public void bridged(String otherUuid) {
            words.add("bridged " + otherUuid);
        }

        @Override
        public void unbridged() {
            words.add("unbridged");
        }

        @Override
        public void custom(String subclass, String body) {
            words.add(subclass + " " + body);
        }

        @Override
        public void hungUp(HangupCause cause, String switchCause) {
            words.add("hungUp " + cause + " " + switchCause);
        }

        @Override
        public void lost(String why) {
            words.add("lost " + why);
        }
    }

    private SwitchChannel channel(String uuid) throws Exception {
        CompletionStage<SwitchChannel> found = test.fabric().channelOf(node(), "call-" + uuid);
        answered(uuid);
        return get(found);
    }

    private void answered(String uuid) throws IOException {
        fake.tell(
                "CHANNEL_ANSWER",
                Map.of("Unique-ID", uuid, "variable_sip_call_id", "call-" + uuid, "variable_x", "a+b c"));
    }

    @Test
    void aNodeIsUpWhenItTookThePasswordAndTheSubscription() {
        up();
        assertThat(fake.lines()).startsWith("auth secret").anyMatch(line -> line.startsWith("event plain HEARTBEAT"));
        assertThat(node().health().note()).isEmpty();
    }

    @Test
    void aHeartbeatSaysHowBusyANodeIs() throws IOException {
        up();
        fake.tell(
                "HEARTBEAT",
                Map.of("Core-UUID", "core-1", "Session-Count", "7", "Max-Sessions", "1000", "Idle-CPU", "93.5"));
        await().untilAsserted(() -> {
            assertThat(node().health().sessions()).isEqualTo(7);
            assertThat(node().health().maxSessions()).isEqualTo(1000);
            assertThat(node().health().idleCpu()).isEqualTo(93.5);
        });
        node().drain(true);
        assertThat(node().health().draining()).isTrue();
        assertThat(node().health().sessions()).isEqualTo(7);
    }

    @Test
    void aWrongPasswordIsToldWithTheSettingToFix() throws IOException {
        up();
        fake.password("another").cut();
        await().until(() ->
                node().health().note().contains("closed") || !node().health().up());
        await().untilAsserted(() ->
                assertThat(test.told()).anyMatch(text -> text.contains("firefly.freeswitch.nodes[].password")));
        fake.password("secret");
        up();
        assertThat(test.told().stream().filter(text -> text.contains("refuses our password")))
                .as("once, however often it was tried")
                .hasSize(1);
    }

    @Test
    void anAddressThatIsNotAllowedIsToldWithTheSettingToFix() throws IOException {
        up();
        fake.rude(true).cut();
        await().untilAsserted(() -> assertThat(test.told()).anyMatch(text -> text.contains("apply-inbound-acl")));
        fake.rude(false);
        up();
    }

    @Test
    void whatDoesNotGreetIsNoEventSocket() throws IOException {
        up();
        fake.mute(true).cut();
        await().atMost(Duration.ofSeconds(8)).untilAsserted(() -> assertThat(test.told())
                .anyMatch(text -> text.contains("the port of an event socket?")));
    }

    @Test
    void repliesBelongToTheirCommands() throws Exception {
        up();
        fake.answer("echo", got -> got.line().substring(11));
        List<CompletableFuture<String>> answers = IntStream.range(0, 1000)
                .mapToObj(i -> node().api("echo", "n" + i).toCompletableFuture())
                .toList();
        for (int i = 0; i < 1000; i++) assertThat(get(answers.get(i))).isEqualTo("n" + i);
    }

    @Test
    void aRefusedCommandFails() {
        up();
        fake.answer("nosuch", got -> "-ERR nosuch Command not found!\n");
        fake.answer("uuid_kill", got -> "-USAGE: <uuid> [cause]\n");
        assertFails(node().api("nosuch", ""), "nosuch: FreeSWITCH answered -ERR nosuch Command not found!");
        assertFails(node().api("uuid_kill", ""), "-USAGE");
    }

    @Test
    void anEmptyAnswerIsNoFailure() throws Exception {
        up();
        fake.answer("quiet", got -> "-ERR no reply\n").answer("empty", got -> "");
        assertThat(get(node().api("quiet", ""))).isEmpty();
        assertThat(get(node().api("empty", ""))).isEmpty();
    }

    @Test
    void aCommandThatNeverEndsFails() {
        up();
        fake.answer("forever", got -> "(never)");
        assertFails(node().api("forever", ""), "forever", "not done within");
        assertThat(node().health().up()).isTrue();
    }

    @Test
    void noLineBreakGetsIntoACommand() throws Exception {
        up();
        assertThatThrownBy(() -> node().api("status", "x\n\napi system id"))
                .isInstanceOf(IllegalArgumentException.class);
        SwitchChannel channel = channel("u1");
        assertThatThrownBy(() -> channel.execute("playback", "${system id}"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(fake.lines()).noneMatch(line -> line.contains("system"));
    }

    @Test
    void aChannelIsFoundByTheCallIdOfOurInvite() throws Exception {
        up();
        SwitchChannel channel = channel("u1");
        assertThat(channel.uuid()).isEqualTo("u1");
        assertThat(channel.variable("x")).isEqualTo("a+b c");
        assertThat(channel.variable("y")).isNull();
        assertThat(channel.node()).isSameAs(node());
    }

    @Test
    void aChannelThatDoesNotComeIsNotWaitedForForEver() {
        up();
        assertFails(test.fabric().channelOf(node(), "nobody"), "no channel for our INVITE", "answer-within");
    }

    @Test
    void whoGaveUpWaitingHearsNothing() throws Exception {
        up();
        CompletionStage<SwitchChannel> waiting = test.fabric().channelOf(node(), "call-u9");
        test.fabric().forget("call-u9");
        assertThat(waiting.toCompletableFuture()).isCancelled();
        answered("u9");
        assertThat(test.fabric().ownNodes().get(0).channels()).isZero();
    }

    @Test
    void aListenerHearsWhatHappenedBeforeItCame() throws Exception {
        up();
        SwitchChannel channel = channel("u1");
        fake.tell("DTMF", Map.of("Unique-ID", "u1", "DTMF-Digit", "#", "DTMF-Duration", "640"));
        fake.tell("CHANNEL_BRIDGE", Map.of("Unique-ID", "u1", "Bridge-A-Unique-ID", "u1", "Bridge-B-Unique-ID", "u0"));
        fake.tell("CUSTOM", Map.of("Unique-ID", "u1", "Event-Subclass", "mod_x::y"), "{\"a\":\"%2\"}");
        Heard heard = new Heard();
        channel.listen(heard);
        fake.tell("CHANNEL_UNBRIDGE", Map.of("Unique-ID", "u1"));
        fake.tell("CHANNEL_HANGUP", Map.of("Unique-ID", "u1", "Hangup-Cause", "MEDIA_TIMEOUT"));
        fake.tell("CHANNEL_HANGUP_COMPLETE", Map.of("Unique-ID", "u1", "Hangup-Cause", "MEDIA_TIMEOUT"));
        await().untilAsserted(() -> assertThat(heard.words)
                .containsExactly(
                        "dtmf # 80",
                        "bridged u0",
                        "mod_x::y {\"a\":\"%2\"}",
                        "unbridged",
                        "hungUp MEDIA_TIMEOUT MEDIA_TIMEOUT"));
        assertFails(channel.execute("playback", "x"), "gone");
        assertThat(test.fabric().ownNodes().get(0).channels()).isZero();
    }

    @Test
    void aBridgeIsToldOnceAndHeardByBoth() throws Exception {
        up();
        Heard first = new Heard();
        Heard second = new Heard();
        channel("u1").listen(first);
        channel("u2").listen(second);
        fake.tell("CHANNEL_BRIDGE", Map.of("Unique-ID", "u1", "Bridge-A-Unique-ID", "u1", "Bridge-B-Unique-ID", "u2"));
        await().untilAsserted(() -> {
            assertThat(first.words).containsExactly("bridged u2");
            assertThat(second.words).containsExactly("bridged u1");
        });
    }

    @Test
    void anApplicationIsOverWhenFreeSwitchSaysSo() throws Exception {
        up();
        SwitchChannel channel = channel("u1");
        CompletionStage<String> played = channel.execute("playback", "/a.wav");
        await().until(() -> fake.lines().contains("sendmsg u1"));
        String id = fake.got().stream()
                .filter(got -> got.line().equals("sendmsg u1"))
                .findFirst()
                .orElseThrow()
                .headers()
                .get("Event-UUID");
        assertThat(played.toCompletableFuture()).isNotDone();
        fake.tell(
                "CHANNEL_EXECUTE_COMPLETE",
                Map.of("Unique-ID", "u1", "Application-UUID", id, "Application-Response", "FILE PLAYED"));
        assertThat(get(played)).isEqualTo("FILE PLAYED");
    }

    @Test
    void anApplicationEndsWithItsChannel() throws Exception {
        up();
        CompletionStage<String> played = channel("u1").execute("playback", "/a.wav");
        fake.tell("CHANNEL_HANGUP_COMPLETE", Map.of("Unique-ID", "u1", "Hangup-Cause", "NORMAL_CLEARING"));
        assertFails(played, "the channel is gone");
    }

    @Test
    void aRefusedApplicationFails() throws Exception {
        up();
        SwitchChannel channel = channel("u1");
        fake.answer("sendmsg", got -> "-ERR invalid session id [u1]");
        assertFails(channel.execute("playback", "x"), "invalid session id");
    }

    @Test
    void callsOutliveACutLink() throws Exception {
        up();
        SwitchChannel stays = channel("u1");
        SwitchChannel goes = channel("u2");
        Heard stayed = new Heard();
        Heard gone = new Heard();
        stays.listen(stayed);
        goes.listen(gone);
        fake.answer("show", got -> "{\"row_count\":1,\"rows\":[{\"uuid\":\"u1\",\"name\":\"x\"}]}");
        fake.answer("uuid_exists", got -> "false");
        CompletionStage<String> waiting = stays.execute("playback", "x");
        fake.cut();
        assertFails(waiting, "closed");
        await().untilAsserted(
                        () -> assertThat(gone.words).singleElement().asString().startsWith("lost "));
        up();
        fake.tell("DTMF", Map.of("Unique-ID", "u1", "DTMF-Digit", "1", "DTMF-Duration", "800"));
        await().untilAsserted(() -> assertThat(stayed.words).containsExactly("dtmf 1 100"));
        assertThat(test.reconnects()).isEqualTo(1);
    }

    @Test
    void aChannelThatIsNotListedYetIsAskedFor() throws Exception {
        up();
        Heard heard = new Heard();
        channel("u1").listen(heard);
        fake.answer("show", got -> "{\"row_count\":0}").answer("uuid_exists", got -> "true");
        fake.cut();
        await().atMost(Duration.ofSeconds(5))
                .until(() -> fake.lines().stream().anyMatch(line -> line.startsWith("bgapi uuid_exists")));
        fake.tell("DTMF", Map.of("Unique-ID", "u1", "DTMF-Digit", "1", "DTMF-Duration", "800"));
        await().untilAsserted(() -> assertThat(heard.words).containsExactly("dtmf 1 100"));
    }

    @Test
    void aHangUpThatFoundNoLinkIsMadeUpFor() throws Exception {
        up();
        SwitchChannel channel = channel("u1");
        fake.answer("show", got -> "{\"row_count\":1,\"rows\":[{\"uuid\":\"u1\"}]}");
        fake.stop();
        down();
        channel.hangUp(HangupCause.BUSY);
        fake.restart();
        await().atMost(Duration.ofSeconds(8)).until(() -> fake.got().stream()
                .anyMatch(got -> got.line().equals("sendmsg u1")
                        && "USER_BUSY".equals(got.headers().get("hangup-cause"))));
    }

    @Test
    void aFreeSwitchThatWasStartedAnewLostItsCalls() throws Exception {
        up();
        Heard heard = new Heard();
        channel("u1").listen(heard);
        fake.core("core-2").cut();
        await().untilAsserted(
                        () -> assertThat(heard.words).singleElement().asString().contains("started anew"));
    }

    @Test
    void aHeartbeatOfAnotherCoreIsARestart() throws Exception {
        up();
        Heard heard = new Heard();
        channel("u1").listen(heard);
        fake.core("core-2").tell("HEARTBEAT", Map.of("Core-UUID", "core-2"));
        await().untilAsserted(
                        () -> assertThat(heard.words).singleElement().asString().contains("started anew"));
        up();
    }

    @Test
    void aNodeThatIsGoneTakesItsCallsWithIt() throws Exception {
        up();
        Heard heard = new Heard();
        channel("u1").listen(heard);
        CompletionStage<SwitchChannel> waiting = test.fabric().channelOf(node(), "never");
        fake.stop();
        assertFails(waiting, "was lost");
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(
                        () -> assertThat(heard.words).singleElement().asString().contains("is gone"));
        assertThat(node().health().note()).contains("nobody listens at");
        assertFails(node().api("status", ""), "not connected");
        assertFails(test.fabric().channelOf(node(), "x"), "not connected");
    }

    @Test
    void aSilentNodeIsFoundOut() throws Exception {
        up();
        fake.mute(true);
        down();
        assertThat(fake.lines()).contains("api uptime ".strip());
        assertThat(node().health().note()).contains("not answered");
        fake.mute(false);
        up();
    }

    @Test
    void missedHeartbeatsAreFoundOut() throws Exception {
        up();
        fake.tell("HEARTBEAT", Map.of("Core-UUID", "core-1"));
        fake.tell("HEARTBEAT", Map.of("Core-UUID", "core-1"));
        await().atMost(Duration.ofSeconds(8)).until(() -> test.reconnects() == 1);
        assertThat(test.told()).anyMatch(text -> text.contains("no HEARTBEAT"));
    }

    @Test
    void nonsenseClosesTheConnectionWithAClearWord() throws Exception {
        up();
        fake.raw("Content-Type: text/event-plain\nContent-Length: -5\n\n");
        await().until(() -> test.reconnects() == 1);
        assertThat(test.told()).anyMatch(text -> text.contains("Content-Length '-5'"));
        up();
    }

    @Test
    void aReplyThatNobodyAskedForBreaksTheOrderAndSoTheConnection() throws Exception {
        up();
        fake.raw("Content-Type: command/reply\nReply-Text: +OK\n\n");
        await().until(() -> test.reconnects() == 1);
    }

    @Test
    void whatOverflowsIsCountedAndHangUpsAreKept() throws Exception {
        up();
        SwitchChannel channel = channel("u1");
        CompletableFuture<Void> mayGoOn = new CompletableFuture<>();
        List<String> heard = new CopyOnWriteArrayList<>();
        channel.listen(new Heard() {
            @Override
            public void dtmf(char digit, int millis) {
                mayGoOn.join();
                heard.add("dtmf");
            }

            @Override
            public void hungUp(HangupCause cause, String switchCause) {
                heard.add("hungUp");
            }
        });
        for (int i = 0; i < 300; i++)
            fake.tell("DTMF", Map.of("Unique-ID", "u1", "DTMF-Digit", "1", "DTMF-Duration", "800"));
        fake.tell("CHANNEL_HANGUP", Map.of("Unique-ID", "u1", "Hangup-Cause", "NORMAL_CLEARING"));
        await().until(() -> test.workers().dropped() > 100);
        mayGoOn.complete(null);
        await().untilAsserted(() -> assertThat(heard).endsWith("hungUp"));
        assertThat(heard).hasSizeLessThan(200);
    }
}

package io.firefly.voip.camel.freeswitch.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The fabric over real sockets and a switch that says what it is told to say. */
class EslFabricTest extends FabricOnTest {
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
    void whatIsQueuedWaitsForItsTurnAndIsEndedPastTheQueue() throws Exception {
        up();
        SwitchChannel channel = channel("u1");
        CompletionStage<String> played = channel.queue("playback", "/a.r8");
        await().until(() -> fake.got().stream()
                .anyMatch(got -> got.line().equals("sendmsg u1")
                        && "true".equals(got.headers().get("event-lock"))));
        channel.dropQueued();
        await().until(() -> fake.lines().contains("bgapi uuid_break u1 all"));
        assertThat(played.toCompletableFuture().cancel(false)).isTrue();
        channel.hangUp(HangupCause.BUSY);
        await().until(() -> fake.lines().contains("bgapi uuid_kill u1 USER_BUSY"));
        channel.dropQueued();
        assertFails(channel.queue("playback", "/b.r8"), "gone");
        assertThat(fake.lines()).containsOnlyOnce("bgapi uuid_break u1 all");
    }
}

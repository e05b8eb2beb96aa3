package io.firefly.voip.camel.freeswitch.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Links that are cut, nodes that die, frames that cannot be. */
class EslLinkLossTest extends FabricOnTest {
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

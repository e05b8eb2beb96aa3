package io.firefly.voip.camel.freeswitch.board;

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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A fabric with one node, which is a stand-in for FreeSWITCH on a real socket. */
abstract class FabricOnTest {
    FakeSwitch fake;
    TestFabric test;

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

    SwitchNode node() {
        return test.fabric().nodes().get(0);
    }

    void up() {
        await().atMost(Duration.ofSeconds(5)).until(() -> node().health().up());
    }

    void down() {
        await().atMost(Duration.ofSeconds(5)).until(() -> !node().health().up());
    }

    static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    static void assertFails(CompletionStage<?> stage, String... words) {
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

    SwitchChannel channel(String uuid) throws Exception {
        CompletionStage<SwitchChannel> found = test.fabric().channelOf(node(), "call-" + uuid);
        answered(uuid);
        return get(found);
    }

    void answered(String uuid) throws IOException {
        fake.tell(
                "CHANNEL_ANSWER",
                Map.of("Unique-ID", uuid, "variable_sip_call_id", "call-" + uuid, "variable_x", "a+b c"));
    }
}

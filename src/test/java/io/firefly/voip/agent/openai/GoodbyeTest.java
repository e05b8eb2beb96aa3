package io.firefly.voip.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GoodbyeTest {
    private final Rig rig = new Rig().talking();

    @AfterEach
    void close() {
        rig.close();
    }

    private void answer(int tool, String output) {
        rig.toolAnswers.get(tool).complete(output);
        rig.drain();
    }

    private List<String> outputs() {
        return rig.sent("conversation.item.create").stream()
                .map(e -> e.path("item").path("call_id").asText() + " "
                        + e.path("item").path("output").asText())
                .toList();
    }

    private CompletableFuture<Void> goodbye() {
        CompletableFuture<Void> told = rig.session.sayGoodbye().toCompletableFuture();
        rig.drain();
        return told;
    }

    private void assertIgnoresTheCaller() {
        JsonNode input =
                rig.last("session.update").path("session").path("audio").path("input");
        assertThat(input.path("turn_detection").isNull()).isTrue();
        assertThat(rig.pump().feeds()).isZero();
    }

    @Test
    void aGoodbyeInTheResponseThatCalledTheToolIsTheGoodbye() {
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 400);
        rig.callsTool("resp_1", "call_a", "hang_up", "{}");
        CompletableFuture<Void> told = goodbye();
        answer(0, "{\"ok\":true}");
        assertThat(told).isNotDone();

        rig.done("resp_1", "completed");

        assertThat(told).isCompleted();
        assertThat(outputs()).containsExactly("call_a {\"ok\":true}");
        assertThat(rig.sent("response.create")).isEmpty();
        assertIgnoresTheCaller();
    }

    @Test
    void aGoodbyeThatIsGeneratedAlreadyIsNotRepeated() {
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 400);
        rig.callsTool("resp_1", "call_a", "hang_up", "{}");
        rig.done("resp_1", "completed");

        assertThat(goodbye()).isCompleted();

        answer(0, "ok");
        assertThat(rig.sent("response.create")).isEmpty();
    }

    @Test
    void withoutSoundOneShortGoodbyeIsAskedFor() {
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "hang_up", "{}");
        CompletableFuture<Void> told = goodbye();
        answer(0, "ok");
        rig.done("resp_1", "completed");

        JsonNode create = rig.last("response.create").path("response");
        assertThat(create.path("instructions").asText())
                .startsWith("You are the reception.")
                .contains("language: de")
                .contains("one short goodbye");
        assertThat(create.path("tool_choice").asText()).isEqualTo("none");
        assertThat(told).isNotDone();
        rig.responds("resp_2", rig.lastId("response.create"));
        rig.says("resp_2", "item_2", 400);
        rig.done("resp_2", "completed");

        assertThat(told).isCompleted();
        assertThat(rig.sent("response.create")).hasSize(1);
        assertThat(rig.mouth.queuedMillis()).isEqualTo(400);
    }

    @Test
    void whatTheCallerSaysIntoTheGoodbyeIsIgnored() {
        CompletableFuture<Void> told = goodbye();
        rig.responds("resp_2", rig.lastId("response.create"));
        rig.says("resp_2", "item_2", 400);

        rig.speechStarted("item_u");
        rig.speechStopped("item_u", "");
        rig.says("resp_2", "item_2", 400);
        rig.done("resp_2", "completed");

        assertThat(rig.mouth.interruptions).isZero();
        assertThat(rig.mouth.queuedMillis()).isEqualTo(800);
        assertThat(told).isCompleted();
    }

    @Test
    void aGoodbyeThatWasInterruptedAtTheLastMomentIsSaidAgain() {
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 400);
        CompletableFuture<Void> told = goodbye();

        rig.done("resp_1", "cancelled");

        assertThat(told).isNotDone();
        assertThat(rig.sent("response.create")).hasSize(1);
        rig.responds("resp_2", rig.lastId("response.create"));
        rig.done("resp_2", "failed");
        assertThat(told).isCompleted();
        assertThat(rig.failures).isEmpty();
    }

    @Test
    void aGoodbyeThatRacesWithTheProvidersAnswerTakesThatForIt() {
        rig.speechStarted("item_u");
        rig.speechStopped("item_u", "");
        CompletableFuture<Void> told = goodbye();
        rig.responds("resp_vad", "");
        rig.error("conversation_already_has_active_response", rig.lastId("response.create"), "resp_vad in progress");
        rig.says("resp_vad", "item_1", 300);

        rig.done("resp_vad", "completed");

        assertThat(told).isCompleted();
        assertThat(rig.sent("response.create")).hasSize(1);
    }

    @Test
    void theGuardEndsAGoodbyeThatNeverComes() {
        CompletableFuture<Void> told = goodbye();

        rig.advance(Duration.ofSeconds(11));

        assertThat(told).isCompleted();
        assertThat(rig.failures).isEmpty();
    }

    @Test
    void afterTheGoodbyeWasAskedForNoTurnBegins() {
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "transfer", "{}");
        rig.done("resp_1", "completed");
        CompletableFuture<Void> told = goodbye();
        rig.responds("resp_2", rig.lastId("response.create"));
        rig.says("resp_2", "item_2", 100);
        rig.done("resp_2", "completed");
        answer(0, "late");
        rig.session.dtmf('5');
        rig.drain();
        rig.advance(Duration.ofSeconds(5));

        assertThat(told).isCompleted();
        assertThat(rig.sent("response.create")).hasSize(1);
    }

    @Test
    void aSessionThatIsOverNeedsNoGoodbye() {
        rig.serverCloses(1006, null);

        assertThat(goodbye()).isCompleted();
    }

    @Test
    void aSessionThatEndsCompletesItsGoodbye() {
        CompletableFuture<Void> told = goodbye();

        rig.session.close();

        assertThat(told).isCompleted();
    }

    @Test
    void aProviderThatHangsUpWhileTheGoodbyePlaysIsNoFailure() {
        CompletableFuture<Void> told = goodbye();
        rig.responds("resp_2", rig.lastId("response.create"));
        rig.says("resp_2", "item_2", 4_000);
        rig.done("resp_2", "completed");

        rig.serverCloses(1001, "bye");

        assertThat(told).isCompleted();
        assertThat(rig.failures).isEmpty();
        assertThat(rig.mouth.interruptions).isZero();
        assertThat(rig.left).isEqualTo(1);
    }

    @Test
    void aProviderThatBreaksBeforeItsGoodbyeEndsTheWaitForIt() {
        CompletableFuture<Void> told = goodbye();

        rig.error("session_expired", "", "over");

        assertThat(told).isCompleted();
        assertThat(rig.failures).isEmpty();
    }

    @Test
    void aToolThatEndsTheCallIsNotSpokenAboutWhileTheOrderToEndIsOnItsWay() {
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 400);
        rig.callsTool("resp_1", "call_a", "hang_up", "{}");
        rig.done("resp_1", "completed");
        answer(0, "{\"status\":\"ending\"}");
        rig.mouth.play(400);
        assertThat(rig.sent("response.create")).isEmpty();

        assertThat(goodbye()).isCompleted();

        assertThat(rig.sent("response.create")).as("a second goodbye").isEmpty();
    }

    @Test
    void aToolThatEndsTheCallInSilenceIsFollowedByOneGoodbye() {
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "hang_up", "{}");
        rig.callsTool("resp_1", "call_b", "hang_up", "{}");
        answer(0, "{\"status\":\"ending\"}");
        answer(1, "{\"status\":\"ending\"}");
        rig.done("resp_1", "completed");
        assertThat(rig.sent("response.create")).isEmpty();

        CompletableFuture<Void> told = goodbye();

        assertThat(told).isNotDone();
        assertThat(rig.sent("response.create")).hasSize(1);
        assertThat(outputs()).hasSize(2);
    }
}

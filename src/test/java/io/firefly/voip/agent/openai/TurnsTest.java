package io.firefly.voip.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may ask for a response when, and tools, which ask for most of them. */
class TurnsTest {
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

    @Test
    void theAnswerOfAToolIsFollowedByOneResponseOnceTheCallingOneIsDone() {
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "transfer", "{\"to\":\"sales\"}");
        answer(0, "{\"ok\":true}");
        assertThat(outputs()).containsExactly("call_a {\"ok\":true}");
        assertThat(rig.sent("response.create")).isEmpty();

        rig.done("resp_1", "completed");

        assertThat(rig.sent("response.create")).hasSize(1);
        assertThat(rig.toolCalls.get(0).name()).isEqualTo("transfer");
        assertThat(rig.toolCalls.get(0).argumentsJson()).isEqualTo("{\"to\":\"sales\"}");
        assertThat(rig.toolCalls.get(0).callId().value()).isEqualTo("call-1");
    }

    @Test
    void severalToolsOfOneResponseAreFollowedByOneResponse() {
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "transfer", "{}");
        rig.callsTool("resp_1", "call_b", "transfer", "");
        rig.callsTool("resp_1", "call_a", "transfer", "{}");
        rig.done("resp_1", "completed");
        answer(1, "b");
        assertThat(rig.sent("response.create")).isEmpty();

        answer(0, "a");

        assertThat(outputs()).containsExactly("call_b b", "call_a a");
        assertThat(rig.sent("response.create")).hasSize(1);
    }

    @Test
    void argumentsThatAreNoObjectAreAnsweredWithoutRunningTheTool() {
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "transfer", "{broken");
        rig.callsTool("resp_1", "call_b", "transfer", "[1]");
        rig.callsTool("resp_1", "call_c", "transfer", "{\"to\":\"" + "x".repeat(20_000) + "\"}");
        rig.callsTool("resp_1", "call/d", "transfer", "{}");
        rig.done("resp_1", "completed");

        assertThat(rig.toolCalls).isEmpty();
        assertThat(outputs()).hasSize(3).allMatch(output -> output.contains("\"error\""));
        assertThat(rig.sent("response.create")).hasSize(1);
    }

    @Test
    void aToolThatFailsOrHangsOrTalksTooMuchIsAnErrorTheModelCanSpeakAbout() {
        rig.responds("resp_1", "");
        for (String id : List.of("call_a", "call_b", "call_c")) rig.callsTool("resp_1", id, "transfer", "{}");
        rig.done("resp_1", "completed");
        rig.toolAnswers.get(0).completeExceptionally(new IllegalStateException("planted"));
        answer(1, "x".repeat(100_000));
        assertThat(rig.sent("response.create")).isEmpty();

        rig.advance(Duration.ofSeconds(11));
        answer(2, "too late");

        assertThat(outputs())
                .containsExactly(
                        "call_a {\"error\":\"the tool failed\"}",
                        "call_b {\"error\":\"the answer is too long\"}",
                        "call_c {\"error\":\"timeout: the tool did not answer in time\"}");
        assertThat(rig.sent("response.create")).hasSize(1);
    }

    @Test
    void nothingIsMadeOfTheToolsOfACancelledResponse() {
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "transfer", "{}");
        rig.speechStarted("item_u");
        rig.done("resp_1", "cancelled");
        answer(0, "done");

        assertThat(outputs()).containsExactly("call_a done");
        assertThat(rig.sent("response.create")).isEmpty();
    }

    @Test
    void anIncompleteFunctionCallIsNotRun() {
        rig.responds("resp_1", "");
        rig.server("{'type':'response.output_item.done','response_id':'resp_1','item':{'type':'function_call',"
                + "'status':'incomplete','call_id':'call_a','name':'transfer','arguments':'{}'}}");

        assertThat(rig.toolCalls).isEmpty();
    }

    @Test
    void aModelThatCallsToolsForeverIsStopped() {
        for (int i = 0; i < 9; i++) {
            rig.responds("resp_" + i, i == 0 ? "" : rig.lastId("response.create"));
            rig.callsTool("resp_" + i, "call_" + i, "transfer", "{}");
            answer(i, "again");
            rig.done("resp_" + i, "completed");
        }

        assertThat(rig.sent("response.create")).hasSize(9);
        assertThat(rig.last("response.create")
                        .path("response")
                        .path("tool_choice")
                        .asText())
                .isEqualTo("none");
    }

    @Test
    void aLateAnswerWaitsBehindTheResponseThatIsBeingMade() {
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "transfer", "{}");
        rig.done("resp_1", "completed");
        rig.responds("resp_2", "");
        answer(0, "done");
        assertThat(rig.sent("response.create")).isEmpty();

        rig.done("resp_2", "completed");

        assertThat(rig.sent("response.create")).hasSize(1);
    }

    @Test
    void whileTheCallerSpeaksTheProvidersOwnAnswerTakesTheToolsAnswerWithIt() {
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "transfer", "{}");
        rig.done("resp_1", "completed");
        rig.speechStarted("item_u");
        answer(0, "done");
        rig.speechStopped("item_u", "");
        assertThat(rig.sent("response.create")).isEmpty();

        rig.responds("resp_2", "");
        rig.done("resp_2", "completed");

        assertThat(rig.sent("response.create")).isEmpty();
    }

    @Test
    void aCreateThatLostTheRaceIsTriedAgainWhenTheWinnerIsDone() {
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "transfer", "{}");
        answer(0, "done");
        rig.done("resp_1", "completed");
        String lost = rig.lastId("response.create");
        rig.responds("resp_vad", "");
        rig.error("conversation_already_has_active_response", lost, "resp_vad is in progress");
        assertThat(rig.sent("response.create")).hasSize(1);

        rig.says("resp_vad", "item_vad", 200);
        rig.done("resp_vad", "completed");

        assertThat(rig.sent("response.create")).hasSize(2);
        assertThat(rig.failures).isEmpty();
    }

    @Test
    void aLostRaceWithoutEventIdAndBeforeTheWinnerIsKnownIsFollowedByItsName() {
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "transfer", "{}");
        answer(0, "done");
        rig.done("resp_1", "completed");
        rig.error("conversation_already_has_active_response", "", "active response in progress: resp_vad. Wait");

        rig.responds("resp_vad", "");
        rig.done("resp_vad", "completed");

        assertThat(rig.sent("response.create")).hasSize(2);
    }

    @Test
    void aCreateThatIsAlwaysRefusedIsGivenUp() {
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "transfer", "{}");
        answer(0, "done");
        rig.done("resp_1", "completed");
        for (int i = 0; i < 10 && rig.failures.isEmpty(); i++) {
            rig.error("conversation_already_has_active_response", rig.lastId("response.create"), "in progress");
        }

        assertThat(rig.sent("response.create")).hasSize(4);
        assertThat(rig.failures).hasSize(1);
        assertThat(rig.failures.get(0).fatal()).isFalse();
    }

    @Test
    void aResponseThatCrossedTheCallersOnsetIsCancelledByItsId() {
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "transfer", "{}");
        answer(0, "done");
        rig.done("resp_1", "completed");
        rig.speechStarted("item_u");

        rig.responds("resp_2", rig.lastId("response.create"));
        rig.says("resp_2", "item_2", 200);

        assertThat(rig.last("response.cancel").path("response_id").asText()).isEqualTo("resp_2");
        assertThat(rig.mouth.queuedMillis()).isZero();
        rig.error("response_cancel_not_active", rig.lastId("response.cancel"), "no active response found");
        assertThat(rig.failures).isEmpty();
    }

    @Test
    void theDoneOfAnotherResponseDoesNotFreeTheWay() {
        rig.responds("resp_1", "");
        rig.callsTool("resp_0", "call_a", "transfer", "{}");
        rig.done("resp_other", "completed");
        rig.session.dtmf('1');
        rig.drain();
        rig.advance(Duration.ofSeconds(2));
        assertThat(rig.sent("response.create")).isEmpty();

        rig.done("resp_1", "completed");
        rig.done("resp_1", "completed");

        assertThat(rig.sent("response.create")).hasSize(1);
    }
}

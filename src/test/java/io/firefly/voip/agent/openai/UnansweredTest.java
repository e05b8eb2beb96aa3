package io.firefly.voip.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that leave the caller without a word. */
class UnansweredTest {
    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private void failure(boolean fatal, String words) {
        assertThat(rig.failures).hasSize(1);
        assertThat(rig.failures.get(0).fatal()).isEqualTo(fatal);
        assertThat(rig.failures.get(0).message()).contains(words).contains(": ");
    }

    private void incomplete(String responseId, String reason) {
        rig.server(
                "{'type':'response.done','response':{'id':'%s','status':'incomplete','output':[],"
                        + "'status_details':{'type':'incomplete','reason':'%s'}}}",
                responseId, reason);
    }

    @ParameterizedTest
    @CsvSource({
        "content_filter, withheld the answer",
        "max_output_tokens, firefly.openai.max-output-tokens",
        "something_new, something_new",
    })
    void anIncompleteResponseWithoutSoundIsAskedForAgain(String reason, String words) {
        rig.talking();
        rig.responds("resp_1", "");
        incomplete("resp_1", reason);

        failure(false, words);
    }

    @Test
    void aCompletedResponseWithNeitherSoundNorToolIsAskedForAgain() {
        rig.talking();
        rig.responds("resp_1", "");
        rig.done("resp_1", "completed");

        failure(false, "neither sound nor a tool");
    }

    @Test
    void anIncompleteResponseThatWasHeardAndOneThatOnlyCallsAToolAreAnswers() {
        rig.talking();
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 200);
        incomplete("resp_1", "max_output_tokens");
        rig.responds("resp_2", "");
        rig.callsTool("resp_2", "call_a", "transfer", "{}");
        rig.done("resp_2", "completed");

        assertThat(rig.failures).isEmpty();
    }

    @Test
    void aCallerWhoInterruptsBeforeTheFirstSoundNeedsNoApology() {
        rig.talking();
        rig.responds("resp_1", "");
        rig.speechStarted("item_u");
        incomplete("resp_1", "turn_detected");

        assertThat(rig.failures).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"server_error", "rate_limit_exceeded"})
    void aFailedGreetingIsTriedOnceMore(String code) {
        rig.ready().begin();
        rig.responds("resp_1", rig.lastId("response.create"));
        rig.fails("resp_1", code);
        assertThat(rig.failures).isEmpty();
        assertThat(rig.sent("response.create")).hasSize(2);
        assertThat(rig.last("response.create")
                        .path("response")
                        .path("instructions")
                        .asText())
                .endsWith("Say hello.");

        rig.responds("resp_2", rig.lastId("response.create"));
        rig.fails("resp_2", code);

        failure(true, "");
        assertThat(rig.left).isEqualTo(1);
    }

    @Test
    void aGreetingWithoutSoundIsTriedOnceMore() {
        rig.ready().begin();
        rig.responds("resp_1", rig.lastId("response.create"));
        incomplete("resp_1", "content_filter");
        assertThat(rig.failures).isEmpty();

        rig.responds("resp_2", rig.lastId("response.create"));
        incomplete("resp_2", "content_filter");

        failure(true, "withheld");
    }

    @Test
    void aGreetingThatIsRefusedIsTriedOnceMore() {
        rig.ready().begin();
        rig.error("invalid_value", rig.lastId("response.create"), "no");
        assertThat(rig.failures).isEmpty();

        rig.error("invalid_value", rig.lastId("response.create"), "no");

        failure(true, "invalid_value");
        assertThat(rig.sent("response.create")).hasSize(2);
    }

    @Test
    void aSecondGreetingThatIsHeardIsAGreeting() {
        rig.ready().begin();
        rig.responds("resp_1", rig.lastId("response.create"));
        rig.fails("resp_1", "server_error");
        rig.responds("resp_2", rig.lastId("response.create"));
        rig.says("resp_2", "item_2", 300);
        rig.done("resp_2", "completed");
        rig.responds("resp_3", "");
        rig.fails("resp_3", "server_error");

        failure(false, "server_error");
    }

    @ParameterizedTest
    @CsvSource({
        "insufficient_quota, quota",
        "billing_hard_limit_reached, quota",
        "invalid_api_key, firefly.openai.api-key",
        "account_deactivated, closed the account",
        "session_expired, 60 minutes",
    })
    void aResponseThatCanNeverSucceedIsFatalAtOnce(String code, String words) {
        rig.talking();
        rig.responds("resp_1", "");
        rig.fails("resp_1", code);

        failure(true, words);
    }

    @Test
    void aGreetingThatCanNeverSucceedIsNotTriedAgain() {
        rig.ready().begin();
        rig.responds("resp_1", rig.lastId("response.create"));
        rig.fails("resp_1", "insufficient_quota");

        failure(true, "quota");
        assertThat(rig.sent("response.create")).hasSize(1);
    }
}

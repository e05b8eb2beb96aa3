package io.firefly.voip.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTest {
    private final Rig rig = new Rig("reconnect-attempts", "0", "caller-silence.after", "0s");

    @AfterEach
    void close() {
        rig.close();
        assertThat(rig.left).isEqualTo(1);
    }

    private void oneFatal(String words) {
        assertThat(rig.failures).hasSize(1);
        assertThat(rig.failures.get(0).fatal()).isTrue();
        assertThat(rig.failures.get(0).message()).contains(words).contains(": ");
        assertThat(rig.left).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "1006, HTTP 401 Unauthorized, refused the API key (HTTP 401)",
        "1006, unexpected status 403, may not use this model",
        "403, Forbidden, may not use this model",
        "1006, HTTP 404, base-url",
        "1006, HTTP 429, rate limit or quota",
        "1006, HTTP 503, in trouble (HTTP 503)",
        "1006, Connection refused, no connection to the provider (Connection refused)",
    })
    void aRefusedConnectionSaysWhatToDo(int code, String reason, String words) {
        rig.serverCloses(code, reason);

        oneFatal(words);
    }

    @ParameterizedTest
    @CsvSource({
        "3000, invalid_request_error.invalid_api_key, refused the API key",
        "4000, invalid_request_error.invalid_intent, refused the connection",
        "1001, Your session hit the maximum duration of 60 minutes., 60 minutes",
        "1001, going away, went away",
        "1006, , connection to the provider broke",
        "1009, , too big",
        "1011, , close code 1011",
        "1013, try later, close code 1013",
        "1000, , ended the session",
        "4711, , code 4711",
    })
    void aClosedSocketSaysWhatToDo(int code, @Nullable String reason, String words) {
        rig.ready();
        rig.serverCloses(code, reason);
        rig.serverCloses(code, reason);

        oneFatal(words);
    }

    @Test
    void aKeyInTheProvidersWordsIsNotRepeated() {
        rig.open();
        rig.error("some_code", "", "Incorrect API key provided: sk-proj-abc***xyz.");

        oneFatal("refused our session");
        assertThat(rig.failures.get(0).message()).doesNotContain("abc");
    }

    @Test
    void arefusedConfigurationNamesTheField() {
        rig.open();
        rig.server("{'type':'session.created','session':{}}");

        rig.server("{'type':'error','error':{'type':'invalid_request_error','code':'unknown_parameter',"
                + "'param':'session.foo','message':'Unknown parameter.','event_id':'c-1'}}");

        oneFatal("(unknown_parameter at session.foo)");
    }

    @Test
    void noConnectionInTimeIsFatal() {
        rig.advance(Duration.ofMillis(3_100));

        oneFatal("within 3000 ms");
    }

    @Test
    void noSessionInTimeIsFatal() {
        rig.open();
        rig.server("{'type':'session.created','session':{}}");
        rig.advance(Duration.ofMillis(3_100));

        oneFatal("did not accept the session");
    }

    @Test
    void oneFailedResponseIsAnAccidentAndTheSecondInARowIsTheEnd() {
        rig.talking();
        rig.responds("resp_1", "");
        rig.fails("resp_1", "rate_limit_exceeded");
        assertThat(rig.failures).hasSize(1);
        assertThat(rig.failures.get(0).fatal()).isFalse();
        assertThat(rig.failures.get(0).message()).contains("rate limit");

        rig.responds("resp_2", "");
        rig.fails("resp_2", "server_error");

        assertThat(rig.failures).hasSize(2);
        assertThat(rig.failures.get(1).fatal()).isTrue();
        assertThat(rig.failures.get(1).message()).contains("server_error");
    }

    @Test
    void anAnswerInBetweenForgivesTheFirstFailure() {
        rig.talking();
        rig.responds("resp_1", "");
        rig.fails("resp_1", "server_error");
        rig.responds("resp_2", "");
        rig.says("resp_2", "item_2", 100);
        rig.done("resp_2", "completed");
        rig.responds("resp_3", "");
        rig.fails("resp_3", "server_error");

        assertThat(rig.failures).hasSize(2).noneMatch(failure -> failure.fatal());
    }

    @Test
    void aProviderThatFallsSilentIsNoticed() {
        rig.ready().begin();
        rig.advance(Duration.ofSeconds(9));
        assertThat(rig.failures).hasSize(1);
        assertThat(rig.failures.get(0).fatal()).isFalse();

        rig.speechStarted("item_u");
        rig.speechStopped("item_u", "");
        rig.advance(Duration.ofSeconds(9));

        assertThat(rig.failures).hasSize(2);
        assertThat(rig.failures.get(1).fatal()).isTrue();
        assertThat(rig.failures.get(1).message()).contains("fell silent for 8000 ms");
    }

    @Test
    void aRequestLongAfterTheLastEventHasItsOwnPatience() {
        rig.talking();
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "transfer", "{}");
        rig.done("resp_1", "completed");
        rig.advance(Duration.ofMillis(7_900));
        rig.toolAnswers.get(0).complete("ok");
        rig.drain();
        rig.advance(Duration.ofSeconds(7));
        assertThat(rig.failures).isEmpty();

        rig.advance(Duration.ofSeconds(2));

        assertThat(rig.failures).hasSize(1);
    }

    @Test
    void aFloodOfEventsEndsTheSessionAndNotTheProcess() {
        rig.talking();
        for (int i = 0; i < 20_000; i++) rig.floods();
        assertThat(rig.waiting()).isLessThan(10_010);
        rig.drain();

        oneFatal("faster than we can follow");
    }

    @Test
    void whatIsQueuedWhenTheProviderBreaksIsPlayedToItsEnd() {
        rig.talking();
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 2_000);
        rig.transcript("resp_1", "item_1", "You will hear this.");

        rig.serverCloses(1006, null);

        oneFatal("broke");
        assertThat(rig.mouth.interruptions).isZero();
        assertThat(rig.words()).endsWith("AI: You will hear this.");
    }

    @Test
    void anIdleCallIsNoStall() {
        rig.talking();
        rig.advance(Duration.ofMinutes(10));

        assertThat(rig.failures).isEmpty();
    }

    /** Words of the caller, one second each with a pause of 200 ms; the provider says nothing. */
    private void callerTalks(int seconds) {
        short[] loud = new short[160];
        Arrays.fill(loud, (short) 5_000);
        for (int i = 0; i < 50 * seconds; i++) {
            rig.session.ears().write(i % 50 < 40 ? loud : new short[160], 160);
            rig.advance(Duration.ofMillis(20));
        }
    }

    @Test
    void aProviderThatDoesNotHearATalkingCallerIsGivenUp() {
        rig.talking();
        callerTalks(3);
        assertThat(rig.failures).isEmpty();

        callerTalks(3);
        assertThat(rig.failures).hasSize(1);
        assertThat(rig.failures.get(0).fatal()).as("the caller is asked again").isFalse();
        callerTalks(5);

        assertThat(rig.failures).hasSize(2);
        assertThat(rig.failures.get(1).fatal()).isTrue();
        assertThat(rig.failures.get(1).message()).contains("the provider heard nobody");
    }

    @Test
    void whatIsLoudWhileTheAgentSpeaksMayBeItsEcho() {
        rig.talking();
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 20_000);
        rig.done("resp_1", "completed");

        callerTalks(10);

        assertThat(rig.failures).isEmpty();
    }

    @Test
    void aCallerWhoCoughsNowAndThenIsNoStall() {
        rig.talking();
        for (int i = 0; i < 20; i++) {
            callerTalks(1);
            rig.advance(Duration.ofSeconds(6));
        }

        assertThat(rig.failures).isEmpty();
    }

    @Test
    void aCallerMaySpeakWithoutAPauseForLong() {
        rig.talking();
        rig.speechStarted("item_u");
        callerTalks(30);

        assertThat(rig.failures).isEmpty();
    }

    @Test
    void aTurnWhoseEndIsNeverToldIsAStall() {
        rig.talking();
        rig.speechStarted("item_u");
        callerTalks(5);
        rig.advance(Duration.ofSeconds(7));
        assertThat(rig.failures).isEmpty();

        rig.advance(Duration.ofSeconds(2));

        assertThat(rig.failures).hasSize(1);
        assertThat(rig.failures.get(0).message()).contains("did not tell the end of the caller's turn");
    }

    @Test
    void aSocketThatThrowsEndsTheSessionInsteadOfLeavingTheAgentDeaf() {
        rig.talking();
        rig.socketThrows = true;
        rig.session.ears().write(new short[160], 160);

        await().atMost(Duration.ofSeconds(5)).until(() -> {
            rig.drain();
            return !rig.failures.isEmpty();
        });

        oneFatal("could not be sent any more");
    }

    @Test
    void eventsKeepALongAnswerAlive() {
        rig.talking();
        rig.responds("resp_1", "");
        for (int i = 0; i < 10; i++) {
            rig.advance(Duration.ofSeconds(5));
            rig.delta("resp_1", "item_1", 20);
        }

        assertThat(rig.failures).isEmpty();
    }

    @Test
    void lostRacesAreHarmless() {
        rig.talking();
        rig.error("response_cancel_not_active", "c-9", "Cancellation failed: no active response found");
        rig.error("unsupported_content_type", "", "Only model output audio messages can be truncated");
        rig.error("item_truncate_invalid_item_id", "c-3", "not found");
        rig.error("something_new", "", "what?");

        assertThat(rig.failures).isEmpty();
        assertThat(rig.left).isZero();
    }
}

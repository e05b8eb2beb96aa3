package io.firefly.voip.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The socket breaks in a call: the caller hears why nobody answers, and the next session knows what was said. */
class ReconnectTest {
    private final Rig rig = new Rig("caller-silence.after", "0s").talking();

    @AfterEach
    void close() {
        rig.close();
        assertThat(rig.left).isEqualTo(1);
        assertThat(rig.pump().feeds()).isZero();
    }

    private void breaks() {
        rig.sent.clear();
        rig.serverCloses(1006, null);
    }

    private void isMended() {
        rig.advance(Duration.ofMillis(150));
        rig.ready();
    }

    private String asked() {
        return rig.last("response.create").path("response").path("instructions").asText();
    }

    private void callerAsks(String itemId, String words) {
        rig.speechStarted(itemId);
        rig.speechStopped(itemId, "item_greet");
        if (!words.isEmpty()) rig.callerTranscript(itemId, words);
    }

    @Test
    void anAgentCutOffIsHeardAsFarAsItCameThenTheCallerIsToldAndTheSentenceGoesOn() {
        callerAsks("item_u", "Are you open on Friday?");
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 1_000);
        rig.saysWords("resp_1", "item_1", "Yes, we are open");
        breaks();
        isMended();

        assertThat(rig.failures).isEmpty();
        assertThat(rig.mouth.interruptions).as("what came is played").isEqualTo(1); // by the caller's question
        assertThat(rig.pleaseWaits).as("the agent is still heard").isZero();
        assertThat(rig.told())
                .containsExactly("assistant: Hello.", "user: Are you open on Friday?", "assistant: Yes, we are open");
        assertThat(rig.sent("response.create")).isEmpty();
        rig.mouth.play(1_000);
        rig.advance(Duration.ofMillis(300));

        assertThat(rig.pleaseWaits).isEqualTo(1);
        assertThat(asked()).startsWith("You are the reception.").contains("go on from there");
        assertThat(rig.openings).isEqualTo(2);
        assertThat(rig.words())
                .containsExactly("AI: Hello.", "CALLER: Are you open on Friday?", "AI: Yes, we are open");
    }

    @Test
    void aBreakThatNobodyNoticesIsMendedInSilence() {
        breaks();
        isMended();
        rig.advance(Duration.ofSeconds(3));

        assertThat(rig.pleaseWaits).isZero();
        assertThat(rig.sent("response.create")).isEmpty();
        assertThat(rig.told()).containsExactly("assistant: Hello.");
        assertThat(rig.pump().feeds()).isEqualTo(1);
    }

    @Test
    void aCallerWhoWasSpeakingIsAskedToSayItAgain() {
        rig.speechStarted("item_u");
        breaks();
        rig.advance(Duration.ofMillis(10));
        assertThat(rig.pleaseWaits).as("told at once").isEqualTo(1);
        isMended();

        assertThat(asked()).contains("ask them to say it again");
    }

    @ParameterizedTest
    @CsvSource({"Are you open?, false", "'', true"})
    void aCallerWhoWaitsIsAnsweredWhenTheirWordsAreKnown(String words, boolean again) {
        callerAsks("item_u", words);
        breaks();
        isMended();

        assertThat(asked().contains("say it again")).isEqualTo(again);
    }

    @Test
    void aBreakThatLastsIsToldAndToldAgain() {
        breaks();
        rig.advance(Duration.ofMillis(1_600));
        assertThat(rig.pleaseWaits).isEqualTo(1);
        rig.advance(Duration.ofSeconds(2));
        rig.serverCloses(1006, "HTTP 503");
        rig.advance(Duration.ofMillis(600));
        rig.serverCloses(1006, "HTTP 503");
        rig.advance(Duration.ofSeconds(4));
        assertThat(rig.pleaseWaits).isEqualTo(2);
        rig.ready();

        assertThat(rig.failures).isEmpty();
        assertThat(rig.openings).isEqualTo(4);
        assertThat(rig.sent("response.create")).as("nobody was cut off").isEmpty();
    }

    @Test
    void attemptsHaveAnEndAndThatIsAudible() {
        rig.speechStarted("item_u");
        breaks();
        for (int attempt = 1; attempt <= 3; attempt++) {
            rig.advance(Duration.ofSeconds(2));
            assertThat(rig.failures).as("attempt " + attempt).isEmpty();
            rig.serverCloses(1006, "Connection refused");
        }

        assertThat(rig.openings).isEqualTo(4);
        assertThat(rig.failures).hasSize(1);
        assertThat(rig.failures.get(0).fatal()).isTrue();
        assertThat(rig.failures.get(0).message()).contains("Connection refused");
    }

    @Test
    void aBreakAfterABreakForgetsNobodyWhoWaits() {
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 3_000);
        breaks();
        isMended();
        breaks();
        rig.advance(Duration.ofMillis(600));
        rig.ready();
        rig.mouth.play(3_000);
        rig.advance(Duration.ofMillis(300));

        assertThat(rig.pleaseWaits).isEqualTo(1);
        assertThat(rig.sent("response.create")).hasSize(1);
        assertThat(asked()).contains("go on from there");
    }

    @Test
    void attemptsAreCountedAnewAfterAWhile() {
        for (int i = 0; i < 6; i++) {
            breaks();
            isMended();
            rig.advance(Duration.ofSeconds(31));
        }

        assertThat(rig.failures).isEmpty();
    }

    @Test
    void aProviderThatKeepsHangingUpIsGivenUp() {
        for (int i = 0; i < 3; i++) {
            breaks();
            rig.advance(Duration.ofSeconds(2));
            rig.ready();
            rig.advance(Duration.ofSeconds(1));
        }
        assertThat(rig.failures).isEmpty();
        breaks();

        assertThat(rig.failures).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {3000, 4000, 1009, 4711})
    void aCloseThatWouldComeAgainIsNotTriedAgain(int code) {
        rig.serverCloses(code, "no");

        assertThat(rig.failures).hasSize(1);
        assertThat(rig.openings).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1006, 1011, 1012, 1013})
    void aCloseThatMayBeOverIsTriedAgain(int code) {
        rig.serverCloses(code, "for now");
        rig.advance(Duration.ofMillis(150));

        assertThat(rig.failures).isEmpty();
        assertThat(rig.openings).isEqualTo(2);
    }

    @Test
    void aSessionThatExpiredIsFollowedByAnother() {
        rig.error("session_expired", "", "Your session hit the maximum duration of 60 minutes.");
        isMended();

        assertThat(rig.failures).isEmpty();
        assertThat(rig.told()).containsExactly("assistant: Hello.");
    }

    @Test
    void aToolThatAnswersAfterTheBreakIsToldInWords() {
        callerAsks("item_u", "Who am I?");
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "transfer", "{}");
        rig.done("resp_1", "completed");
        breaks();
        isMended();
        rig.toolAnswers.get(0).complete("busy");
        rig.drain();

        assertThat(rig.told()).endsWith("system: The function transfer answered: busy");
        assertThat(rig.sent("response.create")).hasSize(1);
    }

    @Test
    void aToolThatAnswersDuringTheBreakIsToldWithTheRest() {
        rig.advance(Duration.ofMillis(500));
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "transfer", "{}");
        breaks();
        rig.toolAnswers.get(0).complete("busy");
        rig.drain();
        isMended();

        assertThat(rig.told()).containsExactly("assistant: Hello.", "system: The function transfer answered: busy");
        assertThat(rig.sent("response.create")).hasSize(1);
    }

    @Test
    void whatToolsAnsweredBeforeIsRemembered() {
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "transfer", "{}");
        rig.done("resp_1", "completed");
        rig.toolAnswers.get(0).complete("busy");
        rig.drain();
        rig.responds("resp_2", rig.lastId("response.create"));
        rig.says("resp_2", "item_2", 100);
        rig.done("resp_2", "completed");
        breaks();
        isMended();

        assertThat(rig.told()).contains("system: The function transfer answered: busy");
    }

    @Test
    void keysPressedMeanwhileAreToldWithTheRest() {
        breaks();
        rig.session.dtmf('7');
        rig.drain();
        rig.advance(Duration.ofSeconds(2));
        rig.ready();

        assertThat(rig.told())
                .containsExactly("assistant: Hello.", "system: The caller pressed these keys on the phone: 7");
        assertThat(rig.sent("response.create")).hasSize(1);
    }

    @Test
    void aGreetingThatWasCutOffBeforeItBeganIsSaid() {
        rig.close();
        try (Rig greeting = new Rig().ready()) {
            greeting.begin();
            greeting.sent.clear();
            greeting.serverCloses(1006, null);
            greeting.advance(Duration.ofMillis(150));
            greeting.ready();

            assertThat(greeting.last("response.create")
                            .path("response")
                            .path("instructions")
                            .asText())
                    .endsWith("Say hello.");
        }
    }

    @Test
    void aBreakWhileItRingsIsToldToNobody() {
        rig.close();
        try (Rig ringing = new Rig().ready()) {
            ringing.serverCloses(1006, null);
            ringing.advance(Duration.ofSeconds(2));
            ringing.begin();
            ringing.ready();

            assertThat(ringing.pleaseWaits).isZero();
            assertThat(ringing.sent("response.create")).hasSize(1);
        }
    }

    @Test
    void anInterruptionAfterwardsTruncatesNothingTheNewSessionDoesNotKnow() {
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 5_000);
        rig.finishes("resp_1", "item_1", "one two three four five six", "completed");
        breaks();
        isMended();
        rig.mouth.play(2_500);
        rig.speechStarted("item_u");

        assertThat(rig.sent("conversation.item.truncate")).isEmpty();
        assertThat(rig.words()).containsExactly("AI: Hello.", "AI: one two three");
    }

    @Test
    void whoIsSayingGoodbyeIsNotConnectedAgain() {
        rig.session.sayGoodbye();
        rig.drain();
        rig.responds("resp_bye", rig.lastId("response.create"));
        rig.says("resp_bye", "item_bye", 500);
        breaks();
        rig.advance(Duration.ofSeconds(5));

        assertThat(rig.openings).isEqualTo(1);
        assertThat(rig.failures).isEmpty();
        assertThat(rig.session.sayGoodbye().toCompletableFuture()).isCompleted();
    }

    @Test
    void whoIsAskedForAGoodbyeDuringABreakHasNobodyToSayIt() {
        breaks();
        assertThat(rig.session.sayGoodbye().toCompletableFuture()).isNotCompleted();
        rig.drain();

        assertThat(rig.session.sayGoodbye().toCompletableFuture()).isCompleted();
    }

    @Test
    void aRateLimitThatSaysHowLongIsWaitedForAndTold() {
        rig.responds("resp_1", "");
        rig.server("{'type':'response.done','response':{'id':'resp_1','status':'failed','output':[],'status_details':"
                + "{'type':'failed','error':{'type':'tokens','code':'rate_limit_exceeded',"
                + "'message':'Rate limit reached. Please try again in 2.5s.'}}}}");
        assertThat(rig.pleaseWaits).isEqualTo(1);
        assertThat(rig.failures).isEmpty();
        rig.advance(Duration.ofMillis(2_500));
        assertThat(rig.sent("response.create")).isEmpty();
        rig.advance(Duration.ofMillis(200));

        assertThat(rig.sent("response.create")).hasSize(1);
    }

    @Test
    void aRateLimitIsKnownFromWhatTheProviderSaidBefore() {
        rig.server("{'type':'rate_limits.updated','rate_limits':[{'name':'requests','limit':5,'remaining':0,"
                + "'reset_seconds':60},{'name':'tokens','limit':40000,'remaining':100,'reset_seconds':1.2}]}");
        rig.responds("resp_1", "");
        rig.fails("resp_1", "rate_limit_exceeded");
        rig.advance(Duration.ofMillis(1_400));

        assertThat(rig.pleaseWaits).isEqualTo(1);
        assertThat(rig.sent("response.create")).hasSize(1);
    }

    @Test
    void whoSpeaksWhileARateLimitIsWaitedForIsAnsweredOnce() {
        rig.responds("resp_1", "");
        rig.server("{'type':'rate_limits.updated','rate_limits':[{'name':'tokens','limit':40000,'remaining':100,"
                + "'reset_seconds':1.2}]}");
        rig.fails("resp_1", "rate_limit_exceeded");
        callerAsks("item_u", "Hello?");
        rig.responds("resp_2", "");
        rig.says("resp_2", "item_2", 100);
        rig.done("resp_2", "completed");
        rig.advance(Duration.ofSeconds(5));

        assertThat(rig.sent("response.create")).isEmpty();
        assertThat(rig.failures).isEmpty();
    }

    @Test
    void theThirdRateLimitInARowIsAFailure() {
        for (int i = 1; i <= 3; i++) {
            rig.server("{'type':'rate_limits.updated','rate_limits':[{'name':'tokens','limit':40000,'remaining':1,"
                    + "'reset_seconds':1}]}");
            rig.responds("resp_" + i, i == 1 ? "" : rig.lastId("response.create"));
            rig.fails("resp_" + i, "rate_limit_exceeded");
            rig.advance(Duration.ofSeconds(2));
        }

        assertThat(rig.pleaseWaits).isEqualTo(2);
        assertThat(rig.failures).hasSize(1);
        assertThat(List.of(rig.failures.get(0).fatal())).containsExactly(false);
    }
}

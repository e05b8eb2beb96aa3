package io.firefly.voip.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A provider that is connected and silent: an apology, then another connection, then the end. */
class StallTest {
    private static final Duration STALL = Duration.ofSeconds(9);

    private final Rig rig = new Rig("caller-silence.after", "0s").talking();

    @AfterEach
    void close() {
        rig.close();
        assertThat(rig.left).isEqualTo(1);
        assertThat(rig.pump().feeds()).isZero();
    }

    @Test
    void theSecondInARowIsMendedByAnotherConnection() {
        callerSpeaks("item_1");
        rig.advance(STALL);
        assertThat(rig.failures).as("the caller hears an apology first").hasSize(1);
        assertThat(rig.openings).isEqualTo(1);

        callerSpeaks("item_2");
        rig.callerTranscript("item_2", "Are you there?");
        rig.advance(STALL);

        assertThat(rig.closes).containsExactly("1000 no answer");
        assertThat(rig.openings).isEqualTo(2);
        assertThat(rig.pleaseWaits).as("who waits is told").isEqualTo(1);
        rig.sent.clear();
        rig.ready();
        rig.advance(Duration.ofMillis(200));
        assertThat(rig.told()).endsWith("user: Are you there?");
        assertThat(rig.sent("response.create")).hasSize(1);
        answers("resp_1");
        assertThat(rig.failures).hasSize(1);
        assertThat(rig.mouth.queuedMillis()).isEqualTo(200);
    }

    @Test
    void theThirdInARowIsTheEnd() {
        stallTwice();
        rig.ready();
        rig.advance(STALL.plusSeconds(1));

        assertThat(rig.failures).hasSize(2);
        assertThat(rig.failures.get(1).fatal()).isTrue();
        assertThat(rig.failures.get(1).message()).contains("fell silent");
    }

    @Test
    void aConnectionThatCannotBeMadeIsTheEnd() {
        stallTwice();
        for (int i = 0; i < 4; i++) {
            rig.serverCloses(1006, "HTTP 503");
            rig.advance(Duration.ofSeconds(3));
        }

        assertThat(rig.failures).hasSize(2);
        assertThat(rig.failures.get(1).fatal()).isTrue();
        assertThat(rig.failures.get(1).message()).contains("HTTP 503");
    }

    @Test
    void anAnswerInBetweenForgivesTheStallsBefore() {
        stallTwice();
        rig.ready();
        rig.advance(Duration.ofMillis(200));
        answers("resp_1");
        rig.mouth.play(200);
        callerSpeaks("item_3");
        rig.advance(STALL);
        assertThat(rig.failures).hasSize(2).noneMatch(failure -> failure.fatal());
        callerSpeaks("item_4");
        rig.advance(STALL);

        assertThat(rig.openings).isEqualTo(3);
        assertThat(rig.failures).hasSize(2);
    }

    @Test
    void aCallerWhomTheProviderDoesNotHearIsAskedToSayItAgainByTheNextSession() {
        callerTalks(6);
        assertThat(rig.failures).hasSize(1);
        callerTalks(6);
        assertThat(rig.openings).isEqualTo(2);
        assertThat(rig.pleaseWaits).isEqualTo(1);
        rig.sent.clear();
        rig.ready();
        rig.advance(Duration.ofMillis(200));

        assertThat(rig.last("response.create")
                        .path("response")
                        .path("instructions")
                        .asText())
                .contains("say it again");
    }

    @Test
    void aStallDuringTheGoodbyeIsNotMended() {
        callerSpeaks("item_1");
        rig.advance(STALL);
        rig.session.sayGoodbye();
        rig.drain();
        rig.advance(Duration.ofSeconds(30));

        assertThat(rig.openings).isEqualTo(1);
    }

    private void stallTwice() {
        callerSpeaks("item_1");
        rig.advance(STALL);
        callerSpeaks("item_2");
        rig.advance(STALL);
        assertThat(rig.openings).isEqualTo(2);
        rig.sent.clear();
    }

    private void callerSpeaks(String itemId) {
        rig.speechStarted(itemId);
        rig.speechStopped(itemId, "");
    }

    private void answers(String responseId) {
        rig.responds(responseId, rig.lastId("response.create"));
        rig.says(responseId, "item_of_" + responseId, 200);
        rig.finishes(responseId, "item_of_" + responseId, "I am.", "completed");
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
}

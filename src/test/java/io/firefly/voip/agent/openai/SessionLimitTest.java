package io.firefly.voip.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The provider hangs up after 60 minutes, whatever is being said; we end before that. */
class SessionLimitTest {
    private final Rig rig = new Rig("session-limit", "10m").talking();

    @AfterEach
    void close() {
        rig.close();
    }

    private void goodbyeIsSaid() {
        rig.responds("resp_bye", rig.lastId("response.create"));
        rig.says("resp_bye", "item_bye", 1_000);
        rig.done("resp_bye", "completed");
    }

    @Test
    void theAgentTellsWhyAndIsHeardToTheEndBeforeTheCallEnds() {
        rig.advance(Duration.ofMinutes(9));
        assertThat(rig.sent).isEmpty();
        rig.advance(Duration.ofMinutes(1));
        assertThat(rig.last("response.create")
                        .path("response")
                        .path("instructions")
                        .asText())
                .startsWith("You are the reception.")
                .contains("longest time")
                .contains("goodbye");
        goodbyeIsSaid();
        rig.advance(Duration.ofSeconds(2));
        assertThat(rig.failures).as("it is still heard").isEmpty();

        rig.mouth.play(1_000);
        rig.advance(Duration.ofSeconds(1));

        assertThat(rig.failures).hasSize(1);
        assertThat(rig.failures.get(0).fatal()).isTrue();
        assertThat(rig.failures.get(0).message()).startsWith("session limit");
        assertThat(rig.closes).hasSize(1);
    }

    @Test
    void nobodyIsInterruptedForTwoMinutes() {
        rig.advance(Duration.ofMinutes(9));
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 1_000);
        rig.done("resp_1", "completed");
        rig.advance(Duration.ofMinutes(2));
        assertThat(rig.sent("response.create")).isEmpty();

        rig.mouth.play(1_000);
        rig.advance(Duration.ofSeconds(1));

        assertThat(rig.sent("response.create")).hasSize(1);
    }

    @Test
    void aCallThatIsEndedMeanwhileEndsOnce() {
        rig.advance(Duration.ofMinutes(10));
        CompletableFuture<Void> told = rig.session.sayGoodbye().toCompletableFuture();
        rig.drain();
        assertThat(told).isNotDone();

        goodbyeIsSaid();
        rig.mouth.play(1_000);
        rig.advance(Duration.ofSeconds(5));

        assertThat(told).isCompleted();
        assertThat(rig.sent("response.create")).hasSize(1);
        assertThat(rig.failures).isEmpty();
    }
}

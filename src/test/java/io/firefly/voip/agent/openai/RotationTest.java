package io.firefly.voip.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.agent.Upstream;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The provider ends a session after 60 minutes, whatever is being said; before that another one takes over. */
class RotationTest {
    private final Rig rig = new Rig("session-limit", "10m", "caller-silence.after", "0s").talking();

    @AfterEach
    void close() {
        rig.close();
        assertThat(rig.left).isEqualTo(1);
        assertThat(rig.pump().feeds()).isZero();
    }

    @Test
    void anotherSessionTakesOverInAPauseAndKnowsWhatWasSaid() {
        rig.advance(Duration.ofMinutes(9));
        assertThat(rig.openings).isEqualTo(1);
        rig.advance(Duration.ofMinutes(1));
        assertThat(rig.openings).isEqualTo(2);
        rig.ready();
        rig.advance(Duration.ofSeconds(1));

        assertThat(rig.sent("session.update")).hasSize(1);
        assertThat(rig.told()).containsExactly("assistant: Hello.");
        assertThat(rig.sent("response.create")).isEmpty();
        assertThat(rig.pleaseWaits).isZero();
        assertThat(rig.closes).containsExactly("1000 session renewed");
        assertThat(rig.ready).isEqualTo(1);
        int frames = rig.frames.size();
        rig.session.ears().write(new short[160], 160);
        await().atMost(Duration.ofSeconds(5)).until(() -> rig.frames.size() > frames);
    }

    @Test
    void whatTheNewSessionWasToldIsNotTakenForSomethingSaidInIt() {
        rig.advance(Duration.ofMinutes(10));
        rig.ready();
        rig.advance(Duration.ofSeconds(1));
        rig.server("{'type':'conversation.item.added','item':{'id':'item_told','type':'message','role':'assistant',"
                + "'status':'completed','content':[{'type':'output_text','text':'Hello.'}]}}");
        rig.speechStarted("item_u");
        rig.speechStopped("item_u", "item_told");
        rig.callerTranscript("item_u", "Open?");
        assertThat(rig.words()).as("nothing is waited for").containsExactly("AI: Hello.", "CALLER: Open?");
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 100);
        rig.finishes("resp_1", "item_1", "Yes.", "completed");
        rig.mouth.play(100);
        rig.advance(Duration.ofMinutes(10));

        assertThat(rig.openings).isEqualTo(3);
        rig.ready();
        rig.advance(Duration.ofSeconds(1));
        assertThat(rig.closes).hasSize(2);
    }

    @Test
    void itWaitsUntilNobodySpeaks() {
        Upstream.Listener first = rig.listener;
        rig.advance(Duration.ofMinutes(10));
        Upstream.Listener second = rig.listener;
        rig.listener = first;
        rig.speechStarted("item_u");
        rig.listener = second;
        rig.ready();
        rig.listener = first;
        rig.advance(Duration.ofSeconds(5));
        rig.speechStopped("item_u", "item_greet");
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 2_000);
        rig.finishes("resp_1", "item_1", "Yes.", "completed");
        rig.advance(Duration.ofSeconds(2));
        rig.mouth.play(2_000);
        rig.advance(Duration.ofSeconds(1));
        assertThat(rig.closes).as("the caller's words are not written down yet").isEmpty();
        rig.callerTranscript("item_u", "Open?");
        rig.advance(Duration.ofSeconds(1));

        assertThat(rig.closes).hasSize(1);
        assertThat(rig.told()).containsExactly("assistant: Hello.", "user: Open?", "assistant: Yes.");
        rig.listener = second;
        rig.responds("resp_2", "");
        rig.says("resp_2", "item_2", 100);
        assertThat(rig.mouth.queuedMillis()).isEqualTo(100);
    }

    @Test
    void whatTheOldSessionSaysAfterwardsIsNotHeard() {
        Upstream.Listener first = rig.listener;
        rig.advance(Duration.ofMinutes(10));
        rig.ready();
        rig.advance(Duration.ofSeconds(1));
        rig.listener = first;
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 2_000);
        rig.serverCloses(1001, "Your session hit the maximum duration of 60 minutes.");

        assertThat(rig.mouth.queuedMillis()).isZero();
        assertThat(rig.openings).isEqualTo(2);
    }

    @Test
    void aSessionThatCannotBeRenewedIsTriedAgain() {
        rig.advance(Duration.ofMinutes(10));
        rig.serverCloses(1006, "HTTP 503");
        rig.advance(Duration.ofSeconds(29));
        assertThat(rig.openings).isEqualTo(2);
        rig.advance(Duration.ofSeconds(2));

        assertThat(rig.openings).isEqualTo(3);
        assertThat(rig.failures).isEmpty();
        assertThat(rig.pleaseWaits).isZero();
    }

    @Test
    void aBreakWhileAnotherSessionIsReadyIsMendedByIt() {
        Upstream.Listener first = rig.listener;
        rig.advance(Duration.ofMinutes(10));
        Upstream.Listener second = rig.listener;
        rig.listener = first;
        rig.speechStarted("item_u");
        rig.listener = second;
        rig.ready();
        rig.listener = first;
        rig.serverCloses(1001, "Your session hit the maximum duration of 60 minutes.");
        rig.advance(Duration.ofMillis(100));

        assertThat(rig.openings).isEqualTo(2);
        assertThat(rig.pleaseWaits).isEqualTo(1);
        assertThat(rig.last("response.create")
                        .path("response")
                        .path("instructions")
                        .asText())
                .contains("say it again");
    }

    @Test
    void aBreakWhileAnotherSessionIsDialledIsMendedByWhicheverComesFirst() {
        Upstream.Listener first = rig.listener;
        rig.advance(Duration.ofMinutes(10));
        Upstream.Listener second = rig.listener;
        rig.listener = first;
        rig.serverCloses(1006, null);
        rig.listener = second;
        rig.ready();
        rig.advance(Duration.ofSeconds(5));

        assertThat(rig.openings).isEqualTo(2);
        assertThat(rig.told()).containsExactly("assistant: Hello.");
        assertThat(rig.pump().feeds()).isEqualTo(1);
    }

    @Test
    void sessionsFollowEachOtherAsLongAsTheCallLasts() {
        for (int i = 2; i <= 5; i++) {
            rig.advance(Duration.ofMinutes(10));
            assertThat(rig.openings).isEqualTo(i);
            rig.ready();
            rig.advance(Duration.ofSeconds(1));
        }

        assertThat(rig.closes).hasSize(4);
    }
}

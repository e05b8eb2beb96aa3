package io.firefly.voip.agent.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.agent.AgentManner;
import io.firefly.voip.agent.AgentStage.Leaving;
import io.firefly.voip.agent.Utterance;
import io.firefly.voip.agent.Utterance.Speaker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the agent does without being asked. */
class InitiativeTest {
    private static String lastTold(Rig rig) {
        return rig.told().get(rig.told().size() - 1);
    }

    @Test
    void aCallerWhoSaysNothingIsAskedTwiceThenHearsGoodbyeAndTheCallEnds() {
        Rig rig = Rig.greeted("caller-silence.after", "5s");
        rig.backend.models.add(FakeBackend.saying("Hey?"));
        rig.backend.models.add(FakeBackend.saying("Hey??"));
        rig.backend.models.add(FakeBackend.saying("Bye."));

        rig.quietFor(4_900);
        assertThat(rig.backend.prompts).isEmpty();
        rig.quietFor(200);
        assertThat(lastTold(rig)).startsWith("SYSTEM: The caller has said nothing");
        rig.quietFor(5_500);
        assertThat(rig.backend.spoken).containsExactly("Hello.", "Hey?", "Hey??");
        assertThat(rig.leavings).isEmpty();
        rig.quietFor(6_000);

        assertThat(rig.backend.spoken).last().isEqualTo("Bye.");
        assertThat(rig.leavings).containsExactly(Leaving.CALLER_SILENT);
        assertThat(rig.said).extracting(Utterance::speaker).containsOnly(Speaker.AI);
        assertThat(rig.backend.turns).as("these were no turns").isEmpty();
    }

    @Test
    void whoAnswersIsThereAgain() {
        Rig rig = Rig.greeted("caller-silence.after", "5s", "caller-silence.prompts", "1");
        rig.quietFor(5_100).quietUntilSilent();
        rig.says("yes, wait").quietUntilSilent();

        rig.quietFor(5_100);

        assertThat(rig.leavings).isEmpty();
        assertThat(lastTold(rig)).startsWith("SYSTEM: The caller has said nothing");
    }

    @Test
    void whoIsOnHoldOrPressesKeysIsNotSilent() {
        Rig rig = Rig.greeted("caller-silence.after", "5s");
        rig.callerIsAway = true;
        rig.quietFor(20_000);
        rig.callerIsAway = false;
        rig.quietFor(4_000);

        assertThat(rig.backend.prompts).isEmpty();
    }

    @Test
    void aConversationThatMayNotLastIsWarnedOfAndEnded() {
        Rig rig = Rig.greeted("caller-silence.after", "0s", "max-duration", "60s", "warn-before", "20s");
        rig.backend.models.add(FakeBackend.saying("Soon over."));

        rig.quietFor(41_000);
        assertThat(lastTold(rig)).startsWith("SYSTEM: This call ends in about 20 seconds.");
        rig.backend.models.add(FakeBackend.saying("Bye."));
        rig.quietFor(20_000);

        assertThat(rig.leavings).containsExactly(Leaving.OUT_OF_TIME);
        assertThat(rig.backend.spoken).endsWith("Soon over.", "Bye.");
    }

    @Test
    void aGoodbyeThatFailsStillEndsTheCall() {
        Rig rig = Rig.greeted("caller-silence.after", "5s", "caller-silence.prompts", "0");
        rig.backend.models.add(FakeBackend.failing("HTTP 500"));

        rig.quietFor(5_200);

        assertThat(rig.leavings).containsExactly(Leaving.CALLER_SILENT);
        assertThat(rig.backend.spoken).last().isEqualTo("Goodbye.");
    }

    @Test
    void aRemarkThatFailsIsNotHeardOfAndTheConversationGoesOn() {
        Rig rig = Rig.greeted("caller-silence.after", "5s");
        rig.backend.models.add(FakeBackend.failing("HTTP 500"));
        rig.quietFor(5_200);
        assertThat(rig.failures).isEmpty();

        rig.says("hello").quietUntilSilent();

        assertThat(rig.said).last().isEqualTo(new Utterance(Speaker.AI, "You said hello."));
    }

    @Test
    void nothingIsToldOfACallThatWasHungUpMeanwhile() {
        Rig rig = Rig.greeted("caller-silence.after", "5s", "caller-silence.prompts", "0");
        rig.backend.models.add(FakeBackend.stalled());
        rig.quietFor(5_200);

        rig.session.close();

        assertThat(rig.leavings).isEmpty();
    }

    @Test
    void aProtectedGreetingIsHeardToItsEndWhateverTheCallerSays() {
        Rig rig = new Rig("protected-greeting", "true");
        rig.session.begin();

        rig.voiceFor(500);
        assertThat(rig.mouth.isSpeaking()).isTrue();
        rig.quietUntilSilent();

        assertThat(rig.mouth.playedMillis()).isEqualTo(600);
        assertThat(rig.backend.heard).as("nobody listened").isEmpty();
        rig.says("hello").quietUntilSilent();
        assertThat(rig.said).last().isEqualTo(new Utterance(Speaker.AI, "You said hello."));
    }

    @Test
    void keysDoNotCutAProtectedGreetingEither() {
        FakeBackend backend = new FakeBackend();
        backend.spokenMillis = 4_000;
        Rig rig = new Rig(backend, "protected-greeting", "true");
        rig.session.begin();
        rig.session.dtmf('1');

        rig.quietFor(2_000);
        assertThat(rig.backend.prompts).isEmpty();
        rig.quietFor(2_200);

        assertThat(lastTold(rig)).contains("pressed these keys on the phone: 1");
    }

    @Test
    void anAgentMayConverseOtherwiseThanTheInstallation() {
        AgentManner own = new AgentManner(
                new AgentManner.TurnDetection(null, null, null, Duration.ofSeconds(1), null, null),
                null,
                null,
                true,
                new AgentManner.CallerSilence(Duration.ofSeconds(3), 0),
                null,
                null);
        Rig rig = new Rig(new FakeBackend(), own);
        rig.session.begin();
        rig.voiceFor(300);
        assertThat(rig.mouth.isSpeaking()).as("protected").isTrue();
        rig.quietUntilSilent();

        rig.backend.transcripts.add("hello");
        rig.voiceFor(1_000).quietFor(900);
        assertThat(rig.backend.heard).as("a pause of 900 ms is none").isEmpty();
        rig.quietFor(200).quietUntilSilent();
        assertThat(rig.backend.heard).hasSize(1);
        rig.quietFor(3_200);
        assertThat(rig.leavings).containsExactly(Leaving.CALLER_SILENT);
    }
}

package io.firefly.voip.agent.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.agent.Utterance;
import io.firefly.voip.agent.Utterance.Speaker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The caller speaks while the agent does. */
class InterruptionTest {
    /** Three sentences of two seconds each, of which the first has been heard for one. */
    private static Rig inTheMiddleOfAnAnswer(String... settings) {
        Rig rig = Rig.greeted(settings);
        rig.backend.models.add(
                FakeBackend.saying("One two three four. ", "Five six seven eight. ", "Nine ten eleven."));
        rig.says("tell me");
        while (rig.mouth.playedMillis() < heardOfGreeting() + 1_000) rig.quietFor(20);
        return rig;
    }

    private static long heardOfGreeting() {
        return (long) "Hello.".length() * FakeBackend.MILLIS_PER_CHARACTER;
    }

    @Test
    void speechThatGoesOnSilencesTheAgentWithinTheSustainedTime() {
        Rig rig = inTheMiddleOfAnAnswer();

        rig.voiceFor(240);
        assertThat(rig.mouth.isSpeaking()).as("not yet meant").isTrue();
        rig.voiceFor(60);

        assertThat(rig.mouth.isSpeaking()).isFalse();
    }

    @Test
    void theThresholdIsASetting() {
        Rig rig = inTheMiddleOfAnAnswer("vad.sustained", "800ms");

        rig.voiceFor(760);
        assertThat(rig.mouth.isSpeaking()).isTrue();
        rig.voiceFor(80);

        assertThat(rig.mouth.isSpeaking()).isFalse();
    }

    @Test
    void aCoughDoesNotInterrupt() {
        Rig rig = inTheMiddleOfAnAnswer();
        int transcribed = rig.backend.heard.size();

        rig.voiceFor(180).quietFor(1_000);

        assertThat(rig.mouth.interrupts).isZero();
        assertThat(rig.backend.heard).as("nor is it written down").hasSize(transcribed);
        rig.quietUntilSilent();
        assertThat(rig.said).last().isEqualTo(ai("One two three four. Five six seven eight. Nine ten eleven."));
    }

    @Test
    void wordsCutTheAnswerWhereItWasHeardForCallerAndModel() {
        Rig rig = inTheMiddleOfAnAnswer();

        rig.says("stop please").quietUntilSilent();

        assertThat(rig.said)
                .containsExactly(
                        caller("tell me"), ai("One two..."), caller("stop please"), ai("You said stop please."));
        assertThat(rig.told())
                .as("the model knows no more of its answer than the caller")
                .containsExactly(
                        rig.told().get(0),
                        "ASSISTANT: Hello.",
                        "USER: tell me",
                        "ASSISTANT: One two...",
                        "USER: stop please");
        assertThat(rig.backend.turns).extracting(VoiceBackend.Turn::interrupted).containsExactly(true, false);
    }

    @Test
    void anInterruptionWithoutWordsIsNoneAndTheAgentGoesOnALittleEarlier() {
        Rig rig = inTheMiddleOfAnAnswer();
        long queued = rig.mouth.queuedSamples;

        rig.says("");

        assertThat(rig.mouth.interrupts).isEqualTo(1);
        assertThat(rig.mouth.isSpeaking()).as("goes on").isTrue();
        rig.quietUntilSilent();
        assertThat(rig.said).last().isEqualTo(ai("One two three four. Five six seven eight. Nine ten eleven."));
        assertThat(rig.backend.prompts).as("the model was not asked again").hasSize(1);
        long answer = "One two three four.Five six seven eight.Nine ten eleven.".length()
                * (long) FakeBackend.MILLIS_PER_CHARACTER;
        assertThat(rig.mouth.playedMillis())
                .as("all of it was heard, and what was said last before the interruption twice")
                .isBetween(heardOfGreeting() + answer + 150, heardOfGreeting() + answer + 250);
        assertThat(rig.mouth.queuedSamples).isGreaterThan(queued);
    }

    @Test
    void aListenersYesIsLetPassWhenItTakesTwoWordsToInterrupt() {
        Rig rig = inTheMiddleOfAnAnswer("barge-in.words", "2");

        rig.says("yes").quietUntilSilent();

        assertThat(rig.said)
                .containsExactly(caller("tell me"), ai("One two three four. Five six seven eight. Nine ten eleven."));
        rig.says("yes").quietUntilSilent();
        assertThat(rig.said).as("as an answer it counts").last().isEqualTo(ai("You said yes."));
    }

    @Test
    void afterAFalseInterruptionTheAgentMayAlsoBeSilent() {
        Rig rig = inTheMiddleOfAnAnswer("barge-in.resume", "false");

        rig.says("");

        assertThat(rig.mouth.isSpeaking()).isFalse();
        assertThat(rig.said).last().isEqualTo(ai("One two..."));
    }

    @Test
    void withoutBargeInTheAgentIsHeardToItsEndThenTheCallerIsAnswered() {
        Rig rig = inTheMiddleOfAnAnswer("barge-in.enabled", "false");

        rig.says("and now");

        assertThat(rig.mouth.interrupts).isZero();
        rig.quietUntilSilent().quietUntilSilent();
        assertThat(rig.said)
                .containsExactly(
                        caller("tell me"),
                        ai("One two three four. Five six seven eight. Nine ten eleven."),
                        caller("and now"),
                        ai("You said and now."));
    }

    @Test
    void aCallerWhoGoesOnAfterAPauseIsAnsweredOnce() {
        Rig rig = Rig.greeted();
        rig.backend.models.add(FakeBackend.saying("Never heard."));
        rig.backend.transcripts.add("my number is");
        rig.backend.transcripts.add("four two");

        rig.voiceFor(1_000).quietFor(620).voiceFor(1_000).quietFor(700).quietUntilSilent();

        assertThat(rig.told()).last().isEqualTo("USER: four two");
        assertThat(rig.said).containsExactly(caller("my number is"), caller("four two"), ai("You said four two."));
    }

    @Test
    void whoHangsUpInTheMiddleLeavesWhatWasHeard() {
        Rig rig = inTheMiddleOfAnAnswer();

        rig.session.close();
        rig.session.close();

        assertThat(rig.said).last().isEqualTo(ai("One two..."));
        assertThat(rig.left).isEqualTo(1);
        assertThat(rig.backend.hooks).filteredOn(hook -> hook.equals("ends")).hasSize(1);
    }

    @Test
    void aTurnKnowsWhereItsTimeWent() {
        Rig rig = Rig.greeted();

        rig.says("hello").quietUntilSilent();

        VoiceBackend.Turn turn = rig.backend.turns.get(0);
        assertThat(turn.heard()).isEqualTo("hello");
        assertThat(turn.said()).isEqualTo("You said hello.");
        assertThat(turn.endpointing()).isBetween(Duration.ofMillis(600), Duration.ofMillis(640));
        assertThat(turn.firstSound()).isGreaterThanOrEqualTo(turn.firstText());
    }

    private static Utterance ai(String text) {
        return new Utterance(Speaker.AI, text);
    }

    private static Utterance caller(String text) {
        return new Utterance(Speaker.CALLER, text);
    }
}

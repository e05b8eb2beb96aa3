package io.firefly.voip.agent.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.agent.AgentFailure;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.ToolDescription.Terms;
import io.firefly.voip.agent.Utterance;
import io.firefly.voip.agent.Utterance.Speaker;
import io.firefly.voip.agent.pipeline.VoiceBackend.Answer;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.Garbage;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.call.CallId;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A conversation from the first ring to the goodbye, and all its accidents. */
class ConversationTest {
    private static final ToolCall TIME = new ToolCall(new CallId("call-1"), "c1", "get_time", "{}");

    private static FakeBackend.Model calling(ToolCall... calls) {
        return (prompt, text) -> new Answer("", List.of(calls), new AgentUsage(3, 4, 0, 0));
    }

    private static Utterance ai(String text) {
        return new Utterance(Speaker.AI, text);
    }

    @Test
    void theGreetingIsSpokenWhileItRingsAndHeardWhenTheCallIsAnswered() {
        Rig rig = new Rig();

        assertThat(rig.ready).as("ready to be answered").isEqualTo(1);
        assertThat(rig.backend.spoken).containsExactly("Hello.");
        assertThat(rig.mouth.isSpeaking()).isFalse();
        rig.session.begin();
        rig.drain();
        assertThat(rig.mouth.isSpeaking()).isTrue();
    }

    @Test
    void aTurnIsTranscribedAnsweredAndSpokenSentenceBySentenceWhileTheModelStillWrites() {
        Rig rig = Rig.greeted();
        int[] spokenBeforeTheEnd = {0};
        rig.backend.models.add((prompt, text) -> {
            text.accept("It is nine. Any");
            rig.drain();
            spokenBeforeTheEnd[0] = rig.backend.spoken.size();
            text.accept("thing else?");
            return Answer.of("It is nine. Anything else?");
        });

        rig.says("what time is it").quietUntilSilent();

        assertThat(rig.backend.spoken).containsExactly("Hello.", "It is nine.", "Anything else?");
        assertThat(spokenBeforeTheEnd[0])
                .as("sentences spoken while the model wrote")
                .isEqualTo(2);
        assertThat(rig.said)
                .containsExactly(new Utterance(Speaker.CALLER, "what time is it"), ai("It is nine. Anything else?"));
        Sound speech = rig.backend.heard.get(0);
        assertThat(speech.durationMillis())
                .as("some sound before the onset, the second of speech, a tail")
                .isBetween(1_200L, 1_560L);
    }

    @Test
    void aLineThatGoesDeadInTheMiddleOfATurnEndsIt() {
        Rig rig = Rig.greeted();
        rig.backend.transcripts.add("hello");

        rig.voiceFor(1_000).nothingFor(1_200);

        assertThat(rig.said).contains(new Utterance(Speaker.CALLER, "hello"));
    }

    @Test
    void keysThatFollowEachOtherAreOneMessage() {
        Rig rig = Rig.greeted();

        rig.session.dtmf('4');
        rig.quietFor(400).session.dtmf('2');
        rig.quietFor(1_600);

        assertThat(rig.told()).last().isEqualTo("USER: (The caller pressed these keys on the phone: 42)");
    }

    @Test
    void theModelHearsWhatItsToolSaid() {
        Rig rig = Rig.greeted();
        rig.backend.models.add(calling(TIME));
        rig.backend.models.add(FakeBackend.saying("It is nine."));

        rig.says("what time is it");
        assertThat(rig.toolCalls).containsExactly(TIME);
        rig.toolAnswers.get(0).complete("{\"time\":\"9:00\"}");
        rig.quietFor(20).quietUntilSilent();

        assertThat(rig.told()).endsWith("USER: what time is it", "ASSISTANT: ", "TOOL: {\"time\":\"9:00\"}");
        assertThat(rig.said).last().isEqualTo(ai("It is nine."));
        assertThat(rig.usage().inputTokens()).isEqualTo(3);
    }

    @Test
    void aToolThatTakesTooLongIsAnErrorForTheModel() {
        Rig rig = Rig.greeted("tool-timeout", "2s");
        rig.backend.models.add(calling(TIME));

        rig.says("what time is it").quietFor(2_100);

        assertThat(rig.told()).last().asString().contains("timeout");
        rig.toolAnswers.get(0).complete("late");
        rig.quietFor(100);
        assertThat(rig.backend.prompts).as("a late answer starts nothing").hasSize(2);
    }

    @Test
    void aFillerIsHeardWhileAToolRunsAndIsNoPartOfTheAnswer() {
        Rig rig = Rig.greeted();
        rig.backend.models.add(calling(TIME));
        rig.backend.models.add(FakeBackend.saying("It is nine."));
        rig.session.fill("too early");
        rig.says("what time is it");

        assertThat(rig.session.fill("One moment.")).isTrue();
        rig.quietFor(100);
        assertThat(rig.mouth.isSpeaking()).isTrue();
        rig.quietUntilSilent();
        rig.toolAnswers.get(0).complete("nine");
        rig.quietFor(20).quietUntilSilent();

        assertThat(rig.backend.spoken).containsExactly("Hello.", "One moment.", "It is nine.");
        assertThat(rig.told()).noneMatch(line -> line.contains("One moment."));
        assertThat(rig.said).last().isEqualTo(ai("One moment. It is nine."));
    }

    @Test
    void toolsThatChangeDuringTheCallAreOfferedWithTheNextAnswer() {
        Rig rig = Rig.greeted();
        rig.session.offer(List.of(new ToolDescription("hang_up", "Ends the call.", Map.of())));

        rig.says("hello");

        assertThat(rig.backend.prompts.get(0).tools())
                .extracting(ToolDescription::name)
                .containsExactly("hang_up");
    }

    @Test
    void aToolWithATimeOfItsOwnIsWaitedForLonger() {
        Rig rig = Rig.greeted("tool-timeout", "2s");
        Terms slow = new Terms(Duration.ofSeconds(5), 0, 0, 0, false, null, null);
        rig.session.offer(List.of(new ToolDescription("get_time", "Tells the time.", Map.of(), slow)));
        rig.backend.models.add(calling(TIME));

        rig.says("what time is it").quietFor(6_000);
        assertThat(rig.backend.prompts).hasSize(1);
        rig.quietFor(1_200);

        assertThat(rig.told()).last().asString().contains("timeout");
    }

    @Test
    void aModelThatCallsToolsWithoutEndIsStopped() {
        Rig rig = Rig.greeted();
        for (int i = 0; i < 20; i++) rig.backend.models.add(calling(TIME));
        rig.says("what time is it");

        for (int i = 0; i < 20 && i < rig.toolAnswers.size(); i++) {
            rig.toolAnswers.get(i).complete("again");
            rig.quietFor(20);
        }

        assertThat(rig.backend.prompts).hasSizeLessThanOrEqualTo(9);
        assertThat(rig.backend.prompts)
                .last()
                .extracting(VoiceBackend.Prompt::tools)
                .isEqualTo(List.of());
    }

    @Test
    void anInterruptedToolDoesNotLeaveItsQuestionOpen() {
        Rig rig = Rig.greeted();
        rig.backend.models.add(calling(TIME));
        rig.says("what time is it");

        rig.says("forget it");

        assertThat(rig.told()).anyMatch(line -> line.startsWith("TOOL: ") && line.contains("interrupted"));
    }

    @Test
    void aTranscriptionThatTakesTooLongLetsTheCallerBeAskedAgainAndAfterThreeItIsOver() {
        Rig rig = Rig.greeted("transcribe.timeout", "2s");
        rig.backend.deaf = true;

        rig.voiceFor(1_000).quietFor(2_700);
        assertThat(rig.failures)
                .containsExactly(new AgentFailure(
                        "the stage pipeline-transcribe failed: nothing came within 2000 ms: see its server, or raise"
                                + " firefly.pipeline.transcribe.timeout",
                        false));
        rig.voiceFor(1_000).quietFor(2_700).voiceFor(1_000).quietFor(2_700);

        assertThat(rig.failures).extracting(AgentFailure::fatal).containsExactly(false, false, true);
        assertThat(rig.left).isEqualTo(1);
        assertThat(rig.tally.failures(Stages.Stage.TRANSCRIBE)).isEqualTo(3);
    }

    @Test
    void anAnswerThatIsHeardForgivesTheFailuresBefore() {
        Rig rig = Rig.greeted();
        rig.backend.deafness =
                new IOException("no answer from http://127.0.0.1:1/v1 (refused)", new ClosedChannelException());
        rig.voiceFor(1_000).quietFor(700).voiceFor(1_000).quietFor(700);
        rig.backend.deafness = null;
        rig.says("hello").quietUntilSilent();
        rig.backend.deafness =
                new IOException("no answer from http://127.0.0.1:1/v1 (refused)", new ClosedChannelException());

        rig.voiceFor(1_000).quietFor(700);

        assertThat(rig.failures).hasSize(3).allMatch(failure -> !failure.fatal());
        assertThat(rig.failures.get(0).message()).contains("pipeline-transcribe failed: no answer from");
    }

    @Test
    void theTimeoutOfTheModelBeginsAnewWithEveryPiece() {
        Rig rig = Rig.greeted("generate.timeout", "1s");
        rig.backend.models.add(FakeBackend.stalled("It is a long story. "));

        rig.says("tell me").quietFor(300);
        assertThat(rig.failures).isEmpty();
        rig.quietFor(1_000);

        assertThat(rig.failures).hasSize(1);
        assertThat(rig.failures.get(0).message()).contains("pipeline-generate").contains("1000 ms");
        assertThat(rig.failures.get(0).fatal()).isFalse();
    }

    @Test
    void aSentenceThatCannotBeSpokenLetsTheCallerBeAskedAgain() {
        Rig rig = Rig.greeted();
        rig.backend.muteness = new IOException("127.0.0.1 answered HTTP 503");

        rig.says("hello");

        assertThat(rig.failures)
                .containsExactly(
                        new AgentFailure("the stage pipeline-speak failed: 127.0.0.1 answered HTTP 503", false));
        assertThat(rig.said).as("nothing was heard, nothing is written down").hasSize(1);
    }

    @Test
    void aGreetingIsTriedTwiceThenTheCallIsOver() {
        FakeBackend backend = new FakeBackend();
        backend.muteness = new IOException("no voice");
        Rig silent = new Rig(backend);

        assertThat(silent.ready).isZero();
        assertThat(backend.spoken).containsExactly("Hello.", "Hello.");
        assertThat(silent.failures)
                .containsExactly(new AgentFailure("the stage pipeline-speak failed: no voice", true));
    }

    @Test
    void anEmptyAnswerIsAFailure() {
        Rig rig = Rig.greeted();
        rig.backend.models.add(FakeBackend.saying(" "));

        rig.says("hello");

        assertThat(rig.failures).extracting(AgentFailure::fatal).containsExactly(false);
        assertThat(rig.failures.get(0).message()).contains("neither words nor a tool");
    }

    @Test
    void speechWithoutWordsIsAskedAgainTwice() {
        Rig rig = Rig.greeted();

        for (int i = 0; i < 4; i++) rig.says("...");

        assertThat(rig.failures).hasSize(2).allMatch(failure -> !failure.fatal());
        assertThat(rig.backend.prompts).isEmpty();
    }

    @Test
    void workersThatAreAllBusyAreNamedWithTheirSetting() {
        Rig rig = Rig.greeted();
        rig.workersBusy = true;

        rig.voiceFor(1_000).quietFor(700);

        assertThat(rig.failures).hasSize(1);
        assertThat(rig.failures.get(0).message()).contains("firefly.pipeline.workers");
    }

    @Test
    void anAnswerWithoutEndIsCut() {
        Rig rig = Rig.greeted("longest-answer", "100");
        rig.backend.models.add(FakeBackend.saying("Na na na. ".repeat(30)));

        rig.says("sing");
        rig.quietUntilSilent();

        assertThat(String.join(" ", rig.backend.spoken)).hasSizeLessThan(120);
        assertThat(rig.failures).isEmpty();
    }

    @Test
    void theGoodbyeIsTheModelsAndNothingFollowsIt() {
        Rig rig = Rig.greeted();
        rig.backend.models.add(FakeBackend.saying("Bye, take care."));

        CompletableFuture<Void> told = rig.session.sayGoodbye().toCompletableFuture();
        rig.quietFor(20);

        assertThat(told).isCompleted();
        assertThat(rig.backend.prompts.get(0).tools()).isEmpty();
        rig.says("wait");
        assertThat(rig.backend.heard).as("nobody listens any more").isEmpty();
        rig.quietUntilSilent();
        rig.session.close();
        assertThat(rig.said).last().isEqualTo(ai("Bye, take care."));
    }

    @Test
    void aModelThatFailsAtTheGoodbyeIsReplacedByFixedWords() {
        Rig rig = Rig.greeted();
        rig.backend.models.add(FakeBackend.failing("HTTP 500"));

        CompletableFuture<Void> told = rig.session.sayGoodbye().toCompletableFuture();
        rig.quietFor(40);

        assertThat(told).isCompleted();
        assertThat(rig.backend.spoken).last().isEqualTo("Goodbye.");
        assertThat(rig.failures).as("whoever hears a goodbye hears no apology").isEmpty();
    }

    @Test
    void aGoodbyeIsNotWaitedForWithoutEnd() {
        Rig rig = Rig.greeted("goodbye-timeout", "3s");
        rig.backend.models.add(FakeBackend.stalled());

        CompletableFuture<Void> told = rig.session.sayGoodbye().toCompletableFuture();
        rig.quietFor(2_900);
        assertThat(told).isNotCompleted();
        rig.quietFor(200);

        assertThat(told).isCompleted();
    }

    @Test
    void theHooksAreToldInOrderAndOneThatThrowsHarmsNobody() {
        Rig rig = new Rig();
        rig.backend.hooksThrow = true;
        rig.session.begin();
        rig.quietUntilSilent();

        rig.says("hello").quietUntilSilent();
        rig.session.close();

        assertThat(rig.backend.hooks).containsExactly("begins", "speaks", "stops", "turn", "ends");
        assertThat(rig.failures).isEmpty();
    }

    @Test
    void nothingReachesTheStageAfterTheEnd() {
        Rig rig = Rig.greeted();
        rig.backend.models.add(calling(TIME));
        rig.says("what time is it");
        rig.session.close();
        int said = rig.said.size();

        rig.toolAnswers.get(0).complete("9:00");
        rig.session.begin();
        rig.session.dtmf('1');
        rig.voiceFor(1_000).quietFor(1_000);

        assertThat(rig.said).hasSize(said);
        assertThat(rig.backend.prompts).hasSize(1);
        assertThat(rig.session.sayGoodbye().toCompletableFuture()).isCompleted();
    }

    @Test
    void whatTheCallerSaysLeavesNoGarbageOnTheMediaThread() {
        AudioSink ears = Rig.greeted().session.ears();
        short[] frame = new short[160];

        assertThat(Garbage.bytesOf(() -> ears.write(frame, 160))).isLessThan(1_024);
    }
}

package io.firefly.voip.callcontrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.AgentFailure;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.Utterance;
import io.firefly.voip.agent.Utterance.Speaker;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a call goes through, in the order of its orders. */
class CallControllerTest extends ControllerOnTest {
    @Test
    void aFlowRingsAnswersPlaysToTheEndAndHangsUp() {
        CallId call = offer("offer");

        controller.ring(call, Duration.ofMillis(50));
        controller.answer(call, false);
        controller.play(call, Path.of("src/test/resources/audio/tenth.wav"), 1.0);
        controller.end(call, HangupCause.NORMAL);

        await().until(() -> leg.told.contains("answer answer to offer"));
        keepTicking();
        assertThat(leg.told).containsExactly("ring", "answer answer to offer", "end normal");
        assertThat(details).singleElement().satisfies(detail -> {
            assertThat(detail.cause()).isEqualTo("normal");
            assertThat(detail.endedBy()).isEqualTo("us");
            assertThat(detail.codec()).isEqualTo("PCMA");
            assertThat(detail.talkMillis()).isPositive();
        });
    }

    @Test
    void aCancelWhileRingingEndsEverythingThatWasToCome() {
        CallId call = offer("offer");
        controller.ring(call, Duration.ofSeconds(20));
        controller.answer(call, false);
        controller.connectAgent(call, RECEPTION);
        await().until(() -> agent.told.contains("join reception"));

        listener().cancelled();

        await().until(() -> controller.calls().isEmpty());
        assertThat(leg.told).containsExactly("ring");
        assertThat(agent.told).containsExactly("join reception", "close");
        assertThat(details.get(0).cause()).isEqualTo("cancelled");
    }

    @Test
    void theAgentIsDialledWhileItRingsAndGreetsAfterTheAnswer() {
        CallId call = offer("offer");
        controller.ring(call, Duration.ofMillis(200));
        controller.answer(call, true);
        controller.connectAgent(call, RECEPTION);

        await().until(() -> agent.told.contains("join reception"));
        assertThat(leg.told).doesNotContain("answer answer to offer");
        await().until(() -> agent.told.contains("begin"));
        media.tick(FRAME);

        assertThat(agent.framesHeard).hasPositiveValue();
        assertThat(agent.brief.facts()).containsEntry("forwarded from", "+4912345");
        assertThat(recordings.callerFrames).hasValue(1);
        assertThat(recordings.agentFrames).hasValue(1);
    }

    @Test
    void aCallIsAnsweredWhenItsAgentIsReady() {
        agent.readyAtOnce = false;
        controller = controllerWith("10s", 100, Duration.ofSeconds(30), Duration.ofSeconds(20));
        CallId call = offer("offer");
        controller.ring(call, Duration.ofMillis(100));
        controller.answer(call, false);
        controller.connectAgent(call, RECEPTION);
        await().until(() -> agent.told.contains("join reception"));
        await().during(Duration.ofMillis(300)).until(() -> leg.told.equals(List.of("ring")));

        agent.stage.ready();

        await().until(() -> leg.told.contains("answer answer to offer"));
        await().until(() -> agent.told.contains("begin"));
    }

    @Test
    void anAgentThatIsNotReadyInTimeIsNotWaitedFor() {
        agent.readyAtOnce = false;
        controller = controllerWith("10s", 100, Duration.ofSeconds(30), Duration.ofMillis(100));
        CallId call = offer("offer");

        controller.connectAgent(call, RECEPTION);

        await().until(() -> leg.told.contains("answer answer to offer"));
        assertThat(controller.calls()).isNotEmpty();
    }

    @Test
    void anAgentIsOfferedItsOwnToolsAndMayRunNoOther() {
        CallId call = offer("offer");
        controller.connectAgent(
                call, new AgentProfile("desk", null, null, null, null, null, List.of("hang_up", "not_there")));
        await().until(() -> agent.told.contains("join desk"));

        assertThat(agent.brief.tools()).extracting(ToolDescription::name).containsExactly("hang_up");
        assertThat(agent.stage.call(new ToolCall(call, "1", "hang_up", "{}")).toCompletableFuture())
                .succeedsWithin(Duration.ofSeconds(10))
                .isEqualTo("{}");
        assertThat(agent.stage.call(new ToolCall(call, "2", "transfer", "{}")).toCompletableFuture())
                .succeedsWithin(Duration.ofSeconds(10))
                .isEqualTo("{\"error\":\"there is no such tool\"}");
    }

    @Test
    void anAgentWithoutAListIsOfferedAllTools() {
        controller.connectAgent(offer("offer"), RECEPTION);
        await().until(() -> agent.told.contains("join reception"));

        assertThat(agent.brief.tools()).hasSize(2);
    }

    @Test
    void whatBothSidesSayIsKeptBesideTheRecording() {
        CallId call = offer("offer");
        controller.answer(call, true);
        controller.connectAgent(call, RECEPTION);
        await().until(() -> agent.told.contains("begin"));

        agent.stage.said(new Utterance(Speaker.CALLER, "hello"));
        agent.stage.said(new Utterance(Speaker.AI, "good day"));

        await().until(() -> recordings.lines.size() == 2);
        assertThat(recordings.lines).containsExactly("CALLER: hello", "AI: good day");
    }

    @Test
    void theGoodbyeIsHeardBeforeTheCallEnds() {
        CallId call = offer("offer");
        controller.answer(call, false);
        controller.connectAgent(call, RECEPTION);
        await().until(() -> agent.told.contains("begin"));
        agent.stage.mouth().say("bye", new short[1600], 1600);

        controller.endAfterGoodbye(call);
        await().until(() -> agent.told.contains("goodbye"));
        agent.goodbyeSaid.complete(null);
        for (int i = 0; i < 10; i++) {
            assertThat(leg.told).noneMatch(said -> said.startsWith("end"));
            media.tick(FRAME);
        }

        keepTicking();
        assertThat(leg.told).last().isEqualTo("end normal");
    }

    @Test
    void aSecondWishToHangUpCutsNoGoodbye() {
        CallId call = withAgent();
        agent.stage.mouth().say("bye", new short[1600], 1600);

        controller.endAfterGoodbye(call);
        controller.endAfterGoodbye(call);
        agent.goodbyeSaid.complete(null);
        await().until(() -> agent.told.contains("goodbye"));
        for (int i = 0; i < 10; i++) {
            assertThat(leg.told).noneMatch(said -> said.startsWith("end"));
            media.tick(FRAME);
        }

        keepTicking();
        assertThat(leg.told).last().isEqualTo("end normal");
        assertThat(agent.told).containsOnlyOnce("goodbye");
    }

    @Test
    void aProviderThatGoesDuringTheGoodbyeLeavesItToBeHeard() {
        CallId call = withAgent();
        agent.stage.mouth().say("bye", new short[1600], 1600);
        controller.endAfterGoodbye(call);
        await().until(() -> agent.told.contains("goodbye"));

        agent.stage.failed(new AgentFailure("connection closed", true));

        keepTicking();
        assertThat(leg.told).last().isEqualTo("end normal");
    }

    @Test
    void whatAnAgentHadSaidBeforeItFailedIsHeardBeforeTheApology() {
        withAgent();
        short[] loud = new short[320];
        Arrays.fill(loud, (short) 4_000);
        agent.stage.mouth().say("answer", loud, loud.length);

        agent.stage.failed(new AgentFailure("connection closed", true));

        await().pollInterval(Duration.ofMillis(2)).until(() -> media.tick(FRAME)[0] == 4_000);
        assertThat(media.tick(FRAME)[159]).isEqualTo((short) 4_000);
        keepTicking();
        assertThat(leg.told).last().isEqualTo("end agent-unavailable");
    }

    @Test
    void onHoldTheAgentWaitsAndHearsNothing() throws Exception {
        withAgent();
        short[] loud = new short[160];
        Arrays.fill(loud, (short) 4_000);
        agent.stage.mouth().say("answer", loud, loud.length);

        listener().reoffered("hold").toCompletableFuture().get();
        assertThat(media.tick(loud)).containsOnly((short) 0);
        assertThat(agent.loudest).hasValue(0);

        listener().reoffered("resume").toCompletableFuture().get();
        assertThat(media.tick(loud)).containsOnly((short) 4_000);
        assertThat(agent.loudest).hasValue(4_000);
    }

    private CallId withAgent() {
        CallId call = offer("offer");
        controller.answer(call, false);
        controller.connectAgent(call, RECEPTION);
        await().until(() -> agent.told.contains("begin"));
        return call;
    }

    @Test
    void aFatalFailureOfTheAgentIsHeardAndThenTheCallEnds() {
        CallId call = offer("offer");
        controller.answer(call, false);
        controller.connectAgent(call, RECEPTION);
        await().until(() -> agent.told.contains("begin"));

        agent.stage.failed(new AgentFailure("no key", true));

        keepTicking();
        assertThat(leg.told).last().isEqualTo("end agent-unavailable");
    }

    @Test
    void anAgentThatFailedWhileItRangStillGetsTheCallerAnAnswer() {
        CallId call = offer("offer");
        controller.ring(call, Duration.ofMillis(300));
        controller.connectAgent(call, RECEPTION);
        await().until(() -> agent.told.contains("join reception"));

        agent.stage.failed(new AgentFailure("no key", true));

        await().until(() -> leg.told.contains("answer answer to offer"));
        keepTicking();
        assertThat(leg.told).last().isEqualTo("end agent-unavailable");
    }

    @Test
    void anOfferWithoutACommonCodecHears488BeforeItRings() {
        CallId call = offer("video only");

        controller.ring(call, Duration.ofSeconds(3));

        await().until(() -> controller.calls().isEmpty());
        assertThat(leg.told).containsExactly("end no-common-codec");
    }

    @Test
    void withoutAPortTheCallerHears503() {
        media.full = true;
        controller.answer(offer("offer"), false);
        controller.connectAgent(offer("offer"), RECEPTION);

        await().until(() -> controller.calls().isEmpty());
        assertThat(leg.told).containsExactly("end media-unavailable", "end media-unavailable");
    }

    @Test
    void anAgentForACallThatHasJustEndedOpensNothing() {
        for (int i = 0; i < 20; i++) {
            CallId call = offer("offer");
            controller.end(call, HangupCause.SERVER_ERROR);
            controller.connectAgent(call, RECEPTION);
        }
    }

    @Test
    void anInviteWithoutOfferGetsOursAndTheAnswerOfTheAckCounts() {
        CallId call = offer(null);
        controller.answer(call, false);
        await().until(() -> leg.told.contains("answer our offer"));

        listener().confirmed("video only");

        await().until(() -> controller.calls().isEmpty());
        assertThat(leg.told).last().isEqualTo("end no-common-codec");
    }

    @Test
    void aHoldIsAnsweredByTheMediaSide() throws Exception {
        CallId call = offer("offer");
        controller.answer(call, false);
        await().until(() -> leg.told.contains("answer answer to offer"));

        assertThat(listener().reoffered("hold").toCompletableFuture().get()).isEqualTo("answer to hold");
        assertThat(listener().reoffered("video only").toCompletableFuture().get())
                .isNull();
        assertThat(controller.calls()).hasSize(1);
    }

    @Test
    void aSoundInBetweenGivesTheAgentItsVoiceBack() {
        CallId call = offer("offer");
        controller.connectAgent(call, RECEPTION);
        await().until(() -> agent.told.contains("begin"));
        controller.play(call, Path.of("src/test/resources/audio/tenth.wav"), 1.0);
        agent.stage.mouth().say("later", new short[160], 160);

        await().pollInterval(Duration.ofMillis(2)).until(() -> {
            media.tick(FRAME);
            return !agent.stage.mouth().isSpeaking();
        });
    }

    @Test
    void aMissingFileEndsTheCallInsteadOfLeavingSilence() {
        CallId call = offer("offer");

        controller.play(call, Path.of("no/such.wav"), 1.0);

        await().until(() -> controller.calls().isEmpty());
        assertThat(leg.told).last().isEqualTo("end server-error");
    }

    @Test
    void aRingDelayBeyondThirtySecondsIsAMistake() {
        CallId call = offer("offer");

        assertThatThrownBy(() -> controller.ring(call, Duration.ofSeconds(31))).hasMessageContaining("0s to 30s");
    }
}

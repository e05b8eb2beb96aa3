package io.firefly.voip.callcontrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.AgentFailure;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.ToolDesk;
import io.firefly.voip.agent.Utterance;
import io.firefly.voip.agent.Utterance.Speaker;
import io.firefly.voip.bridge.SoundLibrary;
import io.firefly.voip.call.CallEvent;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.CallLegListener;
import io.firefly.voip.call.Diversion;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.call.Parties;
import io.firefly.voip.call.Party;
import io.firefly.voip.call.Source;
import io.firefly.voip.cdr.CallDetailRecord;
import io.firefly.voip.tenant.Tenant;
import io.firefly.voip.testing.KeptRecordings;
import io.firefly.voip.testing.RecordedLeg;
import io.firefly.voip.testing.ScriptedAgent;
import io.firefly.voip.testing.SilentMedia;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallControllerTest {
    private static final AgentProfile RECEPTION = new AgentProfile("reception", null, null, null, null, null);
    private static final short[] FRAME = new short[160];

    private final SilentMedia media = new SilentMedia();
    private final ScriptedAgent agent = new ScriptedAgent();
    private final KeptRecordings recordings = new KeptRecordings();
    private final List<CallEvent> events = new CopyOnWriteArrayList<>();
    private final List<CallDetailRecord> details = new CopyOnWriteArrayList<>();
    private final RecordedLeg leg = new RecordedLeg();
    private CallController controller = controllerWith("10s", 100);

    @AfterEach
    void nothingIsLeftOpen() {
        controller.calls().forEach(call -> controller.end(call.id(), HangupCause.SERVER_ERROR));
        await().until(() -> controller.calls().isEmpty());
        assertThat(media.openSessions()).isZero();
        assertThat(agent.openSessions()).isZero();
        assertThat(recordings.openRecordings()).isZero();
        controller.close();
    }

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
        CallId call = offer("offer");

        controller.answer(call, false);

        await().until(() -> controller.calls().isEmpty());
        assertThat(leg.told).containsExactly("end media-unavailable");
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
    void aCallNobodyDecidesAboutIsNotLeftWaiting() {
        controller.close();
        controller = controllerWith("100ms", 100);

        offer("offer");

        await().until(() -> controller.calls().isEmpty());
        assertThat(leg.told).containsExactly("end unavailable");
    }

    @Test
    void theNextCallBeyondATenantsLimitIsRefusedUntilOneEnds() {
        Tenant small = new Tenant("small", "echo", "none", new Tenant.Limits(1, Duration.ofHours(1)), false);
        CallId first = offer("offer");
        CallId second = offer("offer");

        assertThat(controller.admit(first, small)).isEqualTo(new Admission.Admitted(1));
        assertThat(controller.admit(second, small)).isInstanceOf(Admission.Refused.class);
        controller.end(first, HangupCause.BUSY);
        await().until(() -> controller.calls().size() == 1);

        assertThat(controller.admit(second, small)).isEqualTo(new Admission.Admitted(1));
    }

    @Test
    void aCallIsEndedAtTheLimitOfItsTenant() {
        Tenant brief = new Tenant("brief", "echo", "none", new Tenant.Limits(9, Duration.ofMillis(200)), false);
        CallId call = offer("offer");
        controller.admit(call, brief);

        controller.echo(call);

        await().until(() -> controller.calls().isEmpty());
        assertThat(leg.told).last().isEqualTo("end max-duration");
    }

    @Test
    void beyondTheNodesLimitNewCallsHear503() {
        controller.close();
        controller = controllerWith("10s", 1);
        offer("offer");

        offer("offer");

        assertThat(leg.told).containsExactly("end media-unavailable");
    }

    @Test
    void drainingRefusesNewCallsAndCompletesWithTheLastOne() {
        CallId call = offer("offer");
        controller.echo(call);
        await().until(() -> leg.told.contains("answer answer to offer"));

        CompletableFuture<Integer> drained = controller.drain().toCompletableFuture();
        offer("offer");
        assertThat(leg.told).last().isEqualTo("end draining");
        assertThat(drained).isNotDone();
        listener().hungUp();

        await().until(drained::isDone);
        assertThat(drained).isCompletedWithValue(0);
    }

    @Test
    void aMissingFileEndsTheCallInsteadOfLeavingSilence() {
        CallId call = offer("offer");

        controller.play(call, Path.of("no/such.wav"), 1.0);

        await().until(() -> controller.calls().isEmpty());
        assertThat(leg.told).last().isEqualTo("end server-error");
    }

    @Test
    void everyCallEndsExactlyOnceHoweverManyEndIt() {
        CallId call = offer("offer");
        controller.echo(call);
        await().until(() -> leg.told.contains("answer answer to offer"));

        controller.end(call, HangupCause.BUSY);
        listener().hungUp();
        listener().lost(HangupCause.NO_ACK);

        await().until(() -> controller.calls().isEmpty());
        assertThat(details).hasSize(1);
        assertThat(events)
                .filteredOn(event -> event instanceof CallEvent.CallEnded)
                .hasSize(1);
    }

    @Test
    void aRingDelayBeyondThirtySecondsIsAMistake() {
        CallId call = offer("offer");

        assertThatThrownBy(() -> controller.ring(call, Duration.ofSeconds(31))).hasMessageContaining("0s to 30s");
    }

    /** The media clock of this test: runs until the call is over, bounded by Awaitility. */
    private void keepTicking() {
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(10))
                .until(() -> {
                    for (int i = 0; i < 5; i++) media.tick(FRAME);
                    return controller.calls().isEmpty();
                });
    }

    private CallLegListener listener() {
        var listener = leg.listener;
        if (listener == null) throw new IllegalStateException("nobody listens to the leg");
        return listener;
    }

    private CallId offer(@Nullable String sdp) {
        Party caller = new Party("+49301", "example.test", "sip:+49301@example.test", "Ada");
        Party called = new Party("chat", "firefly.test", "sip:chat@firefly.test", null);
        Party forwarder = new Party("+4912345", "example.test", "sip:+4912345@example.test", null);
        Parties parties = new Parties(
                caller, called, called, null, List.of(new Diversion(forwarder, "user-busy", 1, false)), List.of());
        Source source = new Source("udp", new InetSocketAddress(InetAddress.getLoopbackAddress(), 5062), null, true);
        IncomingCall incoming = new IncomingCall(CallId.next(), parties, source, sdp, "call-id@test", leg);
        controller.onIncomingCall(incoming);
        if (controller.calls().stream().anyMatch(call -> call.id().equals(incoming.id()))) {
            await().until(() -> leg.listener != null);
        }
        return incoming.id();
    }

    private CallController controllerWith(String decideWithin, int maxConcurrent) {
        var settings = new CallControlProperties(
                maxConcurrent,
                Duration.ofHours(4),
                Duration.parse("PT" + decideWithin.replace("100ms", "0.1s")),
                Duration.ofSeconds(30),
                2,
                Path.of("src/test/resources/audio/tenth.wav"),
                Path.of("src/test/resources/audio/tenth.wav"));
        var services = new CallServices(
                media,
                agent,
                new NoTools(),
                recordings,
                new SoundLibrary(),
                new TranscriptConsole(false, ZoneOffset.UTC),
                settings,
                1.0,
                Clock.systemUTC());
        return new CallController(services, new CallThreads(2), List.of(events::add), List.of(details::add));
    }

    private static final class NoTools implements ToolDesk {
        @Override
        public List<ToolDescription> offered() {
            return List.of();
        }

        @Override
        public CompletionStage<String> run(ToolCall call) {
            return CompletableFuture.completedFuture("{}");
        }
    }
}

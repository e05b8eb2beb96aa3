package io.firefly.voip.callcontrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.ToolDesk;
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
import io.firefly.voip.callcontrol.admission.CallLimits;
import io.firefly.voip.callcontrol.tools.ToolGate;
import io.firefly.voip.callcontrol.tools.ToolPolicyProperties;
import io.firefly.voip.cdr.CallDetailRecord;
import io.firefly.voip.tenant.directory.CallDirectory;
import io.firefly.voip.tenant.usage.MinuteLedger;
import io.firefly.voip.tenant.usage.TenantUsage;
import io.firefly.voip.testing.KeptRecordings;
import io.firefly.voip.testing.RecordedLeg;
import io.firefly.voip.testing.ScriptedAgent;
import io.firefly.voip.testing.ScriptedDialer;
import io.firefly.voip.testing.SilentMedia;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A controller with everything around it played by stand-ins; nothing may be left open when a test is over. */
class ControllerOnTest {
    static final AgentProfile RECEPTION = new AgentProfile("reception", null, null, null, null, null, null);
    static final short[] FRAME = new short[160];

    final SilentMedia media = new SilentMedia();
    final ScriptedAgent agent = new ScriptedAgent();
    final KeptRecordings recordings = new KeptRecordings();
    final List<CallEvent> events = new CopyOnWriteArrayList<>();
    final List<CallDetailRecord> details = new CopyOnWriteArrayList<>();
    final RecordedLeg leg = new RecordedLeg();
    final CallDirectory directory = new CallDirectory();
    final ScriptedDialer dialer = new ScriptedDialer();
    final TenantUsage usage = new TenantUsage(MinuteLedger.NONE, Clock.systemUTC());
    CallController controller = controllerWith("10s", 100);

    @AfterEach
    void nothingIsLeftOpen() {
        controller.calls().forEach(call -> controller.end(call.id(), HangupCause.SERVER_ERROR));
        await().until(() -> controller.calls().isEmpty());
        assertThat(media.openSessions()).isZero();
        assertThat(agent.openSessions()).isZero();
        assertThat(dialer.openLegs()).isZero();
        assertThat(recordings.openRecordings()).isZero();
        controller.close();
    }

    /** The media clock of this test: runs until the call is over, bounded by Awaitility. */
    void keepTicking() {
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(10))
                .until(() -> {
                    for (int i = 0; i < 5; i++) media.tick(FRAME);
                    return controller.calls().isEmpty();
                });
    }

    CallLegListener listener() {
        var listener = leg.listener;
        if (listener == null) throw new IllegalStateException("nobody listens to the leg");
        return listener;
    }

    CallId offer(@Nullable String sdp) {
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

    CallController controllerWith(String decideWithin, int maxConcurrent) {
        return controllerWith(decideWithin, maxConcurrent, Duration.ofSeconds(30));
    }

    CallController controllerWith(String decideWithin, int maxConcurrent, Duration drainTimeout) {
        return controllerWith(decideWithin, maxConcurrent, drainTimeout, Duration.ofSeconds(2));
    }

    CallController controllerWith(String decideWithin, int maxConcurrent, Duration drainTimeout, Duration agentWithin) {
        var settings = new CallControlProperties(
                maxConcurrent,
                Duration.ofHours(4),
                Duration.parse("PT" + decideWithin.replace("100ms", "0.1s")),
                agentWithin,
                drainTimeout,
                2,
                Path.of("src/test/resources/audio/tenth.wav"),
                Path.of("src/test/resources/audio/tenth.wav"),
                Path.of("src/test/resources/audio/tenth.wav"));
        var services = new CallServices(
                media,
                agent,
                new ToolGate(new TwoTools(), directory, policy(), Clock.systemUTC()),
                dialer,
                recordings,
                new SoundLibrary(),
                new TranscriptConsole(false, ZoneOffset.UTC),
                settings,
                1.0,
                Clock.systemUTC());
        return new CallController(
                services, new CallThreads(2), new CallLimits(usage), List.of(events::add), List.of(details::add));
    }

    static ToolPolicyProperties policy() {
        Path sound = Path.of("src/test/resources/audio/tenth.wav");
        return new ToolPolicyProperties(50, 20, Duration.ofMillis(1_500), sound, sound, sound, Duration.ofSeconds(8));
    }

    private static final class TwoTools implements ToolDesk {
        @Override
        public List<ToolDescription> offered() {
            return List.of(
                    new ToolDescription("hang_up", "End the call", Map.of()),
                    new ToolDescription("transfer", "Pass the call on", Map.of()));
        }

        @Override
        public CompletionStage<String> run(ToolCall call) {
            return CompletableFuture.completedFuture("{}");
        }
    }
}

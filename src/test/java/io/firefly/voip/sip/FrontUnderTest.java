package io.firefly.voip.sip;

import io.firefly.voip.call.CallLegListener;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.IncomingCall;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A front door on a free port of loopback, whose INVITEs become calls that a test looks at. */
final class FrontUnderTest implements AutoCloseable {
    static final String OUR_SDP = SipPeer.sdp(50000);
    static final SipDialog.Timers HURRY = new SipDialog.Timers(
            Duration.ofMillis(100),
            Duration.ofMillis(400),
            Duration.ofMillis(1500),
            Duration.ofMillis(300),
            Duration.ofMillis(800));

    final JainSipFront front;
    final BlockingQueue<Heard> calls = new LinkedBlockingQueue<>();
    final List<SipRequest> requests = new CopyOnWriteArrayList<>();

    FrontUnderTest(SipProperties properties, SipDialog.Timers timers) {
        this(new JainSipFront(properties, timers));
        front.ready();
    }

    /** One whose routes are still being loaded. */
    FrontUnderTest(JainSipFront closed) {
        front = closed.open();
    }

    static SipProperties properties(List<String> trusted, SipProperties.Limits limits) {
        return new SipProperties(
                "127.0.0.1", 0, null, true, true, trusted, List.of(), 2, Duration.ofSeconds(20), limits);
    }

    /** Loopback is trusted, so that no test runs into the rate limit. */
    static FrontUnderTest inAHurry() {
        return new FrontUnderTest(properties(List.of("127.0.0.0/8"), SipProperties.Limits.DEFAULT), HURRY);
    }

    /** The same, and whoever is there may ask us for a password. */
    static FrontUnderTest inAHurryAs(String user, String password) {
        SipProperties usual = properties(List.of("127.0.0.0/8"), SipProperties.Limits.DEFAULT);
        return new FrontUnderTest(
                new SipProperties(
                        usual.bind(),
                        usual.port(),
                        null,
                        true,
                        true,
                        usual.trustedAddresses(),
                        List.of(new SipProperties.Peer(List.of("127.0.0.0/8"), user, password)),
                        usual.threads(),
                        usual.unansweredTimeout(),
                        usual.limits()),
                HURRY);
    }

    static FrontUnderTest untrusting() {
        return new FrontUnderTest(properties(List.of(), SipProperties.Limits.DEFAULT), HURRY);
    }

    /** Every INVITE becomes a call, with which that is done at once. */
    FrontUnderTest calling(Consumer<IncomingCall> atOnce) {
        front.handle(Set.of("INVITE"), (request, responder) -> {
            requests.add(request);
            Heard heard = new Heard(request.toIncomingCall());
            heard.call.leg().listen(heard);
            atOnce.accept(heard.call);
            calls.add(heard);
        });
        return this;
    }

    FrontUnderTest answering() {
        return calling(call -> call.leg().answer(OUR_SDP));
    }

    int port() {
        return front.ports().getOrDefault("udp", -1);
    }

    SipPeer udp() throws java.io.IOException {
        return SipPeer.udp(port());
    }

    SipPeer tcp() throws java.io.IOException {
        return SipPeer.tcp(front.ports().getOrDefault("tcp", -1));
    }

    Heard call() throws InterruptedException {
        Heard heard = calls.poll(5, TimeUnit.SECONDS);
        if (heard == null) throw new AssertionError("no call came");
        return heard;
    }

    @Override
    public void close() {
        front.close();
    }

    /** What the leg of one call told. */
    static final class Heard implements CallLegListener {
        final IncomingCall call;
        final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        volatile CompletionStage<@Nullable String> reofferAnswer = CompletableFuture.completedFuture(OUR_SDP);

        Heard(IncomingCall call) {
            this.call = call;
        }

        String next() throws InterruptedException {
            String event = events.poll(5, TimeUnit.SECONDS);
            return event == null ? "nothing" : event;
        }

        @Override
        public void cancelled() {
            events.add("cancelled");
        }

        @Override
        public void confirmed(@Nullable String sdpAnswer) {
            events.add(sdpAnswer == null ? "confirmed" : "confirmed with answer");
        }

        @Override
        public void hungUp() {
            events.add("hungUp");
        }

        @Override
        public void lost(HangupCause cause) {
            events.add("lost " + cause);
        }

        @Override
        public CompletionStage<@Nullable String> reoffered(@Nullable String sdpOffer) {
            events.add(sdpOffer == null ? "reoffered without offer" : "reoffered");
            return reofferAnswer;
        }

        @Override
        public void dtmf(char digit) {
            events.add("dtmf " + digit);
        }
    }
}

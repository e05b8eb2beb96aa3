package io.firefly.voip.media.freeswitch.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.MediaListener;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.MediaStatistics;
import io.firefly.voip.media.Negotiated;
import io.firefly.voip.media.freeswitch.engine.FakeSwitch;
import io.firefly.voip.media.freeswitch.engine.FakeSwitch.Channel;
import io.firefly.voip.media.freeswitch.leg.LegDesk;
import io.firefly.voip.media.freeswitch.leg.Strands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RtpAudioTest {
    private static final String HEAD = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n";
    private static final String OFFER = HEAD + "m=audio 16384 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\n"
            + "a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n";
    private static final String ANSWER = HEAD + "m=audio 20000 RTP/AVP 0 101\r\n";

    private final FakeSwitch freeSwitch = new FakeSwitch();
    private final FakeSwitch.Node node = freeSwitch.node("one");
    private final Channel caller = new Channel(node);
    private final Strands strands = new Strands(1);
    private final LegDesk desk =
            new LegDesk(freeSwitch, freeSwitch, "here", new LegDesk.Patience(Duration.ofMillis(700), Duration.ZERO));
    private final Inner inner = new Inner();
    private final CallId call = new CallId("one-call");
    private final RtpAudio audio = new RtpAudio(new RtpAudio.Place(call, node, inner), desk, strands.of(call));
    private final AtomicInteger lost = new AtomicInteger();

    @AfterEach
    void atRest() {
        audio.close();
        audio.close();
        await().until(() -> inner.closed);
        assertThat(freeSwitch.openLegs()).isZero();
        assertThat(desk.openLegs()).isZero();
        strands.close();
    }

    @Test
    void ourLegSpeaksWhatTheCallerSpeaks() throws Exception {
        var prepared = audio.prepare("PCMU");
        await().until(() -> !freeSwitch.legs.isEmpty());
        assertThat(freeSwitch.leg(0).invitation.uri()).isEqualTo("sip:firefly-media@one:5080");
        assertThat(freeSwitch.leg(0).invitation.sdpOffer()).contains("RTP/AVP 0 101");
        freeSwitch.leg(0).answer(ANSWER);
        assertThat(get(prepared)).isEqualTo(AudioFormat.NARROWBAND);
        assertThat(inner.accepted).containsExactly(ANSWER);
    }

    @Test
    void aRefusedLegSaysWhy() {
        var prepared = audio.prepare("OPUS");
        await().until(() -> !freeSwitch.legs.isEmpty());
        assertThat(freeSwitch.leg(0).invitation.sdpOffer()).contains("RTP/AVP 8 0 101");
        freeSwitch.leg(0).refuse(503, "Maximum Calls In Progress");
        assertThat(prepared.toCompletableFuture())
                .failsWithin(Duration.ofSeconds(2))
                .withThrowableThat()
                .withMessageContaining("503 Maximum Calls In Progress");
    }

    @Test
    void soundFlowsWhenTheBridgeIsReported() throws Exception {
        Channel ours = prepared();
        var attached = audio.attach(caller);
        await().until(() -> caller.asked.contains("uuid_bridge " + caller.uuid() + " " + ours.uuid()));
        assertThat(attached.toCompletableFuture()).isNotDone();
        ours.heard().bridged(caller.uuid());
        get(attached);
    }

    @Test
    void aChannelWithoutMediaYetIsTriedAgain() throws Exception {
        Channel ours = prepared();
        AtomicInteger tries = new AtomicInteger();
        caller.answers = (command, arguments) -> tries.incrementAndGet() < 3 ? "-ERR no media" : "+OK";
        var attached = audio.attach(caller);
        await().until(() -> tries.get() == 3);
        ours.heard().bridged(caller.uuid());
        get(attached);
    }

    @Test
    void aBridgeThatNeverStandsFails() throws Exception {
        prepared();
        assertThat(audio.attach(caller).toCompletableFuture())
                .failsWithin(Duration.ofSeconds(3))
                .withThrowableThat()
                .withMessageContaining("no CHANNEL_BRIDGE");
    }

    @Test
    void whateverBreaksIsToldOnce() throws Exception {
        Channel ours = bridged();
        ours.heard().unbridged();
        ours.heard().hungUp(HangupCause.NORMAL, "NORMAL_CLEARING");
        freeSwitch.leg(0).listener.hungUp(16);
        await().until(() -> lost.get() > 0);
        await().during(Duration.ofMillis(100)).until(() -> lost.get() == 1);
    }

    @Test
    void aByeOnOurLegBreaksIt() throws Exception {
        bridged();
        freeSwitch.leg(0).listener.hungUp(16);
        await().until(() -> lost.get() == 1);
    }

    @Test
    void aSilentCallerIsNoFaultWhileTheLoopRuns() throws Exception {
        bridged();
        inner.sending = true;
        inner.heard().timedOut();
        await().during(Duration.ofMillis(700)).atMost(Duration.ofSeconds(2)).until(() -> lost.get() == 0);
    }

    @Test
    void aLoopThatStandsStillIsAFault() throws Exception {
        bridged();
        inner.heard().timedOut();
        await().until(() -> lost.get() == 1);
    }

    @Test
    void closingWhileItIsDialledCancelsTheLeg() {
        var prepared = audio.prepare();
        await().until(() -> !freeSwitch.legs.isEmpty());
        audio.close();
        assertThat(prepared.toCompletableFuture()).failsWithin(Duration.ofSeconds(2));
        assertThat(freeSwitch.leg(0).ended).isNotNull();
    }

    @Test
    void nothingIsToldAfterTheClose() throws Exception {
        Channel ours = bridged();
        audio.close();
        await().until(() -> inner.closed);
        ours.heard().lost("node one is gone");
        await().during(Duration.ofMillis(100)).until(() -> lost.get() == 0);
    }

    private Channel prepared() throws Exception {
        var prepared = audio.prepare("PCMU");
        await().until(() -> !freeSwitch.legs.isEmpty());
        Channel ours = freeSwitch.leg(0).answer(ANSWER);
        get(prepared);
        return ours;
    }

    private Channel bridged() throws Exception {
        Channel ours = prepared();
        var attached = audio.attach(caller);
        ours.heard().bridged(caller.uuid());
        get(attached);
        audio.start(lost::incrementAndGet);
        await().until(() -> inner.listener != null);
        return ours;
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(3, TimeUnit.SECONDS);
    }

    /** A session of the embedded engine. */
    private static final class Inner implements MediaSession {
        final List<String> accepted = new CopyOnWriteArrayList<>();
        volatile @Nullable MediaListener listener;
        volatile boolean sending;
        volatile boolean closed;
        private long sent;

        MediaListener heard() {
            MediaListener now = listener;
            if (now == null) throw new IllegalStateException("not started");
            return now;
        }

        @Override
        public CompletionStage<Negotiated> answer(String sdpOffer) {
            return CompletableFuture.completedFuture(new Negotiated.Agreed(OFFER, "PCMU", true));
        }

        @Override
        public CompletionStage<String> offer() {
            return CompletableFuture.completedFuture(OFFER);
        }

        @Override
        public CompletionStage<Negotiated> accept(String sdpAnswer) {
            accepted.add(sdpAnswer);
            return CompletableFuture.completedFuture(new Negotiated.Agreed(OFFER, "PCMU", true));
        }

        @Override
        public void start(MediaListener told) {
            listener = told;
        }

        @Override
        public void connect(AudioSink fromCaller, AudioSource toCaller) {}

        @Override
        public AudioFormat format() {
            return AudioFormat.NARROWBAND;
        }

        @Override
        public void sendDtmf(String digits) {}

        @Override
        public MediaStatistics statistics() {
            if (sending) sent++;
            return new MediaStatistics("PCMU", 0, sent, 0, 0, 0, 0, 0, 0);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}

package io.firefly.voip.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.audio.G711;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.MediaListener;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.MediaUnavailableException;
import io.firefly.voip.media.Negotiated;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole engine with its own threads, against a real socket. */
@Timeout(30)
class RtpMediaEngineTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final RtpMediaEngine engine = new RtpMediaEngine(RtpSettings.loopback(20_000, 20_999));
    private final RtpPeer peer = new RtpPeer();
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final MediaListener listener = new MediaListener() {
        @Override
        public void dtmf(char digit, int millis) {
            told.add(digit + " " + millis);
        }

        @Override
        public void timedOut() {
            told.add("timed out");
        }
    };

    @AfterEach
    void close() {
        peer.close();
        engine.close();
        assertThat(engine.openSessions()).isZero();
        assertThat(engine.leasedPorts()).isZero();
    }

    /** The best of three: a busy build machine may keep any thread waiting once. */
    @Test
    void theCallerHearsSomethingWithinATenthOfASecond() {
        long fastestNanos = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            try (MediaSession session = engine.open(CallId.next())) {
                agree(session, peer.offer(""));
                peer.drain();
                long started = System.nanoTime();
                session.start(listener);
                fastestNanos = Math.min(fastestNanos, peer.hear().nanos() - started);
            }
        }
        assertThat(fastestNanos).isLessThan(Duration.ofMillis(100).toNanos());
    }

    @Test
    void whoHasNothingToSaySendsSilenceInOrder() {
        MediaSession session = engine.open(CallId.next());
        agree(session, peer.offer(""));
        session.start(listener);
        RtpPeer.Heard first = peer.hear();
        assertThat(first.marker()).isTrue();
        assertThat(first.payloadType()).isZero();
        assertThat(first.payload()).hasSize(160).containsOnly(G711.PCMU.silence());
        RtpPeer.Heard second = peer.hear();
        assertThat(second.marker()).isFalse();
        assertThat(second.sequence()).isEqualTo((first.sequence() + 1) & 0xFFFF);
        assertThat(second.timestamp()).isEqualTo(first.timestamp() + 160);
        assertThat(second.ssrc()).isEqualTo(first.ssrc());
    }

    @Test
    void aToneThatGoesInComesOut() {
        MediaSession session = engine.open(CallId.next());
        int port = agree(session, peer.offer(""));
        EchoRing echo = new EchoRing();
        session.connect(echo, echo);
        session.start(listener);

        List<RtpPeer.Heard> heard = converse(port, 60);

        assertThat(heard).anySatisfy(packet -> {
            short[] pcm = packet.pcm(G711.PCMU);
            assertThat(RtpPeer.strength(pcm, 500)).isBetween(7_000.0, 9_000.0);
            assertThat(RtpPeer.strength(pcm, 1_300)).isLessThan(500);
        });
        assertThat(session.statistics().packetsReceived()).isBetween(55L, 60L);
        assertThat(session.statistics().packetsLost()).isZero();
        assertThat(session.statistics().codec()).isEqualTo("PCMU");
    }

    @Test
    void boundToBothFamiliesEveryoneIsAnsweredInTheirOwn() throws IOException {
        InetAddress both = InetAddress.getByName("::");
        Assumptions.assumeTrue(hasIpv6(), "skipped: this host has no IPv6");
        RtpProperties settings = new RtpProperties(
                21_100,
                21_119,
                both,
                null,
                Duration.ofMillis(3),
                Duration.ofMillis(200),
                PATIENCE,
                Duration.ZERO,
                List.of(G711.PCMU),
                1,
                true);
        try (RtpMediaEngine dual = new RtpMediaEngine(settings);
                DatagramSocket six = new DatagramSocket(0, InetAddress.getAllByName("::1")[0])) {
            MediaSession overFour = dual.open(CallId.next());
            EchoRing echo = new EchoRing();
            overFour.connect(echo, echo);
            int port = agree(overFour, peer.offer(""));
            overFour.start(listener);
            assertThat(converse(port, 20)).isNotEmpty();
            assertThat(overFour.statistics().packetsReceived())
                    .as("heard, no stranger")
                    .isPositive();

            MediaSession overSix = dual.open(CallId.next());
            String offer = "v=0\r\no=- 1 1 IN IP6 ::1\r\ns=-\r\nc=IN IP6 ::1\r\nt=0 0\r\nm=audio " + six.getLocalPort()
                    + " RTP/AVP 0\r\n";
            Negotiated answer = overSix.answer(offer).toCompletableFuture().join();
            assertThat(answer).isInstanceOfSatisfying(Negotiated.Agreed.class, agreed -> assertThat(agreed.sdp())
                    .contains("c=IN IP6 "));
            overSix.start(listener);
            six.setSoTimeout(2_000);
            DatagramPacket heard = new DatagramPacket(new byte[2_048], 2_048);
            six.receive(heard);
            assertThat(heard.getLength()).isEqualTo(172);
        }
    }

    private static boolean hasIpv6() {
        try (DatagramSocket probe = new DatagramSocket(0, InetAddress.getAllByName("::1")[0])) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void ourOwnOfferCarriesACallToo() {
        MediaSession session = engine.open(CallId.next());
        String offer = session.offer().toCompletableFuture().join();
        int port = portOf(offer);
        assertThat(offer).contains("m=audio " + port + " RTP/AVP 8 0 101");
        Negotiated agreed = session.accept(peer.offer("a=sendrecv\r\n"))
                .toCompletableFuture()
                .join();
        assertThat(agreed).isEqualTo(new Negotiated.Agreed(offer, "PCMU", true));
        session.start(listener);
        assertThat(peer.hear().payload()).hasSize(160);
    }

    @Test
    void keysAreToldOffTheMediaThread() {
        MediaSession session = engine.open(CallId.next());
        int port = agree(session, peer.offer(""));
        session.start(listener);
        peer.hear();
        for (int i = 1; i <= 5; i++) peer.event(port, 11, i == 5, i * 160);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).containsExactly("# 100"));
    }

    @Test
    void keysAreSentAsEvents() {
        MediaSession session = engine.open(CallId.next());
        agree(session, peer.offer(""));
        session.start(listener);
        session.sendDtmf("5d");
        List<RtpPeer.Heard> events = new ArrayList<>();
        while (events.size() < 14) {
            RtpPeer.Heard heard = peer.hear();
            if (heard.payloadType() == 101) events.add(heard);
        }
        assertThat(events.get(0).marker()).isTrue();
        assertThat(events.subList(0, 7)).allMatch(event -> event.payload()[0] == 5);
        assertThat(events.subList(7, 14)).allMatch(event -> event.payload()[0] == 15);
        assertThat(events.stream().filter(event -> event.payload()[1] < 0)).hasSize(6);
        assertThat(events.get(7).timestamp() - events.get(0).timestamp()).isEqualTo(8 * 160);
        assertThatThrownBy(() -> session.sendDtmf("12x")).hasMessageContaining("12x");
    }

    @Test
    void holdSilencesUsAndUnholdStartsATalkSpurt() {
        MediaSession session = engine.open(CallId.next());
        agree(session, peer.offer(""));
        session.start(listener);
        peer.hear();

        Negotiated held = session.answer(peer.offer("a=sendonly\r\n"))
                .toCompletableFuture()
                .join();
        assertThat(held).isInstanceOfSatisfying(Negotiated.Agreed.class, agreed -> {
            assertThat(agreed.callerHears()).isFalse();
            assertThat(agreed.sdp()).contains("a=recvonly");
        });
        await().atMost(PATIENCE).until(() -> peer.drain().isEmpty());

        agree(session, peer.offer("a=sendrecv\r\n"));
        RtpPeer.Heard back = peer.hear();
        assertThat(back.marker()).isTrue();
    }

    @Test
    void aRefusedOfferIsAValue() {
        MediaSession session = engine.open(CallId.next());
        assertThat(session.answer("nonsense").toCompletableFuture().join())
                .isEqualTo(new Negotiated.Refused(
                        HangupCause.NO_COMMON_CODEC, "malformed SDP, line 1: not of the form x=value"));
        assertThatThrownBy(() -> session.start(listener)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void twoHundredCallsGiveEveryPortBack() {
        List<MediaSession> sessions = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            MediaSession session = engine.open(CallId.next());
            agree(session, peer.offer(""));
            if (i % 2 == 0) session.start(listener);
            sessions.add(session);
        }
        assertThat(engine.openSessions()).isEqualTo(200);
        assertThat(engine.leasedPorts()).isEqualTo(200);
        sessions.forEach(MediaSession::close);
        sessions.forEach(MediaSession::close);
        assertThat(engine.openSessions()).isZero();
        await().atMost(PATIENCE).until(() -> engine.leasedPorts() == 0);
    }

    @Test
    void whenThePortsAreGoneTheSettingIsNamed() {
        try (RtpMediaEngine small = new RtpMediaEngine(RtpSettings.loopback(21_000, 21_003))) {
            List<MediaSession> sessions = List.of(small.open(CallId.next()), small.open(CallId.next()));
            assertThat(sessions).hasSize(2);
            assertThatThrownBy(() -> small.open(CallId.next()))
                    .isInstanceOf(MediaUnavailableException.class)
                    .hasMessageContaining("firefly.media.rtp.first-port 21000 to last-port 21003: 2 pairs in use");
        }
    }

    @Test
    void aGoodbyeIsSaidInRtcp() {
        MediaSession session = engine.open(CallId.next());
        agree(session, peer.offer(""));
        session.start(listener);
        peer.hear();
        session.close();
        await().atMost(PATIENCE).until(() -> {
            var packet = peer.hearRaw();
            return packet != null && (packet.get(1) & 0xFF) == 200 && (packet.get(packet.limit() - 7) & 0xFF) == 203;
        });
    }

    @Test
    void aBrokenAudioPathBecomesSilenceAndNothingElseBreaks() {
        MediaSession session = engine.open(CallId.next());
        agree(session, peer.offer(""));
        session.connect((pcm, length) -> {}, (pcm, length) -> {
            throw new IllegalStateException("broken on purpose by a test");
        });
        session.start(listener);
        for (int i = 0; i < 5; i++) assertThat(peer.hear().payload()).containsOnly(G711.PCMU.silence());
    }

    @Test
    void anErrorOfOneCallSilencesNobodyElse() {
        MediaSession broken = engine.open(CallId.next());
        agree(broken, peer.offer(""));
        broken.connect(
                (pcm, length) -> {
                    throw new AssertionError("broken on purpose by a test");
                },
                (pcm, length) -> 0);
        try (RtpPeer other = new RtpPeer()) {
            MediaSession sound = engine.open(CallId.next());
            agree(sound, other.offer(""));
            sound.start(listener);
            broken.start(listener);
            for (int i = 0; i < 5; i++) assertThat(peer.hear().payload()).containsOnly(G711.PCMU.silence());
            other.drain();
            for (int i = 0; i < 5; i++) other.hear();
        }
    }

    @Test
    void anErrorInAnOrderSilencesNobody() {
        MediaSession session = engine.open(CallId.next());
        agree(session, peer.offer(""));
        session.start(listener);
        engine.leastLoadedLoop().execute((scratch, nowNanos) -> {
            throw new AssertionError("broken on purpose by a test");
        });
        peer.hear();
        peer.drain();
        for (int i = 0; i < 5; i++) peer.hear();
    }

    @Test
    void aLoopThatFailsEndsItsCallsAndCarriesTheNext() {
        MediaSession lost = engine.open(CallId.next());
        agree(lost, peer.offer(""));
        lost.start(listener);
        peer.hear();
        MediaLoop loop = engine.leastLoadedLoop();
        loop.execute((scratch, nowNanos) -> loop.abandon(new OutOfMemoryError("made up by a test")));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).containsExactly("timed out"));
        lost.close();
        await().atMost(PATIENCE).until(() -> engine.leasedPorts() == 0);

        try (RtpPeer other = new RtpPeer()) {
            MediaSession next = engine.open(CallId.next());
            agree(next, other.offer(""));
            next.start(listener);
            for (int i = 0; i < 5; i++) other.hear();
        }
    }

    @Test
    void aPortThatAnotherProgramHasIsPassedOver() throws IOException {
        InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), 21_011);
        try (DatagramSocket other = new DatagramSocket(taken);
                RtpMediaEngine small = new RtpMediaEngine(RtpSettings.loopback(21_010, 21_013))) {
            assertThat(other.isBound()).isTrue();
            MediaSession session = small.open(CallId.next());
            assertThat(portOf(session.offer().toCompletableFuture().join())).isEqualTo(21_012);
        }
    }

    @Test
    void aLoopThatStoodStillSkipsWhatNobodyWantsToHearAnyMore() {
        MediaSession session = engine.open(CallId.next());
        agree(session, peer.offer(""));
        session.start(listener);
        RtpPeer.Heard before = peer.hear();
        MediaLoop loop = engine.leastLoadedLoop();
        long[] stoodNanos = {0};
        loop.execute((scratch, nowNanos) -> {
            long until = nowNanos + Duration.ofMillis(300).toNanos();
            while (System.nanoTime() - until < 0) LockSupport.parkNanos(1_000_000);
            stoodNanos[0] = System.nanoTime() - nowNanos;
        });
        await().atMost(PATIENCE).until(() -> loop.skippedTicks() >= 10);
        RtpPeer.Heard after = peer.hear();
        for (int i = 0; i < 100 && !after.marker(); i++) {
            before = after;
            after = peer.hear();
        }
        assertThat(after.marker()).isTrue();
        assertThat(after.timestamp() - before.timestamp()).isBetween(11 * 160, (int) (stoodNanos[0] / 125_000) + 640);
        assertThat(after.sequence()).isEqualTo((before.sequence() + 1) & 0xFFFF);
    }

    private static int agree(MediaSession session, String offer) {
        Negotiated negotiated = session.answer(offer).toCompletableFuture().join();
        assertThat(negotiated).isInstanceOf(Negotiated.Agreed.class);
        return portOf(((Negotiated.Agreed) negotiated).sdp());
    }

    private static int portOf(String sdp) {
        return Integer.parseInt(sdp.split("m=audio ", -1)[1].split(" ", -1)[0]);
    }

    /** Says a tone at the pace of a phone and returns what was heard meanwhile. */
    private List<RtpPeer.Heard> converse(int port, int frames) {
        List<RtpPeer.Heard> heard = new ArrayList<>();
        long next = System.nanoTime();
        for (int i = 0; i < frames; i++, next += 20_000_000) {
            for (long wait = next - System.nanoTime(); wait > 0; wait = next - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            peer.say(port, RtpPeer.tone(G711.PCMU, 500, i * 160));
            heard.addAll(peer.drain());
        }
        return heard;
    }
}

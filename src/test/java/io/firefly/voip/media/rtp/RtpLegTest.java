package io.firefly.voip.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.firefly.voip.audio.G711;
import io.firefly.voip.media.rtp.RtpLeg.Count;
import io.firefly.voip.media.sdp.AudioAgreement;
import io.firefly.voip.media.sdp.Direction;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One leg with real sockets and a clock in the hands of the test: a tick is 20 ms, however long it takes. */
class RtpLegTest {
    private static final long TICK_NANOS = 20_000_000;
    private static final RtpProperties SETTINGS =
            RtpSettings.with(22_000, 22_199, Duration.ofSeconds(30), Duration.ZERO);

    private final PortPool pool = new PortPool(SETTINGS, System::nanoTime);
    private final PortPool.Lease ports = pool.lease();
    private final List<String> told = new ArrayList<>();
    private final RtpLeg leg = new RtpLeg(ports, SETTINGS, new Told());
    private final RtpLeg.Scratch scratch = new RtpLeg.Scratch();
    private final RtpPeer peer = new RtpPeer();
    private final List<short[]> heard = new ArrayList<>();
    private long nowNanos = 1_000_000_000;

    private final class Told implements RtpLeg.Reports {
        @Override
        public void pressed(char digit, int millis) {
            told.add(digit + " " + millis);
        }

        @Override
        public void timedOut() {
            told.add("timed out");
        }

        @Override
        public void fault(Throwable fault) {
            told.add("fault");
        }
    }

    @BeforeEach
    void begin() {
        leg.agree(agreement(peer.port(), Direction.SENDRECV, false), nowNanos);
        leg.begin(scratch, nowNanos);
        leg.connect((pcm, length) -> heard.add(pcm.clone()), (pcm, length) -> 0);
    }

    @AfterEach
    void close() {
        leg.close(scratch);
        leg.close(scratch);
        peer.close();
        assertThat(pool.leased()).isZero();
    }

    @Test
    void theSinkHearsOneFrameEveryTickWhateverComes() {
        tick(5);
        for (int i = 0; i < 5; i++) {
            peer.say(ports.port(), RtpPeer.level(G711.PCMU, 1_000));
            if (i == 3) peer.sequence++;
            tick(1);
        }
        tick(5);
        assertThat(heard).hasSize(15);
        assertThat(leg.counters().get(Count.RECEIVED)).isEqualTo(5);
        assertThat(leg.counters().get(Count.LOST)).isEqualTo(1);
    }

    /** Else the selector would tell of it again and again, and wake the thread of all calls each time. */
    @Test
    void nothingIsLeftInEitherSocketAfterItWasLookedAt() throws IOException {
        leg.agree(agreement(peer.port(), Direction.SENDRECV, true), nowNanos);
        try (Selector sockets = Selector.open()) {
            leg.wake(sockets);
            for (int i = 0; i < 10; i++) {
                peer.raw(ports.port() + 1, new byte[] {1, 2, 3});
                peer.say(ports.port(), RtpPeer.level(G711.PCMU, 1_000));
            }

            int ready = sockets.selectNow(key -> leg.hear(key.channel(), scratch, nowNanos));

            assertThat(ready).isEqualTo(2);
            assertThat(leg.counters().get(Count.RECEIVED)).isEqualTo(10);
            assertThat(leg.counters().get(Count.UNHEARD)).isEqualTo(10);
            assertThat(sockets.selectNow()).isZero();
        }
    }

    @Test
    void strangersAreCountedAndNeverHeard() {
        try (RtpPeer stranger = new RtpPeer()) {
            stranger.ssrc = 99;
            for (int i = 0; i < 100; i++) {
                peer.say(ports.port(), RtpPeer.level(G711.PCMU, 1_000));
                stranger.say(ports.port(), RtpPeer.level(G711.PCMU, 9_000));
                tick(1);
            }
            assertThat(leg.counters().get(Count.STRANGERS)).isEqualTo(100);
            assertThat(heard).allMatch(frame -> frame[159] < 2_000);
            assertThat(stranger.drain()).isEmpty();
            assertThat(peer.drain()).hasSize(100);
        }
    }

    @Test
    void aThirdSocketCannotMoveTheStream() {
        try (RtpPeer moved = new RtpPeer();
                RtpPeer third = new RtpPeer()) {
            for (int i = 0; i < 10; i++) {
                moved.say(ports.port(), RtpPeer.level(G711.PCMU, 1_000));
                tick(1);
            }
            assertThat(moved.drain()).as("sent to who has proved itself").isNotEmpty();
            peer.drain();
            tick(100);
            for (int i = 0; i < 50; i++) {
                third.say(ports.port(), RtpPeer.level(G711.PCMU, 9_000));
                peer.say(ports.port(), RtpPeer.level(G711.PCMU, 9_000));
                tick(1);
            }
            assertThat(third.drain()).isEmpty();
            assertThat(peer.drain()).isEmpty();
            assertThat(moved.drain()).hasSizeGreaterThan(100);
            assertThat(heard).allMatch(frame -> frame[159] < 2_000);
            assertThat(leg.counters().get(Count.ON_PROBATION)).isEqualTo(SourceLatch.PROOF - 1);
        }
    }

    @Test
    void afterANegotiationTheSoundFollowsACallerThatHasMoved() {
        try (RtpPeer moved = new RtpPeer()) {
            for (int i = 0; i < 100; i++) {
                peer.say(ports.port(), RtpPeer.level(G711.PCMU, 1_000));
                tick(1);
            }
            leg.agree(agreement(peer.port(), Direction.SENDRECV, false), nowNanos);
            for (int i = 0; i < 10; i++) {
                moved.say(ports.port(), RtpPeer.level(G711.PCMU, 1_000));
                tick(1);
            }
            assertThat(moved.drain()).hasSizeGreaterThan(5);
        }
    }

    @Test
    void aFloodOfStrangersDoesNotDrownTheCaller() {
        try (RtpPeer stranger = new RtpPeer()) {
            peer.say(ports.port(), RtpPeer.level(G711.PCMU, 1_000));
            tick(1);
            for (int i = 0; i < 49; i++) {
                for (int k = 0; k < 60; k++) stranger.say(ports.port(), RtpPeer.level(G711.PCMU, 9_000));
                peer.say(ports.port(), RtpPeer.level(G711.PCMU, 1_000));
                tick(1);
            }
            assertThat(leg.counters().get(Count.RECEIVED)).isEqualTo(50);
            assertThat(leg.counters().get(Count.STRANGERS)).isEqualTo(49 * 60);
        }
    }

    @Test
    void aKeyIsToldOnceAndItsToneIsNotHeard() {
        for (int i = 0; i < 5; i++) {
            peer.say(ports.port(), RtpPeer.level(G711.PCMU, 1_000));
            tick(1);
        }
        for (int i = 1; i <= 8; i++) {
            peer.event(ports.port(), 7, i >= 6, Math.min(i, 6) * 160);
            peer.sequence++;
            int event = peer.timestamp;
            peer.timestamp = event + (Math.min(i, 6) - 1) * 160;
            peer.send(ports.port(), RtpPeer.level(G711.PCMU, 9_000), false);
            peer.timestamp = event;
            tick(1);
        }
        assertThat(told).containsExactly("7 120");
        assertThat(heard).allMatch(frame -> frame[159] < 2_000);
    }

    @Test
    void silenceOnTheWireIsReportedOnce() {
        tick(1_499);
        assertThat(told).isEmpty();
        tick(2);
        assertThat(told).containsExactly("timed out");
        tick(2_000);
        assertThat(told).hasSize(1);
    }

    @Test
    void onHoldNobodyIsMissedAndNothingIsSent() {
        leg.agree(agreement(peer.port(), Direction.RECVONLY, false), nowNanos);
        tick(3_000);
        assertThat(told).isEmpty();
        assertThat(peer.drain()).isEmpty();

        leg.agree(agreement(peer.port(), Direction.SENDRECV, false), nowNanos);
        tick(1);
        RtpPeer.Heard first = peer.hear();
        assertThat(first.marker()).isTrue();
        tick(1_500);
        assertThat(told).containsExactly("timed out");
    }

    @Test
    void ticksThatWereMissedMoveTheTimestampAndNotTheSequence() {
        tick(2);
        List<RtpPeer.Heard> before = peer.drain();
        leg.skip(15);
        nowNanos += 15 * TICK_NANOS;
        tick(1);
        RtpPeer.Heard after = peer.hear();
        assertThat(after.marker()).isTrue();
        assertThat(after.timestamp() - before.get(1).timestamp()).isEqualTo(16 * 160);
        assertThat(after.sequence()).isEqualTo((before.get(1).sequence() + 1) & 0xFFFF);
    }

    @Test
    void theSinkGetsSilenceForTicksThatWereMissedAndTheSourceKeepsItsSound() {
        int[] reads = {0};
        leg.connect((pcm, length) -> heard.add(pcm.clone()), (pcm, length) -> {
            reads[0]++;
            return 0;
        });
        leg.skip(7);
        tick(2);
        assertThat(heard).as("before the first tick nothing can be missed").hasSize(2);
        leg.skip(120);
        tick(1);
        assertThat(heard).as("a second's worth at a time").hasSize(2 + 50 + 1);
        tick(4);
        assertThat(heard).hasSize(2 + 120 + 5);
        assertThat(reads[0]).isEqualTo(7);
    }

    @Test
    void whoTakesNoMoreThanTenMillisecondsGetsTwoPacketsATick() {
        AudioAgreement usual = agreement(peer.port(), Direction.SENDRECV, false);
        leg.agree(
                new AudioAgreement(
                        usual.remote(), usual.remoteRtcp(), false, G711.PCMU, 0, 101, Direction.SENDRECV, 20, 10),
                nowNanos);
        short[] ramp = new short[160];
        for (int i = 0; i < 160; i++) ramp[i] = (short) (i < 80 ? 1_000 : 9_000);
        leg.connect((pcm, length) -> {}, (pcm, length) -> {
            System.arraycopy(ramp, 0, pcm, 0, 160);
            return 160;
        });
        tick(2);
        List<RtpPeer.Heard> packets = peer.drain();
        assertThat(packets).hasSize(4).allMatch(packet -> packet.payload().length == 80);
        assertThat(packets.get(0).payload()).containsOnly(G711.PCMU.encode((short) 1_000));
        assertThat(packets.get(1).payload()).containsOnly(G711.PCMU.encode((short) 9_000));
        for (int i = 1; i < 4; i++) {
            assertThat(packets.get(i).timestamp() - packets.get(i - 1).timestamp())
                    .isEqualTo(80);
            assertThat(packets.get(i).sequence()).isEqualTo((packets.get(i - 1).sequence() + 1) & 0xFFFF);
        }
    }

    @Test
    void theOtherLawIsUnderstoodWithoutAsking() {
        for (int i = 0; i < 10; i++) {
            peer.payloadType = i < 5 ? 0 : 8;
            peer.say(ports.port(), RtpPeer.level(i < 5 ? G711.PCMU : G711.PCMA, 4_000));
            tick(1);
        }
        assertThat(heard.subList(3, 10)).allMatch(frame -> Math.abs(frame[159] - 4_000) < 200);
    }

    @Test
    void unknownPayloadTypesAreCountedAndPassedOver() {
        peer.say(ports.port(), RtpPeer.level(G711.PCMU, 1_000));
        peer.payloadType = 96;
        peer.say(ports.port(), RtpPeer.level(G711.PCMU, 9_000));
        tick(3);
        assertThat(leg.counters().get(Count.UNKNOWN_PAYLOAD)).isEqualTo(1);
        assertThat(heard).allMatch(frame -> frame[159] < 2_000);
    }

    @Test
    void anotherSsrcTakesOverWithItsSecondPacket() {
        for (int i = 0; i < 12; i++) {
            if (i == 6) {
                peer.ssrc = 77;
                peer.sequence = 40_000;
                peer.timestamp = 123_456_789;
            }
            peer.say(ports.port(), RtpPeer.level(G711.PCMU, i < 6 ? 1_000 : 3_000));
            tick(1);
        }
        assertThat(heard.get(11)[159]).isBetween((short) 2_900, (short) 3_100);
        assertThat(leg.counters().get(Count.DOUBTFUL)).isEqualTo(1);
    }

    @Test
    void garbageIsCounted() {
        peer.raw(ports.port(), new byte[0]);
        peer.raw(ports.port(), new byte[3]);
        peer.raw(ports.port(), new byte[172]);
        peer.raw(ports.port(), new byte[2_048]);
        tick(2);
        assertThat(leg.counters().get(Count.MALFORMED)).isEqualTo(4);
    }

    @Test
    void reportsComeEveryFiveSecondsOrSo() {
        leg.agree(agreement(peer.port(), Direction.SENDRECV, true), nowNanos);
        peer.say(ports.port(), RtpPeer.level(G711.PCMU, 1_000));
        long reports = 0;
        for (int second = 0; second < 60; second++) {
            tick(50);
            reports += peer.drainRaw()
                    .filter(packet -> (packet.get(1) & 0xFF) == 200)
                    .count();
        }
        assertThat(reports).isBetween(8L, 24L);
    }

    @Test
    void fiveHundredTicksLeaveNoGarbage() {
        EchoRing echo = new EchoRing();
        leg.connect(echo, echo);
        byte[] payload = RtpPeer.tone(G711.PCMU, 440, 0);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        for (int i = 0; i < 3_000; i++) {
            if (i % 50 != 49) peer.say(ports.port(), payload);
            else peer.sequence++;
            long before = threads.getCurrentThreadAllocatedBytes();
            leg.poll(scratch, nowNanos);
            leg.tick(scratch, nowNanos, nowNanos);
            if (i >= 2_500) allocated += threads.getCurrentThreadAllocatedBytes() - before;
            nowNanos += TICK_NANOS;
        }
        assertThat(allocated).isLessThan(2_048);
        assertThat(leg.counters().get(Count.SENT)).isEqualTo(3_000);
    }

    private void tick(int times) {
        for (int i = 0; i < times; i++) {
            leg.tick(scratch, nowNanos, nowNanos);
            nowNanos += TICK_NANOS;
        }
    }

    private static AudioAgreement agreement(int port, Direction direction, boolean mux) {
        InetSocketAddress remote = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        InetSocketAddress rtcp = mux ? remote : new InetSocketAddress(remote.getAddress(), 9);
        return new AudioAgreement(remote, rtcp, mux, G711.PCMU, 0, 101, direction, 20, 20);
    }
}

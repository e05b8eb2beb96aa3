package io.firefly.voip.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.firefly.voip.audio.G711;
import io.firefly.voip.media.rtp.RtpLeg.Count;
import io.firefly.voip.media.rtp.arrival.ArrivalSound;
import io.firefly.voip.media.sdp.AudioAgreement;
import io.firefly.voip.media.sdp.Direction;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What ears that do not wait for the tick hear of one leg, over real sockets and a clock in the hands of the test. */
class ArrivalLegTest {
    private static final long MILLI = 1_000_000;
    private static final RtpProperties SETTINGS =
            RtpSettings.with(22_200, 22_399, Duration.ofSeconds(30), Duration.ZERO);

    private final PortPool pool = new PortPool(SETTINGS, System::nanoTime);
    private final PortPool.Lease ports = pool.lease();
    private final List<String> told = new ArrayList<>();
    private final RtpLeg leg = new RtpLeg(ports, SETTINGS, new Told());
    private final RtpLeg.Scratch scratch = new RtpLeg.Scratch();
    private final RtpPeer peer = new RtpPeer();
    private final List<Short> levels = new ArrayList<>();
    private long nowNanos = 1_000 * MILLI;
    private int samples;
    private int ticked;

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
            told.add("fault " + fault.getMessage());
        }
    }

    @BeforeEach
    void begin() {
        leg.agree(agreement(Direction.SENDRECV), nowNanos);
        leg.begin(scratch, nowNanos);
        leg.connect((pcm, length) -> ticked++, (pcm, length) -> 0);
        leg.hearOnArrival((pcm, length) -> {
            samples += length;
            levels.add(pcm[length - 1]);
        });
    }

    @AfterEach
    void close() {
        leg.close(scratch);
        peer.close();
    }

    /** A poll every 2 ms and a tick at the end, all of them in 20 ms. */
    private void frame() {
        for (int i = 1; i <= 10; i++) {
            nowNanos += 2 * MILLI;
            if (i < 10) leg.poll(scratch, nowNanos);
            else leg.tick(scratch, nowNanos, nowNanos);
        }
    }

    private void say(G711 law, int level) {
        peer.payloadType = law == G711.PCMU ? 0 : 8;
        peer.say(ports.port(), RtpPeer.level(law, level));
    }

    private AudioAgreement agreement(Direction direction) {
        InetSocketAddress remote = new InetSocketAddress(InetAddress.getLoopbackAddress(), peer.port());
        return new AudioAgreement(remote, remote, true, G711.PCMU, 0, 101, direction, 20, 20);
    }

    @Test
    void aPacketIsHeardWithThePollThatFindsIt() {
        frame();
        say(G711.PCMU, 1_000);
        leg.poll(scratch, nowNanos);
        assertThat(samples).isEqualTo(160);
        assertThat(levels.get(levels.size() - 1)).isBetween((short) 950, (short) 1_050);
        assertThat(ticked).isEqualTo(1);
    }

    @Test
    void theOtherLawIsHeardFromTheNextPacketOn() {
        for (int i = 0; i < 10; i++) {
            say(i < 5 ? G711.PCMU : G711.PCMA, i < 5 ? 1_000 : 4_000);
            frame();
        }
        assertThat(levels.subList(0, 5)).allMatch(level -> Math.abs(level - 1_000) < 60);
        assertThat(levels.subList(levels.size() - 5, levels.size())).allMatch(level -> Math.abs(level - 4_000) < 200);
        assertThat(samples).isBetween(1_500, 1_600);
    }

    @Test
    void aKeyIsHeardByNoEars() {
        for (int i = 0; i < 5; i++) {
            say(G711.PCMU, 1_000);
            frame();
        }
        for (int i = 1; i <= 8; i++) {
            peer.event(ports.port(), 7, i >= 6, Math.min(i, 6) * 160);
            int event = peer.timestamp;
            peer.timestamp = event + (i - 1) * 160;
            peer.send(ports.port(), RtpPeer.level(G711.PCMU, i <= 6 ? 9_000 : 2_000), false);
            peer.timestamp = event;
            frame();
        }
        assertThat(told).containsExactly("7 120");
        assertThat(levels).allMatch(level -> level < 3_000);
        assertThat(levels.get(levels.size() - 1)).as("after the key").isGreaterThan((short) 1_900);
        assertThat(samples).isBetween(12 * 160, 13 * 160);
    }

    @Test
    void aKeyWhoseEndWasLostEndsForTheEarsToo() {
        say(G711.PCMU, 1_000);
        frame();
        peer.event(ports.port(), 7, false, 160);
        for (int i = 0; i < 20; i++) {
            say(G711.PCMU, 1_000);
            frame();
        }
        assertThat(told).containsExactly("7 20");
        assertThat(levels.get(2)).isZero();
        assertThat(levels.get(levels.size() - 1)).isGreaterThan((short) 900);
    }

    @Test
    void onHoldTheEarsHearSilenceAsLongAsTheHold() {
        say(G711.PCMU, 1_000);
        frame();
        leg.agree(agreement(Direction.INACTIVE), nowNanos);
        for (int i = 0; i < 500; i++) {
            if (i % 2 == 0) say(G711.PCMU, 9_000);
            else peer.timestamp += 160;
            frame();
        }
        assertThat(levels).allMatch(level -> level < 2_000);
        assertThat(samples).isBetween(496 * 160, 501 * 160);
        assertThat(ticked).isEqualTo(501);

        leg.agree(agreement(Direction.SENDRECV), nowNanos);
        say(G711.PCMU, 1_000);
        leg.poll(scratch, nowNanos);
        assertThat(levels.get(levels.size() - 1)).as("back at once").isGreaterThan((short) 900);
        assertThat(samples).isBetween(500 * 160, 502 * 160);
    }

    @Test
    void aPacketTooLongForAnyCodecOfOursIsNoReasonToWait() {
        say(G711.PCMU, 1_000);
        frame();
        peer.send(ports.port(), new byte[1_600], false);
        frame();
        say(G711.PCMU, 1_000);
        leg.poll(scratch, nowNanos);
        assertThat(leg.counters().get(Count.MALFORMED)).isEqualTo(1);
        assertThat(leg.earsMissed(ArrivalSound.Count.HELD)).isZero();
    }

    @Test
    void anotherSsrcIsHeardFromItsSecondPacketOn() {
        for (int i = 0; i < 12; i++) {
            if (i == 6) {
                peer.ssrc = 77;
                peer.sequence = 40_000;
                peer.timestamp = 123_456_789;
            }
            say(G711.PCMU, i < 6 ? 1_000 : 3_000);
            frame();
        }
        assertThat(levels.get(levels.size() - 1)).isGreaterThan((short) 2_900);
        assertThat(samples).isBetween(1_776, 1_920);
        assertThat(leg.counters().get(Count.DOUBTFUL)).isEqualTo(1);
    }

    @Test
    void strangersAreNotHeard() {
        try (RtpPeer stranger = new RtpPeer()) {
            stranger.ssrc = 99;
            for (int i = 0; i < 50; i++) {
                say(G711.PCMU, 1_000);
                stranger.say(ports.port(), RtpPeer.level(G711.PCMU, 9_000));
                frame();
            }
        }
        assertThat(levels).allMatch(level -> level < 2_000);
        assertThat(samples).isBetween(7_980, 8_000);
    }

    @Test
    void earsThatThrowCostNobodyElseAnything() {
        leg.hearOnArrival((pcm, length) -> {
            throw new IllegalStateException("planted");
        });
        for (int i = 0; i < 5; i++) {
            say(G711.PCMU, 1_000);
            frame();
        }
        assertThat(told).containsExactly("fault planted");
        assertThat(ticked).isEqualTo(5);
        assertThat(peer.drain()).hasSize(5);
    }

    @Test
    void tenSecondsWithLossAndDisorderLeaveNoGarbage() {
        leg.hearOnArrival((pcm, length) -> samples += length);
        byte[] payload = RtpPeer.tone(G711.PCMU, 440, 0);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        for (int i = 0; i < 3_000; i++) {
            if (i % 50 == 30) peer.sequence += 2;
            if (i % 50 == 31) peer.sequence -= 2;
            if (i % 50 == 49) peer.sequence++;
            else peer.say(ports.port(), payload);
            long before = threads.getCurrentThreadAllocatedBytes();
            frame();
            if (i >= 2_500) allocated += threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated).isLessThan(2_048);
        assertThat(leg.earsMissed(ArrivalSound.Count.HELD)).isGreaterThan(50);
    }
}

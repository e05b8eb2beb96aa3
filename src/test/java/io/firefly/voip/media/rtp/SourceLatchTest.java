package io.firefly.voip.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.media.rtp.SourceLatch.Verdict;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceLatchTest {
    private static final InetSocketAddress PUBLIC = new InetSocketAddress("198.51.100.7", 4_000);
    private static final InetSocketAddress PRIVATE = new InetSocketAddress("192.168.1.7", 4_000);

    private final SourceLatch latch = new SourceLatch(true, false);
    private final RtpPacket packet = new RtpPacket();
    private long nowNanos = 5_000_000_000L;

    /** After how many packets in order somebody is the caller; 0: never. */
    @ParameterizedTest
    @CsvSource({
        "198.51.100.7:4000, 198.51.100.7:4000, 1",
        "198.51.100.7:4000, 198.51.100.7:4002, 4",
        "198.51.100.7:4000, 198.51.100.8:4000, 0",
        "198.51.100.7:4000, 192.168.1.7:4000,  0",
        "192.168.1.7:4000,  192.168.1.7:4000,  1",
        "192.168.1.7:4000,  203.0.113.5:60000, 4",
        "10.1.2.3:4000,     203.0.113.5:60000, 4",
        "172.20.2.3:4000,   203.0.113.5:60000, 4",
        "100.64.0.9:4000,   203.0.113.5:60000, 4",
        "127.0.0.1:4000,    203.0.113.5:60000, 0",
    })
    void whoIsTheCaller(String sdp, String source, int packets) {
        latch.negotiated(address(sdp), null, nowNanos);
        assertThat(packetsUntilBelieved(address(source), 20)).isEqualTo(packets);
    }

    @Test
    void withoutTheNatSettingOnlyTheHostOfTheSdpCounts() {
        SourceLatch strict = new SourceLatch(false, false);
        strict.negotiated(PRIVATE, null, nowNanos);
        for (int i = 0; i < 20; i++) {
            assertThat(judge(strict, address("203.0.113.5:60000"), i)).isEqualTo(Verdict.STRANGER);
        }
    }

    @Test
    void gapsOtherSsrcsAndOtherPayloadTypesProveNothing() {
        latch.negotiated(PUBLIC, null, nowNanos);
        InetSocketAddress other = address("198.51.100.7:4002");
        for (int i = 0; i < 40; i++) assertThat(judge(latch, other, i * 2)).isEqualTo(Verdict.ON_PROBATION);
        for (int i = 0; i < 40; i++) {
            packet.ssrc = i;
            assertThat(judge(latch, other, i)).isEqualTo(Verdict.ON_PROBATION);
        }
        for (int i = 0; i < 40; i++) {
            packet.payloadType = i % 2 * 8;
            assertThat(judge(latch, other, i)).isEqualTo(Verdict.ON_PROBATION);
        }
        for (int i = 0; i < 40; i++) {
            packet.sequence = i;
            assertThat(latch.judge(other, packet, false, nowNanos)).isEqualTo(Verdict.ON_PROBATION);
        }
    }

    @Test
    void aBetterSourceTakesOverWhileLearningAndNotAfterwards() {
        InetSocketAddress nat = address("203.0.113.5:60000");
        latch.negotiated(PRIVATE, null, nowNanos);
        assertThat(packetsUntilBelieved(nat, 20)).isEqualTo(4);
        assertThat(latch.isAsNegotiated()).isFalse();
        assertThat(packetsUntilBelieved(PRIVATE, 20)).isEqualTo(4);
        assertThat(latch.target()).isEqualTo(PRIVATE);
        assertThat(packetsUntilBelieved(nat, 20)).isZero();

        latch.negotiated(address("192.168.1.7:5000"), null, nowNanos);
        assertThat(packetsUntilBelieved(nat, 20)).isEqualTo(4);
        nowNanos += SourceLatch.LEARNING_NANOS;
        assertThat(packetsUntilBelieved(address("192.168.1.7:5000"), 20)).isZero();
    }

    @Test
    void everyNegotiationLetsACallerWhoseNatMovedItProveItselfAgain() {
        InetSocketAddress before = address("203.0.113.5:60000");
        InetSocketAddress after = address("203.0.113.5:61111");
        latch.negotiated(PRIVATE, null, nowNanos);
        assertThat(packetsUntilBelieved(before, 20)).isEqualTo(4);
        nowNanos += SourceLatch.LEARNING_NANOS;
        assertThat(packetsUntilBelieved(after, 20)).isZero();

        latch.negotiated(PRIVATE, null, nowNanos);
        assertThat(latch.target()).as("until somebody else has proved it").isEqualTo(before);
        assertThat(packetsUntilBelieved(address("198.51.100.9:5"), 3)).isZero();
        assertThat(packetsUntilBelieved(after, 20)).isEqualTo(4);
        assertThat(latch.target()).isEqualTo(after);
        assertThat(packetsUntilBelieved(before, 20)).isZero();
    }

    @Test
    void theLatchIsOpenOnlyAMomentAndOnlyForPlausibleSources() {
        latch.negotiated(PUBLIC, null, nowNanos);
        assertThat(packetsUntilBelieved(address("198.51.100.7:4002"), 20)).isEqualTo(4);
        nowNanos += SourceLatch.LEARNING_NANOS;
        latch.negotiated(null, null, nowNanos);
        assertThat(packetsUntilBelieved(address("198.51.100.7:4004"), 20)).isZero();
        latch.negotiated(PUBLIC, null, nowNanos);
        assertThat(packetsUntilBelieved(address("198.51.100.8:4004"), 20)).isZero();
        nowNanos += SourceLatch.LEARNING_NANOS;
        assertThat(packetsUntilBelieved(address("198.51.100.7:4004"), 20)).isZero();
        assertThat(latch.target()).isEqualTo(address("198.51.100.7:4002"));
    }

    @Test
    void whoIsStillHeardCannotBeReplaced() {
        latch.negotiated(PRIVATE, null, nowNanos);
        InetSocketAddress caller = address("203.0.113.5:60000");
        assertThat(packetsUntilBelieved(caller, 20)).isEqualTo(4);
        latch.negotiated(PRIVATE, null, nowNanos);
        for (int i = 0; i < 20; i++) {
            for (int k = 0; k < 3; k++) judge(latch, address("192.0.2.66:666"), 3 * i + k);
            assertThat(judge(latch, caller, i)).isEqualTo(Verdict.CALLER);
        }
        assertThat(latch.target()).isEqualTo(caller);
    }

    @Test
    void rtcpIsBelievedFromTheCallersHostAndFromOneOddPortOnly() {
        InetSocketAddress rtcp = address("198.51.100.7:4001");
        latch.negotiated(PUBLIC, rtcp, nowNanos);
        assertThat(latch.isCallersRtcp(address("198.51.100.8:4001"))).isFalse();
        assertThat(latch.isCallersRtcp(address("198.51.100.7:5555"))).isTrue();
        assertThat(latch.isCallersRtcp(address("198.51.100.7:5556"))).isFalse();
        assertThat(latch.isCallersRtcp(rtcp)).isTrue();
        assertThat(latch.rtcpTarget()).isEqualTo(rtcp);
        latch.negotiated(PUBLIC, PUBLIC, nowNanos);
        assertThat(latch.isCallersRtcp(PUBLIC)).isTrue();
        assertThat(latch.isCallersRtcp(rtcp)).as("muxed, RFC 5761").isFalse();
    }

    @Test
    void behindANatRtcpGoesToWhereItComesFrom() {
        latch.negotiated(PRIVATE, address("192.168.1.7:4001"), nowNanos);
        assertThat(packetsUntilBelieved(address("203.0.113.5:60000"), 20)).isEqualTo(4);
        assertThat(latch.rtcpTarget()).isEqualTo(address("203.0.113.5:60001"));
        assertThat(latch.isCallersRtcp(address("203.0.113.5:60777"))).isTrue();
        assertThat(latch.rtcpTarget()).isEqualTo(address("203.0.113.5:60777"));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:4000", "224.0.0.5:4000", "0.0.0.0:4000", "198.51.100.7:0"})
    void anSdpCannotAimUsAtOurselvesOrAGroup(String sdp) {
        latch.negotiated(address(sdp), null, nowNanos);
        assertThat(latch.target()).isNull();
    }

    @Test
    void manyRivalsDoNotKeepThemselvesFromEachOther() {
        latch.negotiated(PUBLIC, null, nowNanos);
        Verdict last = Verdict.STRANGER;
        for (int i = 0; i < 4; i++) {
            for (int rival = 0; rival < 4; rival++) last = judge(latch, address("198.51.100.7:500" + rival), i);
        }
        assertThat(latch.target()).isEqualTo(address("198.51.100.7:5000"));
        assertThat(last).isEqualTo(Verdict.STRANGER);
    }

    private int packetsUntilBelieved(InetSocketAddress source, int most) {
        for (int i = 0; i < most; i++) {
            if (judge(latch, source, 65_534 + i) == Verdict.CALLER) return i + 1;
        }
        return 0;
    }

    private Verdict judge(SourceLatch asked, InetSocketAddress source, int sequence) {
        packet.sequence = sequence & 0xFFFF;
        return asked.judge(source, packet, true, nowNanos);
    }

    private static InetSocketAddress address(String text) {
        String[] parts = text.split(":", -1);
        return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
    }
}

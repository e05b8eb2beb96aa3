package io.firefly.voip.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.media.rtp.RtcpReports.Reception;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RtcpReportsTest {
    private static final long WALL_MILLIS = 1_795_000_000_250L;

    private final RtcpReports ours = new RtcpReports(0x0A0B0C0D, "a@firefly.invalid");
    private final RtcpReports theirs = new RtcpReports(0x01020304, "b@phone.invalid");
    private final ByteBuffer buffer = ByteBuffer.allocate(RtcpReports.MAX_BYTES);
    private final RtpPacket packet = new RtpPacket();

    private record Counted(int packets, int octets, int timestamp) implements RtcpReports.Sent {}

    @Test
    void aSenderReportHasItsFieldsInTheirPlaces() {
        Reception reception = new Reception();
        hear(reception, 100);
        hear(reception, 102);
        ours.write(buffer, new Counted(50, 8_000, 777), reception, WALL_MILLIS, false);
        assertThat(buffer.get(0) & 0xFF).isEqualTo(0x81);
        assertThat(buffer.get(1) & 0xFF).isEqualTo(200);
        assertThat(buffer.getShort(2)).isEqualTo((short) 12);
        assertThat(buffer.getInt(4)).isEqualTo(0x0A0B0C0D);
        assertThat(buffer.getInt(8) & 0xFFFF_FFFFL).isEqualTo(WALL_MILLIS / 1_000 + 2_208_988_800L);
        assertThat(buffer.getInt(12)).isEqualTo(0x4000_0000);
        assertThat(buffer.getInt(16)).isEqualTo(777);
        assertThat(buffer.getInt(20)).isEqualTo(50);
        assertThat(buffer.getInt(24)).isEqualTo(8_000);
        assertThat(buffer.getInt(28)).isEqualTo(0x77);
        assertThat(buffer.get(32) & 0xFF).as("fraction lost").isEqualTo(256 / 3);
        assertThat(buffer.getInt(32) & 0xFF_FFFF).as("lost").isEqualTo(1);
        assertThat(buffer.getInt(36)).as("highest sequence").isEqualTo(102);
        assertThat(buffer.get(53) & 0xFF).as("SDES").isEqualTo(202);
        assertThat(buffer.limit() % 4).isZero();
    }

    @Test
    void whoHasSentNothingSendsAReceiverReportAndTheByeEndsIt() {
        ours.write(buffer, new Counted(0, 0, 0), new Reception(), WALL_MILLIS, true);
        assertThat(buffer.getShort(0)).isEqualTo((short) 0x80C9);
        assertThat(buffer.getInt(buffer.limit() - 8)).isEqualTo(0x81CB_0001);
        assertThat(buffer.getInt(buffer.limit() - 4)).isEqualTo(0x0A0B0C0D);
        assertThat(theirs.read(buffer, WALL_MILLIS)).isTrue();
    }

    @Test
    void theRoundTripIsMeasured() {
        Reception ofUs = new Reception();
        packet.ssrc = 0x0A0B0C0D;
        ofUs.accept(packet);
        ours.write(buffer, new Counted(1, 160, 160), new Reception(), WALL_MILLIS, false);
        assertThat(theirs.read(buffer, WALL_MILLIS + 30)).isTrue();
        theirs.write(buffer, new Counted(1, 160, 160), ofUs, WALL_MILLIS + 1_030, false);
        assertThat(ours.read(buffer, WALL_MILLIS + 1_070)).isTrue();
        assertThat(ours.roundTripMillis()).isBetween(69, 71);
        assertThat(ours.reportsReceived()).isEqualTo(1);
    }

    @Test
    void whatIsMalformedIsRefusedAndNeverThrows() {
        Random random = new Random(3550);
        ours.write(buffer, new Counted(1, 160, 160), new Reception(), WALL_MILLIS, true);
        byte[] good = new byte[buffer.limit()];
        buffer.get(0, good);
        for (int length = 0; length < good.length; length++) {
            if (length == 28 || length == 56) continue;
            assertThat(theirs.read(ByteBuffer.wrap(good, 0, length), WALL_MILLIS))
                    .as("%d bytes", length)
                    .isFalse();
        }
        for (int round = 0; round < 20_000; round++) {
            byte[] bad = good.clone();
            for (int i = 0; i < 4; i++) bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            theirs.read(ByteBuffer.wrap(bad, 0, random.nextInt(bad.length)), WALL_MILLIS);
        }
    }

    @Test
    void sequenceNumbersGoOnBeyondTheirWrap() {
        Reception reception = new Reception();
        for (int i = 65_530; i < 65_550; i++) hear(reception, i & 0xFFFF);
        assertThat(reception.highestSequence()).isEqualTo(65_549);
        assertThat(reception.lost()).isZero();
        packet.sequence = 65_535;
        long old = reception.unwrapped(packet);
        packet.sequence = 13;
        assertThat(reception.unwrapped(packet) - old).isEqualTo(14);
    }

    @Test
    void aJumpIsBelievedWithItsSecondPacket() {
        Reception reception = new Reception();
        assertThat(hear(reception, 10)).isEqualTo(Reception.Verdict.RESTART);
        assertThat(hear(reception, 11)).isEqualTo(Reception.Verdict.NEXT);
        assertThat(hear(reception, 30_000)).isEqualTo(Reception.Verdict.DOUBTFUL);
        assertThat(hear(reception, 12)).isEqualTo(Reception.Verdict.NEXT);
        assertThat(hear(reception, 30_000)).isEqualTo(Reception.Verdict.DOUBTFUL);
        assertThat(hear(reception, 30_001)).isEqualTo(Reception.Verdict.RESTART);
    }

    @Test
    void jitterFollowsTheFormulaOfTheRfc() {
        Reception reception = new Reception();
        long nanos = 0;
        for (int i = 0; i < 500; i++) {
            packet.sequence = i;
            packet.timestamp = i * 160;
            reception.accept(packet);
            reception.measure(packet, nanos + (i % 2) * 10_000_000L);
            nanos += 20_000_000;
        }
        assertThat(reception.jitter()).isBetween(75, 80);
    }

    private Reception.Verdict hear(Reception reception, int sequence) {
        packet.ssrc = 0x77;
        packet.sequence = sequence;
        return reception.accept(packet);
    }
}

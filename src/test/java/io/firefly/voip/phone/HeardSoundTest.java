package io.firefly.voip.phone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.firefly.voip.audio.G711;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeardSoundTest {
    private static final long FRAME_NANOS = 20_000_000;
    private final HeardSound heard = new HeardSound();

    @Test
    void lossAndRepeatsAreCountedAcrossTheWrap() {
        for (int i = 0; i < 100; i++) {
            if (i % 10 == 3) continue;
            packet(65_500 + i, 160 * i, i * FRAME_NANOS, 1);
            if (i == 50) packet(65_500 + i, 160 * i, i * FRAME_NANOS, 1);
        }
        assertThat(heard.packets()).isEqualTo(91);
        assertThat(heard.lost()).isEqualTo(10);
        assertThat(heard.duplicates()).isEqualTo(1);
        assertThat(heard.sound().durationMillis()).isEqualTo(2_000);
        assertThat(heard.maxGapMillis()).isEqualTo(40);
    }

    @Test
    void packetsThatOvertakeEachOtherAreNotLost() {
        for (int i : new int[] {0, 2, 1, 4, 3}) packet(i, 160 * i, i * FRAME_NANOS, 1);
        assertThat(heard.lost()).isZero();
        assertThat(heard.sound().durationMillis()).isEqualTo(100);
    }

    @Test
    void jitterIsThatOfTheStandard() {
        double expected = 0;
        for (int i = 0; i < 200; i++) {
            packet(i, 160 * i, i * FRAME_NANOS + (i % 2) * 5_000_000L, 1);
            if (i > 0) expected += (5 - expected) / 16;
        }
        assertThat(heard.jitterMillis()).isCloseTo(expected, within(0.1));
    }

    @Test
    void anotherStreamGoesWhereItArrived() {
        packet(10, 5_000_000, 0, 1);
        packet(40_000, 77, 10 * FRAME_NANOS, 2);
        packet(40_001, 77 + 160, 11 * FRAME_NANOS, 2);
        assertThat(heard.lost()).isZero();
        assertThat(heard.sound().durationMillis()).isEqualTo(240);
        assertThat(heard.arrivalNanos(205)).isEqualTo(10 * FRAME_NANOS + 5_000_000);
    }

    @Test
    void anythingElseOnThePortIsIgnored() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(80)];
            random.nextBytes(noise);
            heard.take(noise, noise.length, i * 1_000L);
        }
        assertThat(heard.sound().durationMillis()).isLessThan(60_000);
    }

    private void packet(int sequence, int stamp, long nanos, int source) {
        byte[] packet = new byte[172];
        ByteBuffer.wrap(packet)
                .put((byte) 0x80)
                .put((byte) 8)
                .putShort((short) sequence)
                .putInt(stamp)
                .putInt(source);
        G711.PCMA.encode(new short[160], packet, 12, 160);
        heard.take(packet, packet.length, nanos);
    }
}

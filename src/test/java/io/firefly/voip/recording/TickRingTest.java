package io.firefly.voip.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Garbage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TickRingTest {
    private final short[] frame = new short[160];
    private final short[] heard = new short[1_000 * 320];
    private int length;

    @Test
    void whatDidNotFitIsSilenceAtItsPlaceAndIsCounted() {
        TickRing ring = new TickRing(AudioFormat.NARROWBAND);

        for (int tick = 1; tick <= 150; tick++) write(ring, tick);
        ring.drain(this::keep, 0);
        for (int tick = 151; tick <= 160; tick++) write(ring, tick);
        ring.drain(this::keep, 0);

        assertThat(length).isEqualTo(160 * 320);
        for (int tick = 1; tick <= 160; tick++) {
            int expected = tick > 100 && tick <= 150 ? 0 : tick;
            assertThat(heard[(tick - 1) * 320]).as("tick %d", tick).isEqualTo((short) expected);
        }
        assertThat(ring.silencedSamples()).isEqualTo(50 * 160);
    }

    @Test
    void framesOfAnotherLengthAreCutOrFilled() {
        TickRing ring = new TickRing(AudioFormat.NARROWBAND);
        ring.writeCaller(new short[] {5, 5}, 2);
        ring.writeAgent(new short[400], 400);
        ring.drain(this::keep, 0);
        assertThat(length).isEqualTo(320);
        assertThat(Arrays.copyOf(heard, 6)).containsExactly(5, 0, 5, 0, 0, 0);
    }

    @Test
    void aTickLeavesNothingForTheGarbageCollector() {
        TickRing ring = new TickRing(AudioFormat.NARROWBAND);
        assertThat(Garbage.bytesOf(() -> {
                    ring.writeCaller(frame, 160);
                    ring.writeAgent(frame, 160);
                }))
                .isLessThan(1_024);
    }

    private void write(TickRing ring, int value) {
        Arrays.fill(frame, (short) value);
        ring.writeCaller(frame, 160);
        ring.writeAgent(frame, 160);
    }

    private void keep(short[] stereo, int count) {
        System.arraycopy(stereo, 0, heard, length, count);
        length += count;
    }
}

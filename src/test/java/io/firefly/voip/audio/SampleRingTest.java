package io.firefly.voip.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SampleRingTest {
    @Test
    void whatDoesNotFitIsNotTaken() {
        SampleRing ring = new SampleRing(5);

        assertThat(ring.write(new short[] {0, 1, 2, 3}, 1, 3)).isEqualTo(3);
        assertThat(ring.write(new short[] {4, 5, 6}, 0, 3)).isEqualTo(2);
        assertThat(ring.available()).isEqualTo(5);

        short[] out = new short[6];
        assertThat(ring.read(out, 1, 4)).isEqualTo(4);
        assertThat(out).containsExactly(0, 1, 2, 3, 4, 0);
        assertThat(ring.write(new short[] {6, 7, 8, 9}, 0, 4)).isEqualTo(4);
        assertThat(ring.read(out, 0, 6)).isEqualTo(5);
        assertThat(out).containsExactly(5, 6, 7, 8, 9, 0);
        assertThat(ring.read(out, 0, 6)).isZero();
    }

    @Test
    void theReaderCanForgetWhatWaits() {
        SampleRing ring = new SampleRing(8);
        ring.write(new short[8], 0, 8);

        ring.clear();

        assertThat(ring.available()).isZero();
        assertThat(ring.write(new short[8], 0, 8)).isEqualTo(8);
    }

    @Test
    void aMillionSamplesArriveInOrderFromAnotherThread() throws Exception {
        SampleRing ring = new SampleRing(997);
        int total = 1_000_000;
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            short[] some = new short[160];
            for (int sent = 0; sent < total; ) {
                int count = Math.min(160, total - sent);
                for (int i = 0; i < count; i++) some[i] = (short) (sent + i);
                int taken = ring.write(some, 0, count);
                if (taken == 0) Thread.onSpinWait();
                sent += taken;
            }
        });

        short[] some = new short[111];
        int wrong = 0;
        for (int got = 0; got < total; ) {
            int count = ring.read(some, 0, 111);
            for (int i = 0; i < count; i++) wrong += some[i] == (short) (got + i) ? 0 : 1;
            if (count == 0) Thread.onSpinWait();
            got += count;
        }

        writer.get(10, TimeUnit.SECONDS);
        assertThat(wrong).isZero();
    }

    @Test
    void aFrameLeavesNothingForTheGarbageCollector() {
        SampleRing ring = new SampleRing(500);
        short[] frame = new short[160];

        assertThat(Garbage.bytesOf(() -> {
                    ring.write(frame, 0, 160);
                    ring.read(frame, 0, 160);
                }))
                .isLessThan(1_024);
    }
}

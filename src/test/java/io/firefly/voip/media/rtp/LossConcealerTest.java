package io.firefly.voip.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LossConcealerTest {
    private static final double HERTZ = 200;

    private final LossConcealer concealer = new LossConcealer();
    private final short[] frame = new short[160];
    private int sample;

    @Test
    void aShortLossGoesOnWithThePitch() {
        hear(5);
        concealer.conceal(frame, 0, 160);
        assertThat(RtpPeer.strength(frame, HERTZ)).isGreaterThan(6_000);
        assertThat(RtpPeer.strength(frame, 1_100)).isLessThan(300);
    }

    @Test
    void aLongLossFadesToSilenceInSixtyMillis() {
        hear(5);
        double before = Double.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            assertThat(concealer.conceal(frame, 0, 160)).isTrue();
            assertThat(RtpPeer.strength(frame, HERTZ)).isLessThan(before);
            before = RtpPeer.strength(frame, HERTZ);
        }
        assertThat(concealer.conceal(frame, 0, 160)).isFalse();
        assertThat(frame).containsOnly((short) 0);
    }

    @Test
    void soundComesBackWithoutAClick() {
        hear(5);
        short last = 0;
        for (int i = 0; i < 4; i++) {
            concealer.conceal(frame, 0, 160);
            sample += 160;
            last = frame[159];
        }
        hear(1);
        int before = last;
        for (int i = 0; i < 40; i++) {
            assertThat(Math.abs(frame[i] - before)).isLessThan(1_800);
            before = frame[i];
        }
    }

    @Test
    void silenceIsNotRepeatedAsSound() {
        hear(5);
        for (int i = 0; i < 3; i++) concealer.silence(frame, 0, 160);
        concealer.conceal(frame, 0, 160);
        assertThat(frame).containsOnly((short) 0);
    }

    private void hear(int frames) {
        for (int i = 0; i < frames; i++) {
            for (int k = 0; k < 160; k++) {
                frame[k] = (short) (8_000 * Math.sin(2 * Math.PI * HERTZ * sample++ / 8_000));
            }
            concealer.heard(frame, 0, 160);
        }
    }
}

package io.firefly.voip.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.LevelMeter;
import org.junit.jupiter.api.Test;

/** Sound between two sessions that tick at other times, or at another rate. */
class PartyLinkTest {
    private final short[] wide = new short[AudioFormat.WIDEBAND.samplesPerFrame()];
    private final short[] narrow = new short[AudioFormat.NARROWBAND.samplesPerFrame()];

    @Test
    void aWidebandPartyIsHeardByANarrowbandCaller() {
        PartyLink link = new PartyLink(AudioFormat.WIDEBAND, AudioFormat.NARROWBAND);
        double level = 0;
        for (int frame = 0; frame < 50; frame++) {
            for (int i = 0; i < wide.length; i++) {
                wide[i] = (short) (10_000 * Math.sin(2 * Math.PI * 1_000 * (frame * wide.length + i) / 16_000));
            }
            link.write(wide, wide.length);
            assertThat(link.read(narrow, narrow.length)).isEqualTo(narrow.length);
            level = LevelMeter.measure(narrow, 0, narrow.length);
        }
        assertThat(level)
                .isBetween(
                        LevelMeter.measure(wide, 0, wide.length) - 0.5, LevelMeter.measure(wide, 0, wide.length) + 0.5);
    }

    @Test
    void whatWaitsLongerThanEightyMillisecondsIsLeftOut() {
        PartyLink link = new PartyLink(AudioFormat.NARROWBAND, AudioFormat.NARROWBAND);
        for (short frame = 1; frame <= 6; frame++) {
            narrow[0] = frame;
            link.write(narrow, narrow.length);
        }
        assertThat(link.read(narrow, narrow.length)).isEqualTo(narrow.length);
        assertThat(narrow[0]).isEqualTo((short) 5);
    }
}

package io.firefly.voip.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TempoTest {
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.8, 0.95, 1.05, 1.25, 2, 3.3, 5})
    void aToneOfFourHundredFortyKeepsItsPitch(double tempo) {
        for (int rate : new int[] {8_000, 24_000}) {
            AudioFormat format = new AudioFormat(rate);
            short[] tone = Tones.sine(format, 440, -6, 4_000);

            short[] changed = Tempo.stretch(tone, format, tempo);

            assertThat((double) changed.length).isCloseTo(tone.length / tempo, within(tone.length / tempo * 0.02));
            int margin = format.samplesPerMilli() * 40;
            Sound middle = new Sound(format, Arrays.copyOfRange(changed, margin, changed.length - 2 * margin));
            assertThat(Tones.dominantHz(middle))
                    .as("tempo %s at %d Hz", tempo, rate)
                    .isCloseTo(440, within(2.0));
            Sound tenth = new Sound(format, Arrays.copyOf(middle.pcm(), format.samplesPerMilli() * 100));
            assertThat(Tones.level(tenth, 440)).isCloseTo(-6, within(0.5));
            assertThat(LevelMeter.measure(middle.pcm(), 0, middle.pcm().length)).isCloseTo(-6, within(0.5));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.7", "1.5", "4"})
    void framesInSequenceGiveWhatTheWholeGives(double tempo) {
        short[] tone = Tones.sine(AudioFormat.WIDEBAND, 300, -6, 1_000);
        short[] expected = Tempo.stretch(tone, AudioFormat.WIDEBAND, tempo);

        Tempo streaming = new Tempo(AudioFormat.WIDEBAND, tempo);
        short[] joined = new short[expected.length + 10_000];
        short[] out = new short[streaming.maxOutput(320)];
        int length = 0;
        for (int i = 0; i < tone.length; i += 320) {
            int written = streaming.process(Arrays.copyOfRange(tone, i, i + 320), 320, out);
            System.arraycopy(out, 0, joined, length, written);
            length += written;
        }
        int written = streaming.flush(out);
        System.arraycopy(out, 0, joined, length, written);

        assertThat(Arrays.copyOf(joined, length + written)).isEqualTo(expected);
    }

    @Test
    void normalTempoIsACopy() {
        short[] tone = Tones.sine(AudioFormat.NARROWBAND, 440, -6, 100);
        assertThat(Tempo.stretch(tone, AudioFormat.NARROWBAND, 1.0)).isEqualTo(tone);
    }

    @Test
    void afterAFlushANewSoundBegins() {
        Tempo tempo = new Tempo(AudioFormat.NARROWBAND, 2);
        short[] tone = Tones.sine(AudioFormat.NARROWBAND, 440, -6, 1_000);
        short[] first = new short[tempo.maxOutput(tone.length)];
        short[] second = new short[tempo.maxOutput(tone.length)];

        int one = tempo.process(tone, tone.length, first);
        tempo.flush(new short[tempo.maxOutput(0)]);
        int two = tempo.process(tone, tone.length, second);

        assertThat(two).isEqualTo(one);
        assertThat(second).isEqualTo(first);
    }

    @Test
    void aSoundShorterThanTheWindowIsNotLost() {
        short[] click = Tones.sine(AudioFormat.NARROWBAND, 1_000, -6, 10);
        short[] changed = Tempo.stretch(click, AudioFormat.NARROWBAND, 0.5);
        assertThat(changed).hasSize(160);
        assertThat(LevelMeter.measure(changed, 0, 80)).isGreaterThan(-10);
        assertThat(Tempo.stretch(new short[0], AudioFormat.NARROWBAND, 0.5)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.09, 5.01, -1, Double.NaN})
    void aTempoOutOfRangeIsRefusedWithTheRange(double tempo) {
        assertThatThrownBy(() -> new Tempo(AudioFormat.NARROWBAND, tempo))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0.1")
                .hasMessageContaining("5.0");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.8, 5})
    void aFrameLeavesNothingForTheGarbageCollector(double factor) {
        Tempo tempo = new Tempo(AudioFormat.NARROWBAND, factor);
        short[] frame = Tones.sine(AudioFormat.NARROWBAND, 440, -6, 20);
        short[] out = new short[tempo.maxOutput(160)];

        assertThat(Garbage.bytesOf(() -> tempo.process(frame, 160, out))).isLessThan(1_024);
    }
}

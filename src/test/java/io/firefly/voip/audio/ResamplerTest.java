package io.firefly.voip.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplerTest {
    @ParameterizedTest
    @CsvSource({
        "8000, 16000",
        "8000, 24000",
        "8000, 48000",
        "16000, 8000",
        "16000, 24000",
        "16000, 48000",
        "24000, 8000",
        "24000, 16000",
        "24000, 48000",
        "48000, 8000",
        "48000, 16000",
        "48000, 24000"
    })
    void aToneInBandKeepsSixtyDecibelsOverEverythingElse(int from, int to) {
        for (double part : new double[] {0.04, 0.125, 0.3, 0.42}) {
            double hz = Math.round(part * Math.min(from, to) / 10) * 10;
            Sound tone = new Sound(new AudioFormat(from), Tones.sine(new AudioFormat(from), hz, -3, 1_000));

            short[] heard = middle(tone.as(new AudioFormat(to)));

            assertThat(signalToRest(heard, to, hz))
                    .as("%s Hz, %d to %d", hz, from, to)
                    .isGreaterThan(60);
            assertThat(Tones.level(new Sound(new AudioFormat(to), heard), hz)).isBetween(-3.1, -2.9);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "24000, 8000, 4800",
        "24000, 8000, 7000",
        "16000, 8000, 5000",
        "48000, 16000, 10000",
        "48000, 8000, 20000"
    })
    void whatTheLowerRateCannotSayIsRemoved(int from, int to, double hz) {
        Sound tone = new Sound(new AudioFormat(from), Tones.sine(new AudioFormat(from), hz, -3, 500));

        short[] heard = middle(tone.as(new AudioFormat(to)));

        assertThat(LevelMeter.measure(heard, 0, heard.length)).isLessThan(-63);
    }

    @Test
    void aStreamOfFramesSoundsLikeTheWholeAndEveryFrameGivesAFrame() {
        short[] whole = Tones.sine(AudioFormat.WIDEBAND, 1_000, -6, 200);
        Resampler oneGo = new Resampler(AudioFormat.WIDEBAND, AudioFormat.REALTIME_PCM);
        short[] expected = new short[oneGo.maxOutput(whole.length)];
        oneGo.process(whole, whole.length, expected);

        Resampler streaming = new Resampler(AudioFormat.WIDEBAND, AudioFormat.REALTIME_PCM);
        short[] frame = new short[320];
        short[] out = new short[480];
        short[] joined = new short[expected.length];
        for (int i = 0; i < whole.length / 320; i++) {
            System.arraycopy(whole, i * 320, frame, 0, 320);
            assertThat(streaming.process(frame, 320, out)).isEqualTo(480);
            System.arraycopy(out, 0, joined, i * 480, 480);
        }

        assertThat(joined).isEqualTo(expected);
    }

    @Test
    void oddPiecesLoseNoSample() {
        Resampler resampler = new Resampler(AudioFormat.REALTIME_PCM, AudioFormat.NARROWBAND);
        int written = 0;
        for (int i = 0; i < 300; i++) written += resampler.process(new short[7], 7, new short[4]);
        assertThat(written).isEqualTo(700);
    }

    @Test
    void fullScaleDoesNotWrapAround() {
        short[] square = new short[1_600];
        for (int i = 0; i < square.length; i++) square[i] = i / 20 % 2 == 0 ? Short.MAX_VALUE : Short.MIN_VALUE;

        short[] heard = new Sound(AudioFormat.NARROWBAND, square)
                .as(AudioFormat.REALTIME_PCM)
                .pcm();

        for (int i = 60 * 3; i < heard.length - 180; i++) {
            int inHalf = i / 3 % 20;
            if (inHalf > 4 && inHalf < 15) assertThat(heard[i] > 0).isEqualTo(i / 60 % 2 == 0);
        }
    }

    @Test
    void theSameRateIsACopy() {
        short[] in = Tones.sine(AudioFormat.NARROWBAND, 440, -6, 20);
        short[] out = new short[160];
        assertThat(new Resampler(AudioFormat.NARROWBAND, AudioFormat.NARROWBAND).process(in, 160, out))
                .isEqualTo(160);
        assertThat(out).isEqualTo(in);
    }

    @Test
    void aFrameLeavesNothingForTheGarbageCollector() {
        Resampler resampler = new Resampler(AudioFormat.NARROWBAND, AudioFormat.REALTIME_PCM);
        short[] in = new short[160];
        short[] out = new short[480];

        assertThat(Garbage.bytesOf(() -> resampler.process(in, 160, out))).isLessThan(1_024);
    }

    /** Without the edges, where the sound is cut off by the beginning and end of the signal. */
    private static short[] middle(Sound sound) {
        short[] pcm = sound.pcm();
        int margin = sound.format().samplesPerMilli() * 50;
        return Arrays.copyOfRange(pcm, margin, pcm.length - margin);
    }

    /** Fits a sine of that frequency by least squares; the rest is noise, images and distortion. */
    private static double signalToRest(short[] pcm, int rate, double hz) {
        double cosine = 0;
        double sine = 0;
        double w = 2 * Math.PI * hz / rate;
        for (int i = 0; i < pcm.length; i++) {
            cosine += pcm[i] * Math.cos(w * i) * 2 / pcm.length;
            sine += pcm[i] * Math.sin(w * i) * 2 / pcm.length;
        }
        double signal = 0;
        double rest = 0;
        for (int i = 0; i < pcm.length; i++) {
            double pure = cosine * Math.cos(w * i) + sine * Math.sin(w * i);
            signal += pure * pure;
            rest += (pcm[i] - pure) * (pcm[i] - pure);
        }
        return 10 * Math.log10(signal / rest);
    }
}

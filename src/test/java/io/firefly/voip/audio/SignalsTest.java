package io.firefly.voip.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SignalsTest {
    @ParameterizedTest
    @CsvSource({"0", "-3", "-20", "-40"})
    void aSineMeasuresItsLevel(double dbfs) {
        short[] tone = Tones.sine(AudioFormat.NARROWBAND, 1_000, dbfs, 200);
        assertThat(LevelMeter.measure(tone, 0, tone.length)).isCloseTo(dbfs, within(0.1));
        assertThat(Tones.level(new Sound(AudioFormat.NARROWBAND, tone), 1_000)).isCloseTo(dbfs, within(0.1));
        assertThat(Tones.level(new Sound(AudioFormat.NARROWBAND, tone), 1_500)).isLessThan(dbfs - 40);
    }

    @Test
    void theMeterShowsTheLastFrameAndLetsItPass() {
        LevelMeter meter = new LevelMeter();
        int[] passed = new int[1];
        AudioPath path =
                AudioPath.named("caller to agent").then(meter).to("ears", (pcm, length) -> passed[0] += length);

        path.write(Tones.sine(AudioFormat.NARROWBAND, 400, -12, 20), 160);
        assertThat(meter.dbfs()).isCloseTo(-12, within(0.1));

        path.write(new short[160], 160);
        assertThat(meter.dbfs()).isEqualTo(LevelMeter.SILENCE_DBFS);
        assertThat(passed[0]).isEqualTo(320);
        assertThat(path).hasToString("caller to agent: level > ears");
    }

    @Test
    void aTapHearsWhatPasses() {
        short[][] heard = new short[2][];
        AudioPath path = AudioPath.named("path")
                .then(new Tap("caller side", (pcm, length) -> heard[0] = pcm.clone()))
                .to("end", (pcm, length) -> heard[1] = pcm.clone());

        path.write(new short[] {1, 2, 3}, 3);

        assertThat(heard[0]).containsExactly(1, 2, 3).isEqualTo(heard[1]);
        assertThat(path).hasToString("path: caller side > end");
    }

    @ParameterizedTest
    @CsvSource({"110", "440", "1000", "2730", "3400"})
    void theDominantToneIsFoundInNoise(double hz) {
        short[] tone = Tones.sine(AudioFormat.NARROWBAND, hz, -12, 1_000);
        addNoise(tone, 1_000);
        assertThat(Tones.dominantHz(new Sound(AudioFormat.NARROWBAND, tone))).isCloseTo(hz, within(2.0));
    }

    @Test
    void silenceHasNoDominantTone() {
        assertThat(Tones.dominantHz(new Sound(AudioFormat.NARROWBAND, new short[8_000])))
                .isZero();
        assertThat(Tones.dominantHz(new Sound(AudioFormat.NARROWBAND, new short[10])))
                .isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aChirpIsFoundToAMillisecondThroughG711(G711 law) {
        short[] chirp = Chirp.generate(AudioFormat.NARROWBAND).pcm();
        for (int delayMillis : new int[] {0, 7, 123, 1_000}) {
            short[] heard = new short[16_000];
            for (int i = 0; i < chirp.length; i++) heard[delayMillis * 8 + i] = (short) (chirp[i] / 4);
            addNoise(heard, 200);
            for (int i = 0; i < heard.length; i++) heard[i] = law.decode(law.encode(heard[i]));

            assertThat(Chirp.find(new Sound(AudioFormat.NARROWBAND, heard)).orElseThrow())
                    .isCloseTo(delayMillis, within(0.2));
        }
    }

    @Test
    void noChirpIsFoundWhereThereIsNone() {
        short[] noise = new short[16_000];
        assertThat(Chirp.find(new Sound(AudioFormat.NARROWBAND, noise))).isEmpty();
        addNoise(noise, 8_000);
        assertThat(Chirp.find(new Sound(AudioFormat.NARROWBAND, noise))).isEmpty();
        assertThat(Chirp.find(new Sound(AudioFormat.NARROWBAND, Tones.sine(AudioFormat.NARROWBAND, 1_000, -3, 1_000))))
                .isEmpty();
        assertThat(Chirp.find(new Sound(AudioFormat.NARROWBAND, new short[3]))).isEmpty();
    }

    @Test
    void aChirpSurvivesResampling() {
        short[] heard = new short[8_000];
        short[] chirp = Chirp.generate(AudioFormat.NARROWBAND).pcm();
        System.arraycopy(chirp, 0, heard, 800, chirp.length);

        Sound back = new Sound(AudioFormat.NARROWBAND, heard)
                .as(AudioFormat.REALTIME_PCM)
                .as(AudioFormat.NARROWBAND);

        assertThat(Chirp.find(back).orElseThrow()).isCloseTo(100, within(0.2));
    }

    @Test
    void metersAndTonesLeaveNothingForTheGarbageCollector() {
        LevelMeter meter = new LevelMeter();
        AudioSource tone = Tones.source(AudioFormat.NARROWBAND, 440, -6);
        short[] frame = new short[160];

        assertThat(Garbage.bytesOf(() -> {
                    tone.read(frame, 160);
                    meter.write(frame, 160);
                }))
                .isLessThan(1_024);
    }

    private static void addNoise(short[] pcm, int amplitude) {
        Random random = new Random(7);
        for (int i = 0; i < pcm.length; i++) pcm[i] += (short) (random.nextInt(2 * amplitude + 1) - amplitude);
    }
}

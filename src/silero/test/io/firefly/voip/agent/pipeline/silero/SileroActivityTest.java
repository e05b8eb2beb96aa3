package io.firefly.voip.agent.pipeline.silero;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.firefly.voip.agent.pipeline.hearing.EnergyDetector;
import io.firefly.voip.agent.pipeline.hearing.VoiceActivity;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.G711;
import io.firefly.voip.audio.LevelMeter;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.Tones;
import io.firefly.voip.audio.WavFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real network on real speech and on a line without any. Left out where there is no model. */
class SileroActivityTest {
    /** Where .ci/run puts it. */
    private static final Path MODEL = Path.of(System.getProperty("silero.model", "target/silero/silero_vad.onnx"));

    private static SileroModel model;

    @BeforeAll
    static void load() {
        assumeThat(MODEL)
                .as("no " + MODEL + ": .ci/run fetches it, or -Dsilero.model=<silero_vad.onnx>")
                .exists();
        model = SileroModel.load(MODEL.toString());
    }

    @AfterAll
    static void close() {
        if (model != null) model.close();
    }

    /** Frames that count as speech, one bit each. */
    private static boolean[] judged(VoiceActivity activity, Sound sound) {
        int frame = sound.format().samplesPerFrame();
        boolean[] speech = new boolean[sound.pcm().length / frame];
        for (int i = 0; i < speech.length; i++) {
            speech[i] = activity.isSpeech(Arrays.copyOfRange(sound.pcm(), i * frame, (i + 1) * frame), frame);
        }
        return speech;
    }

    private static int count(boolean[] speech) {
        int count = 0;
        for (boolean each : speech) if (each) count++;
        return count;
    }

    private static VoiceActivity silero(AudioFormat format) {
        return new SileroActivity(model, format, 0.5);
    }

    @ParameterizedTest
    @CsvSource({
        "caller.wav, 8000", "caller.wav, 16000", "caller.wav, 24000", "caller.wav, 48000",
        "count.wav, 8000", "count.wav, 16000", "welcome.wav, 8000", "apology.wav, 16000"
    })
    void speechIsHeardAtTheRateOfEveryLine(String file, int rate) throws IOException {
        Sound sound = WavFile.read(Path.of("audio", file)).as(new AudioFormat(rate));
        boolean[] speech = judged(silero(sound.format()), sound);

        int loud = 0;
        int heard = 0;
        for (int i = 0; i + 2 < speech.length; i++) {
            int frame = sound.format().samplesPerFrame();
            if (LevelMeter.measure(sound.pcm(), i * frame, frame) < -30) continue;
            loud++;
            if (speech[i] || speech[i + 1] || speech[i + 2]) heard++; // a window is longer than a frame
        }
        assertThat(loud).isGreaterThan(50);
        assertThat((double) heard / loud).as("of the loud frames").isGreaterThan(0.9);
    }

    @Test
    void pausesBetweenSentencesAreNoSpeech() throws IOException {
        Sound caller = WavFile.read(Path.of("audio/caller.wav"));
        int half = caller.format().sampleRateHz() / 2;
        short[] twice = Arrays.copyOf(caller.pcm(), caller.pcm().length + 4 * half);
        boolean[] speech = judged(silero(caller.format()), new Sound(caller.format(), twice));

        assertThat(count(Arrays.copyOfRange(speech, speech.length - 75, speech.length)))
                .as("the last 1.5 of 2 s of silence")
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {8_000, 16_000})
    void aMinuteOfLineNoiseIsNoSpeechNorIsHum(int rate) {
        AudioFormat line = new AudioFormat(rate);
        Random random = new Random(5);
        short[] noise = new short[60 * rate];
        for (int i = 0; i < noise.length; i++) {
            double hum = 200 * Math.sin(2 * Math.PI * 50 * i / rate);
            noise[i] = (short) (random.nextGaussian() * 120 + hum);
        }
        byte[] law = new byte[noise.length];
        G711.PCMU.encode(noise, law, 0, noise.length);
        G711.PCMU.decode(law, 0, noise, noise.length);

        assertThat(count(judged(silero(line), new Sound(line, noise)))).isZero();
    }

    @Test
    void noiseThatBeginsAndKeysAreSpeechForEnergyAndNotForTheNetwork() {
        AudioFormat line = AudioFormat.NARROWBAND;
        Random random = new Random(7);
        short[] sound = new short[line.sampleRateHz() * 8];
        for (int i = 0; i < sound.length; i++) {
            boolean fan = i > sound.length / 2;
            sound[i] = (short) (random.nextGaussian() * (fan ? 1_500 : 30));
        }
        short[] key = Tones.sine(line, 1_336, -12, 200);
        System.arraycopy(key, 0, sound, 2 * line.sampleRateHz(), key.length);
        Sound line8 = new Sound(line, sound);

        assertThat(count(judged(new EnergyDetector(12), line8))).isGreaterThan(50);
        assertThat(count(judged(silero(line), line8))).isZero();
    }

    @Test
    void callsDoNotHearEachOther() throws IOException {
        Sound caller = WavFile.read(Path.of("audio/caller.wav")).as(AudioFormat.NARROWBAND);
        boolean[] alone = judged(silero(caller.format()), caller);
        VoiceActivity one = silero(caller.format());
        VoiceActivity other = silero(caller.format());
        int frame = caller.format().samplesPerFrame();
        boolean[] together = new boolean[alone.length];
        for (int i = 0; i < together.length; i++) {
            together[i] = one.isSpeech(Arrays.copyOfRange(caller.pcm(), i * frame, (i + 1) * frame), frame);
            other.isSpeech(new short[frame], frame);
        }
        assertThat(together).isEqualTo(alone);
    }

    @Test
    void aWindowTakesAFractionOfItsTime() {
        VoiceActivity activity = silero(AudioFormat.NARROWBAND);
        short[] frame = Tones.sine(AudioFormat.NARROWBAND, 300, -12, 20);
        for (int i = 0; i < 500; i++) activity.isSpeech(frame, frame.length);
        long began = System.nanoTime();
        for (int i = 0; i < 3_000; i++) activity.isSpeech(frame, frame.length);
        double millis = (System.nanoTime() - began) / 1e6 / 3_000;
        System.out.printf("silero: %.3f ms for a frame of 20 ms%n", millis);

        assertThat(millis).isLessThan(5);
    }

    @Test
    void whatIsNoModelIsSaid(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> SileroModel.load(""))
                .hasMessageStartingWith("firefly.pipeline.vad.model must be the file silero_vad.onnx");
        assertThatThrownBy(() -> SileroModel.load("nowhere.onnx")).hasMessageContaining("there is none at 'nowhere.onnx'");
        Path file = Files.writeString(folder.resolve("x.onnx"), "no model");
        assertThatThrownBy(() -> SileroModel.load(file.toString()))
                .hasMessageContaining("x.onnx is no model that can be read");
    }
}

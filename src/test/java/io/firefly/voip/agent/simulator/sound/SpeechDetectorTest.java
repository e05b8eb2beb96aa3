package io.firefly.voip.agent.simulator.sound;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.agent.simulator.sound.InputAudio.TurnDetection;
import io.firefly.voip.agent.simulator.sound.Voice.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When the caller speaks, on the clock of the audio written: no wall clock, a minute of line in milliseconds. */
class SpeechDetectorTest {
    private static final Offset<Long> TWO_FRAMES = Offset.offset(64L);
    private static final int PREFIX_MILLIS = 300;
    private static final int SILENCE_MILLIS = 500;
    private static final TurnDetection TELEPHONE = new TurnDetection(0.6, PREFIX_MILLIS, SILENCE_MILLIS);

    private final Voice voice = Voice.load(200);
    private final List<Long> started = new ArrayList<>();
    private final List<Long> stopped = new ArrayList<>();
    private final InputAudio input = new InputAudio(new InputAudio.Listener() {
        @Override
        public void speechStarted(long audioStartMillis) {
            started.add(audioStartMillis);
        }

        @Override
        public void speechStopped(long audioEndMillis) {
            stopped.add(audioEndMillis);
            input.take();
        }
    });

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void digitalSilenceIsNeverSpeech(Encoding encoding) {
        listen(encoding, new short[60_000 * encoding.samplesPerMilli()]);
        assertThat(started).isEmpty();
        assertThat(input.writtenMillis()).isEqualTo(60_000);
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void aMinuteOfLineNoiseIsNeverSpeech(Encoding encoding) {
        for (double dbfs : new double[] {-65, -55, -45, -38}) {
            listen(encoding, noise(encoding, 60_000, dbfs));
        }
        assertThat(started).isEmpty();
    }

    @Test
    void aHummingLineIsNeverSpeech() {
        short[] hum = noise(Encoding.PCMA, 60_000, -60);
        for (int i = 0; i < hum.length; i++) hum[i] += (short) (300 * Math.sin(2 * Math.PI * 50 * i / 8_000));
        listen(Encoding.PCMA, hum);
        assertThat(started).isEmpty();
        listen(Encoding.PCMA, speech("answer-1", Encoding.PCMA));
        assertThat(started).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void comfortNoiseAfterDigitalSilenceIsNeverSpeech(Encoding encoding) {
        for (int i = 0; i < 10; i++) {
            listen(encoding, new short[2_000 * encoding.samplesPerMilli()]);
            listen(encoding, noise(encoding, 2_000, -48));
        }
        assertThat(started).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void aToneAtMinus20StartsAndStops(Encoding encoding) {
        listen(encoding, noise(encoding, 1_000, -60));
        listen(encoding, tone(encoding, 1_000));
        listen(encoding, noise(encoding, 1_000, -60));
        assertThat(started).hasSize(1);
        assertThat(started.get(0)).isCloseTo(1_000 - PREFIX_MILLIS, TWO_FRAMES);
        assertThat(stopped).hasSize(1);
        assertThat(stopped.get(0)).isCloseTo(2_000 + SILENCE_MILLIS, TWO_FRAMES);
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void recordedSpeechIsMarkedWithinTwoFrames(Encoding encoding) {
        for (String name : List.of("answer-3", "answer-4", "done", "goodbye", "repeat", "greeting")) {
            long before = input.writtenMillis();
            started.clear();
            stopped.clear();
            short[] speech = speech(name, encoding);
            long[] marks = marks(speech, encoding);
            listen(encoding, noise(encoding, 1_500, -62));
            listen(encoding, speech);
            listen(encoding, noise(encoding, 1_500, -62));
            assertThat(started).as(name).isNotEmpty();
            assertThat(started.get(0)).as(name).isCloseTo(before + 1_500 + marks[0] - PREFIX_MILLIS, TWO_FRAMES);
            long last = stopped.get(stopped.size() - 1);
            assertThat(last).as(name).isCloseTo(before + 1_500 + marks[1] + SILENCE_MILLIS, TWO_FRAMES);
            assertThat(stopped).as(name).hasSameSizeAs(started);
        }
    }

    @Test
    void speechFromTheVeryFirstSampleIsHeard() {
        listen(Encoding.PCMU, speech("answer-1", Encoding.PCMU));
        assertThat(started).isNotEmpty();
        assertThat(started.get(0)).isLessThan(100);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-10, -15})
    void quietSpeechOverADeadLineIsHeard(double gainDb) {
        short[] speech = speech("answer-1", Encoding.PCMA);
        double gain = Math.pow(10, gainDb / 20);
        for (int i = 0; i < speech.length; i++) speech[i] = (short) (speech[i] * gain);
        listen(Encoding.PCMA, new short[8_000]);
        listen(Encoding.PCMA, speech);
        assertThat(started).isNotEmpty();
    }

    @Test
    void whoStopsSendingHasNotStoppedSpeaking() {
        listen(Encoding.PCMU, new short[8_000]);
        listen(Encoding.PCMU, tone(Encoding.PCMU, 1_000));
        assertThat(started).hasSize(1);
        assertThat(stopped).isEmpty();
    }

    @Test
    void aClickIsNotSpeech() {
        short[] line = new short[24_000];
        Arrays.fill(line, 8_000, 8_100, (short) 20_000);
        listen(Encoding.PCMU, line);
        assertThat(started).isEmpty();
    }

    @Test
    void marksDoNotDependOnHowTheBytesAreCut() {
        short[] line = join(new short[8_000], speech("answer-4", Encoding.PCMU), new short[8_000]);
        byte[] bytes = Encoding.PCMU.encode(line);
        input.use(Encoding.PCMU, TELEPHONE);
        input.append(bytes, bytes.length);
        List<Long> once = List.copyOf(started);
        started.clear();
        InputAudio other = new InputAudio(new InputAudio.Listener() {
            @Override
            public void speechStarted(long audioStartMillis) {
                started.add(audioStartMillis);
            }

            @Override
            public void speechStopped(long audioEndMillis) {
                stopped.add(audioEndMillis);
            }
        });
        other.use(Encoding.PCMU, TELEPHONE);
        for (int at = 0; at < bytes.length; at += 7) {
            byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 7));
            other.append(piece, piece.length);
        }
        assertThat(started).isNotEmpty().isEqualTo(once);
        assertThat(stopped.subList(0, stopped.size() / 2))
                .isEqualTo(stopped.subList(stopped.size() / 2, stopped.size()));
    }

    @Test
    void theClockGoesOnWhenTheFormatChanges() {
        listen(Encoding.PCM, new short[24 * 500]);
        listen(Encoding.PCMU, new short[8 * 500]);
        listen(Encoding.PCMU, tone(Encoding.PCMU, 600));
        assertThat(started).hasSize(1);
        assertThat(started.get(0)).isCloseTo(1_000 - PREFIX_MILLIS, TWO_FRAMES);
    }

    private void listen(Encoding encoding, short[] pcm) {
        input.use(encoding, TELEPHONE);
        byte[] bytes = encoding.encode(pcm);
        input.append(bytes, bytes.length);
    }

    private short[] speech(String name, Encoding encoding) {
        return Voice.resample(voice.recording(name), encoding);
    }

    /** Where sound begins and ends, by amplitude: -38 dBFS, well above the room and below every vowel. */
    private static long[] marks(short[] speech, Encoding encoding) {
        int first = 0;
        while (Math.abs(speech[first]) < 400) first++;
        int last = speech.length - 1;
        while (Math.abs(speech[last]) < 400) last--;
        return new long[] {first / encoding.samplesPerMilli(), last / encoding.samplesPerMilli()};
    }

    private static short[] tone(Encoding encoding, int millis) {
        short[] pcm = new short[millis * encoding.samplesPerMilli()];
        double step = 2 * Math.PI * 440 / (encoding.samplesPerMilli() * 1_000);
        for (int i = 0; i < pcm.length; i++) pcm[i] = (short) (3_277 * Math.sin(step * i));
        return pcm;
    }

    private static short[] noise(Encoding encoding, int millis, double dbfs) {
        Random random = new Random(4711);
        short[] pcm = new short[millis * encoding.samplesPerMilli()];
        double rms = 32_768 * Math.pow(10, dbfs / 20);
        for (int i = 0; i < pcm.length; i++) pcm[i] = (short) (rms * random.nextGaussian());
        return pcm;
    }

    private static short[] join(short[]... parts) {
        short[] all =
                new short[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (short[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}

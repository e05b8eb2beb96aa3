package io.firefly.voip.agent.pipeline.hearing;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.agent.pipeline.hearing.TurnDetector.CallersTurn;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties.Vad;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.Tones;
import io.firefly.voip.audio.WavFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TurnDetectorTest {
    private static final AudioFormat LINE = AudioFormat.NARROWBAND;
    private static final int FRAME = LINE.samplesPerFrame();

    private final List<CallersTurn> turns = new ArrayList<>();
    private final List<Long> began = new ArrayList<>();
    private final List<Long> sustained = new ArrayList<>();
    private final List<Long> ended = new ArrayList<>();
    private long millis;
    private boolean voiced;

    private final TurnDetector.Listener listener = new TurnDetector.Listener() {
        @Override
        public void begins() {
            began.add(millis);
        }

        @Override
        public void sustained() {
            sustained.add(millis);
        }

        @Override
        public void ends(CallersTurn turn) {
            ended.add(millis);
            turns.add(turn);
        }
    };

    private static Vad vad(String... settings) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource(Map.of());
        for (int i = 0; i < settings.length; i += 2) source.put("firefly.pipeline." + settings[i], settings[i + 1]);
        return new Binder(source)
                .bindOrCreate("firefly.pipeline", PipelineProperties.class)
                .vad();
    }

    private TurnDetector told(String... settings) {
        return new TurnDetector(vad(settings), LINE, (pcm, length) -> voiced, listener);
    }

    private TurnDetector heard() {
        return new TurnDetector(vad(), LINE, new EnergyDetector(12), listener);
    }

    private void hear(TurnDetector detector, boolean speech, int length) {
        voiced = speech;
        for (int i = 0; i < length / 20; i++) frame(detector, new short[FRAME]);
    }

    private void hear(TurnDetector detector, short[] pcm) {
        short[] frame = new short[FRAME];
        for (int at = 0; at + FRAME <= pcm.length; at += FRAME) {
            System.arraycopy(pcm, at, frame, 0, FRAME);
            frame(detector, frame);
        }
    }

    private void frame(TurnDetector detector, short[] pcm) {
        millis += 20;
        detector.hear(pcm, FRAME);
    }

    @Test
    void speechBeginsIsMeantAndEndsAfterTheSilenceOfTheSettings() {
        TurnDetector detector = told();
        hear(detector, false, 1_000);
        hear(detector, true, 1_000);
        hear(detector, false, 1_000);

        assertThat(began).containsExactly(1_060L);
        assertThat(sustained).containsExactly(1_260L);
        assertThat(ended).containsExactly(2_600L);
        CallersTurn turn = turns.get(0);
        assertThat(turn.voicedMillis()).isEqualTo(1_000);
        assertThat(turn.silentMillis()).isEqualTo(600);
        assertThat(turn.sound().durationMillis())
                .as("300 ms up to the onset, of which 60 are speech, and 200 of the silence")
                .isEqualTo(300 - 60 + 1_000 + 200);
    }

    @Test
    void aClickIsNoTurn() {
        TurnDetector detector = told();
        for (int i = 0; i < 20; i++) {
            hear(detector, true, 40);
            hear(detector, false, 200);
        }
        assertThat(began).isEmpty();
    }

    @Test
    void pausesBetweenSyllablesDoNotBreakWhatIsMeantAndLongerOnesDo() {
        TurnDetector detector = told();
        hear(detector, true, 160);
        hear(detector, false, 140);
        hear(detector, true, 160);
        assertThat(sustained).hasSize(1);

        hear(detector, false, 1_000);
        sustained.clear();
        hear(detector, true, 160);
        hear(detector, false, 240);
        hear(detector, true, 160);
        assertThat(sustained).isEmpty();
    }

    @Test
    void whoSpeaksWithoutEndIsTakenPieceByPiece() {
        TurnDetector detector = told("vad.longest-turn", "2s");
        hear(detector, true, 5_000);

        assertThat(turns).hasSize(2);
        assertThat(turns.get(0).sound().durationMillis()).isEqualTo(2_000);
    }

    @Test
    void aMinuteOfLineNoiseIsNoTurn() {
        Random random = new Random(5);
        short[] noise = new short[LINE.sampleRateHz() * 60];
        for (int i = 0; i < noise.length; i++) noise[i] = (short) (random.nextGaussian() * 120);

        hear(heard(), noise);

        assertThat(turns).isEmpty();
        assertThat(began).isEmpty();
    }

    @Test
    void noiseThatBecomesLouderIsLearnedWithinTwoSeconds() {
        Random random = new Random(6);
        short[] noise = new short[LINE.sampleRateHz() * 20];
        for (int i = 0; i < noise.length; i++)
            noise[i] = (short) (random.nextGaussian() * (i < LINE.sampleRateHz() * 5 ? 30 : 300));

        hear(heard(), noise);

        assertThat(ended).allMatch(at -> at < 9_000);
        assertThat(began).hasSizeLessThanOrEqualTo(1);
    }

    /** A voice on a quiet line: three sentences with a second between them, see audio/README.md. */
    @Test
    void recordedSpeechIsFoundWhereItIs() throws IOException {
        Sound caller = WavFile.read(Path.of("audio/caller.wav")).as(LINE);

        hear(heard(), caller.pcm());

        assertThat(turns).hasSizeBetween(2, 12);
        long voicedMillis = turns.stream().mapToLong(CallersTurn::voicedMillis).sum();
        assertThat(voicedMillis).isBetween(4_000L, caller.durationMillis());
        assertThat(turns).allMatch(CallersTurn::sustained);
    }

    @Test
    void aShortGapTellsNothingAboutTheNoiseOfTheLine() {
        EnergyDetector detector = new EnergyDetector(12);
        short[] noise = Tones.sine(LINE, 1_000, -45, 20);
        for (int i = 0; i < 20; i++) {
            assertThat(detector.isSpeech(new short[FRAME], FRAME)).isFalse();
            assertThat(detector.isSpeech(noise, FRAME)).isFalse();
        }
    }

    @Test
    void onALineThatSendsNothingInPausesAQuietVoiceIsHeardAtOnce() {
        EnergyDetector detector = new EnergyDetector(12);
        for (int i = 0; i < 100; i++) detector.isSpeech(new short[FRAME], FRAME);

        assertThat(detector.isSpeech(Tones.sine(LINE, 300, -35, 20), FRAME)).isTrue();
    }
}

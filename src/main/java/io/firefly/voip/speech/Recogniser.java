package io.firefly.voip.speech;

import io.firefly.voip.agent.pipeline.http.Waves;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.LevelMeter;
import io.firefly.voip.audio.Sound;
import java.io.IOException;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Recognises words of a small vocabulary by pocketsphinx, one after the other: its model was trained with sound of the full
 * band, and over a telephone's it finds words that stand alone, and few in a row. The words are played to it twice, for it
 * learns the line by the first ones (cepstral mean). Measured with espeak-ng's voice {@code en-us+klatt2} through G.711: 46
 * of 48 words, of nine digits; six is always taken for eight, for its s lies above the band. Any thread.
 */
final class Recogniser {
    static final String PROGRAM = "pocketsphinx_continuous";
    private static final AudioFormat MODEL = AudioFormat.WIDEBAND;
    private static final int FRAME = MODEL.samplesPerFrame();
    private static final double LOUD_DBFS = -38;
    /** So much quiet is between words, not in one. */
    private static final int PAUSE_FRAMES = 6;

    /** Weak consonants at both ends of a word. */
    private static final int BEFORE_FRAMES = 4;

    private static final int BEHIND_FRAMES = 2;
    /** So much that pocketsphinx hears two utterances. */
    private static final int GAP_SAMPLES = 1_000 * MODEL.samplesPerMilli();

    private final Path grammar;

    /** @param grammar JSGF of a single word or phrase */
    Recogniser(Path grammar) {
        this.grammar = grammar;
    }

    /**
     * The words that were recognised, in order; empty when none was.
     *
     * @throws IOException when the program fails
     */
    String recognise(Sound speech) throws IOException, InterruptedException {
        Sound words = apart(speech.as(MODEL).pcm());
        Path file = Files.createTempFile("firefly-speech", ".wav");
        try {
            Files.write(file, Waves.write(words));
            String lines = Program.run(
                    List.of(PROGRAM, "-infile", file.toString(), "-jsgf", grammar.toString(), "-logfn", "/dev/null"));
            String[] heard = lines.strip().split("\\s+", -1);
            return String.join(" ", Arrays.asList(heard).subList(heard.length / 2, heard.length));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** The words with a gap between them, twice. */
    private static Sound apart(short[] pcm) {
        int frames = pcm.length / FRAME;
        // A word is a frame at least, and brings its ends and one gap with it.
        ShortBuffer words =
                ShortBuffer.allocate(GAP_SAMPLES + (frames / PAUSE_FRAMES + 1) * GAP_SAMPLES + pcm.length * 2);
        words.position(GAP_SAMPLES);
        int last = 0;
        for (int at = 0; at < frames; at++) {
            if (!isLoud(pcm, at)) continue;
            int end = endOfWord(pcm, at, frames);
            int from = Math.max(last, at - BEFORE_FRAMES) * FRAME;
            words.put(pcm, from, Math.min(pcm.length, (end + BEHIND_FRAMES) * FRAME) - from);
            words.position(words.position() + GAP_SAMPLES);
            last = end;
            at = end;
        }
        int length = words.position();
        short[] twice = Arrays.copyOf(words.array(), 2 * length);
        System.arraycopy(twice, 0, twice, length, length);
        return new Sound(MODEL, twice);
    }

    private static int endOfWord(short[] pcm, int start, int frames) {
        int end = start;
        for (int quiet = 0; end < frames && quiet < PAUSE_FRAMES; end++) quiet = isLoud(pcm, end) ? 0 : quiet + 1;
        return end;
    }

    private static boolean isLoud(short[] pcm, int frame) {
        return LevelMeter.measure(pcm, frame * FRAME, FRAME) > LOUD_DBFS;
    }
}

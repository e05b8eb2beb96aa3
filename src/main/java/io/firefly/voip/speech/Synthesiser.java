package io.firefly.voip.speech;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Speaks by espeak-ng. Any thread. */
final class Synthesiser {
    static final String PROGRAM = "espeak-ng";
    private static final AudioFormat OURS = AudioFormat.REALTIME_PCM;
    private static final int HEADER_BYTES = 44;
    private static final int RATE_AT = 24;
    private static final int WORDS_A_MINUTE = 150;

    private final String voice;

    Synthesiser(String voice) {
        this.voice = voice;
    }

    /** At 24 kHz. */
    Sound speak(String text, double speed) throws IOException, InterruptedException {
        Path said = Files.createTempFile("firefly-speech", ".txt");
        Path wav = Files.createTempFile("firefly-speech", ".wav");
        try {
            // From a file, so that no text is ever taken for an option.
            Files.writeString(said, text, StandardCharsets.UTF_8);
            int pace = (int) Math.round(WORDS_A_MINUTE * speed);
            String unused = Program.run(List.of(
                    PROGRAM, "-v", voice, "-s", String.valueOf(pace), "-f", said.toString(), "-w", wav.toString()));
            return read(wav);
        } finally {
            Files.deleteIfExists(said);
            Files.deleteIfExists(wav);
        }
    }

    /** espeak-ng speaks at 22,050 Hz, which nobody else on a telephone line does. */
    private static Sound read(Path wav) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(wav)) {
            bytes = in.readAllBytes();
        }
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int rate = file.getInt(RATE_AT);
        short[] spoken = new short[(bytes.length - HEADER_BYTES) / 2];
        file.position(HEADER_BYTES);
        file.asShortBuffer().get(spoken);
        return new Sound(OURS, toOurRate(spoken, rate));
    }

    /** Straight lines between samples: the voice itself has no more to offer. */
    private static short[] toOurRate(short[] pcm, int rate) {
        short[] out = new short[(int) ((long) pcm.length * OURS.sampleRateHz() / rate)];
        for (int i = 0; i < out.length; i++) {
            double at = (double) i * rate / OURS.sampleRateHz();
            int left = Math.min((int) at, pcm.length - 1);
            int right = Math.min(left + 1, pcm.length - 1);
            out[i] = (short) Math.round(pcm[left] + (at - left) * (pcm[right] - pcm[left]));
        }
        return out;
    }
}

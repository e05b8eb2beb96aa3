package io.firefly.voip.agent.simulator.sound;

import io.firefly.voip.audio.AudioFormat;

/** Sounds like somebody speaking, for texts nobody recorded: each letter a vowel of its own. The same text, the same sound. */
final class Murmur {
    private static final int LETTER_MILLIS = 70;
    private static final int MAX_LETTERS = 1_000;
    private static final int RATE = AudioFormat.WIDEBAND.sampleRateHz();
    private static final int HARMONICS = 24;
    private static final double LOUDNESS = 2_500;

    private Murmur() {}

    /** Linear at 16 kHz; about 14 letters in a second, at most 70 s. */
    static short[] of(String text) {
        String letters = text.substring(0, Math.min(MAX_LETTERS, text.length()));
        int perLetter = RATE * LETTER_MILLIS / 1_000;
        short[] pcm = new short[Math.max(1, letters.length()) * perLetter];
        double phase = 0;
        for (int i = 0; i < letters.length(); i++) {
            char letter = letters.charAt(i);
            double pitch = 110 + letter % 7 * 5;
            double formant = 400 + letter % 11 * 90;
            for (int n = 0; n < perLetter; n++) {
                phase += 2 * Math.PI * pitch / RATE;
                double swell = Character.isLetterOrDigit(letter) ? Math.sin(Math.PI * n / perLetter) : 0;
                pcm[i * perLetter + n] =
                        (short) (LOUDNESS * (0.3 + 0.7 * swell) * Math.signum(swell) * tone(phase, pitch, formant));
            }
        }
        return pcm;
    }

    private static double tone(double phase, double pitch, double formant) {
        double sum = 0;
        for (int h = 1; h <= HARMONICS; h++) {
            double distance = (h * pitch - formant) / 200;
            sum += Math.sin(h * phase) / (1 + distance * distance);
        }
        return sum;
    }
}

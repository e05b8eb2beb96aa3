package io.firefly.voip.audio;

/** Makes sine tones and finds them again (Goertzel), to prove which way sound went. */
public final class Tones {
    private static final double LOWEST_HZ = 80;

    private Tones() {}

    /** @param dbfs level, 0 is a sine of full scale */
    public static short[] sine(AudioFormat format, double hz, double dbfs, int millis) {
        short[] pcm = new short[format.samplesPerMilli() * millis];
        source(format, hz, dbfs).read(pcm, pcm.length);
        return pcm;
    }

    /** A tone without end. One thread at a time. */
    public static AudioSource source(AudioFormat format, double hz, double dbfs) {
        return new Sine(2 * Math.PI * hz / format.sampleRateHz(), 32_767 * Math.pow(10, dbfs / 20));
    }

    /** How loud {@code hz} is in the sound, in dBFS; resolves tones further apart than one per sound length. */
    public static double level(Sound sound, double hz) {
        return LevelMeter.toDbfs(power(sound.pcm(), 0, sound.pcm().length, 2 * Math.PI * hz / rate(sound)));
    }

    /** The loudest tone from 80 Hz to half the rate, in Hz; 0 when the sound is shorter than 20 ms or silent. */
    public static double dominantHz(Sound sound) {
        short[] pcm = sound.pcm();
        if (pcm.length < sound.format().samplesPerFrame()) return 0;
        // Half a second gives 2 Hz; more would cost more and tell nothing about speech.
        int length = Math.min(pcm.length, rate(sound) / 2);
        int start = (pcm.length - length) / 2;
        double step = (double) rate(sound) / length / 2;
        double best = 0;
        double bestPower = 1;
        for (double hz = LOWEST_HZ; hz < rate(sound) / 2.0 - step; hz += step) {
            double power = power(pcm, start, length, 2 * Math.PI * hz / rate(sound));
            if (power > bestPower) {
                bestPower = power;
                best = hz;
            }
        }
        return best;
    }

    private static int rate(Sound sound) {
        return sound.format().sampleRateHz();
    }

    /** Mean square of the part of the sound that turns at {@code radians} a sample. */
    private static double power(short[] pcm, int offset, int length, double radians) {
        double coefficient = 2 * Math.cos(radians);
        double previous = 0;
        double beforeThat = 0;
        for (int i = offset; i < offset + length; i++) {
            double now = pcm[i] + coefficient * previous - beforeThat;
            beforeThat = previous;
            previous = now;
        }
        double squared = previous * previous + beforeThat * beforeThat - coefficient * previous * beforeThat;
        return length == 0 ? 0 : 2 * squared / ((double) length * length);
    }

    private static final class Sine implements AudioSource {
        private final double step;
        private final double amplitude;
        private double phase;

        Sine(double step, double amplitude) {
            this.step = step;
            this.amplitude = amplitude;
        }

        @Override
        public int read(short[] pcm, int length) {
            for (int i = 0; i < length; i++) {
                pcm[i] = (short) Math.round(amplitude * Math.sin(phase));
                phase += step;
                if (phase > 2 * Math.PI) phase -= 2 * Math.PI;
            }
            return length;
        }
    }
}

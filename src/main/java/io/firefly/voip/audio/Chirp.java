package io.firefly.voip.audio;

import java.util.OptionalDouble;

/**
 * A short sweep that is found again in what comes back: measures a round trip to a fraction of a millisecond, also
 * through G.711, because a sweep is like itself at one delay only.
 */
public final class Chirp {
    public static final int MILLIS = 200;

    private static final double FROM_HZ = 400;
    private static final double TO_HZ = 3_200;
    private static final double AMPLITUDE = 12_000;
    /** Correlation of the best place that counts as found; speech and noise stay below 0.3. */
    private static final double FOUND = 0.5;

    private Chirp() {}

    /** The sweep, faded in and out over 10 ms. */
    public static Sound generate(AudioFormat format) {
        int length = format.samplesPerMilli() * MILLIS;
        int ramp = format.samplesPerMilli() * 10;
        short[] pcm = new short[length];
        double phase = 0;
        for (int i = 0; i < length; i++) {
            double edge = Math.min(1, Math.min(i + 1, length - i) / (double) ramp);
            pcm[i] = (short) Math.round(AMPLITUDE * edge * Math.sin(phase));
            phase += 2 * Math.PI * (FROM_HZ + (TO_HZ - FROM_HZ) * i / length) / format.sampleRateHz();
        }
        return new Sound(format, pcm);
    }

    /** Where in {@code heard} the sweep begins, in milliseconds; empty when it is not there. */
    public static OptionalDouble find(Sound heard) {
        return find(heard, generate(heard.format()));
    }

    /**
     * Where in {@code heard} another sound begins that was sent, such as a stretch of speech, in milliseconds. Costs the
     * product of both lengths.
     *
     * @throws IllegalArgumentException when the rates differ
     */
    public static OptionalDouble find(Sound heard, Sound sent) {
        if (!heard.format().equals(sent.format())) {
            throw new IllegalArgumentException("heard at " + heard.format() + ", sent at " + sent.format());
        }
        if (sent.pcm().length == 0 || heard.pcm().length < sent.pcm().length) return OptionalDouble.empty();
        double[] likeness = likeness(heard.pcm(), sent.pcm());
        int best = 0;
        for (int i = 1; i < likeness.length; i++) {
            if (likeness[i] > likeness[best]) best = i;
        }
        if (likeness[best] < FOUND) return OptionalDouble.empty();
        return OptionalDouble.of(
                (best + vertex(likeness, best)) / heard.format().samplesPerMilli());
    }

    /** Normalised cross-correlation of the sweep with every place of the sound, -1 to 1. */
    private static double[] likeness(short[] pcm, short[] sweep) {
        double sweepEnergy = 0;
        double energy = 0;
        for (int i = 0; i < sweep.length; i++) {
            sweepEnergy += (double) sweep[i] * sweep[i];
            energy += (double) pcm[i] * pcm[i];
        }
        // A place 40 dB below the sweep is noise, whatever it looks like.
        double floor = sweepEnergy / 10_000;
        double[] result = new double[pcm.length - sweep.length + 1];
        for (int start = 0; start < result.length; start++) {
            long product = 0;
            for (int i = 0; i < sweep.length; i++) product += pcm[start + i] * sweep[i];
            result[start] = product / Math.sqrt(sweepEnergy * Math.max(energy, floor));
            if (start + 1 == result.length) break;
            energy += (double) pcm[start + sweep.length] * pcm[start + sweep.length] - (double) pcm[start] * pcm[start];
        }
        return result;
    }

    /** Where between the samples the top lies, by a parabola through three points. */
    private static double vertex(double[] values, int top) {
        if (top == 0 || top == values.length - 1) return 0;
        double curve = values[top - 1] - 2 * values[top] + values[top + 1];
        return curve == 0 ? 0 : 0.5 * (values[top - 1] - values[top + 1]) / curve;
    }
}

package io.firefly.voip.audio;

import java.util.Arrays;

/**
 * Speaks faster or slower without changing the pitch: WSOLA (Verhelst and Roelands, ICASSP 1993). Every 10 ms the
 * stretch of input that continues the sound best is searched around the place where the tempo wants to be, and faded
 * in over the natural continuation.
 *
 * <p>One thread at a time; {@link #process} and {@link #flush} allocate nothing. Holds back up to 40 ms of sound.
 */
public final class Tempo {
    public static final double SLOWEST = 0.1;
    public static final double FASTEST = 5.0;

    private static final int HOP_MILLIS = 10;
    private static final int SEEK_MILLIS = 10;

    private final double tempo;
    private final int hop;
    private final int seek;
    private final int stride;
    private final int chunk;
    private final float[] fadeIn;
    /** The input from sample number {@code base} on; {@code held} samples are valid. */
    private final short[] input;

    private long base;
    private int held;
    private long natural;
    private long steps;
    private long taken;
    private long given;

    /** @throws IllegalArgumentException when {@code tempo} is not 0.1 to 5.0; 2.0 is twice as fast */
    public Tempo(AudioFormat format, double tempo) {
        if (!(tempo >= SLOWEST && tempo <= FASTEST)) {
            throw new IllegalArgumentException("tempo " + tempo + " is not between " + SLOWEST + " and " + FASTEST);
        }
        this.tempo = tempo;
        this.hop = format.samplesPerMilli() * HOP_MILLIS;
        this.seek = format.samplesPerMilli() * SEEK_MILLIS;
        this.stride = Math.max(2, format.samplesPerMilli() / 6);
        this.chunk = format.samplesPerFrame();
        this.fadeIn = fade(hop);
        this.input = new short[chunk + 2 * seek + 4 * hop + (int) Math.ceil(FASTEST * hop)];
    }

    /** The whole of {@code pcm} at another tempo; exactly {@code length / tempo} samples. */
    public static short[] stretch(short[] pcm, AudioFormat format, double tempo) {
        Tempo changed = new Tempo(format, tempo);
        short[] out = new short[changed.maxOutput(pcm.length)];
        int written = changed.process(pcm, pcm.length, out);
        short[] rest = new short[changed.maxOutput(0)];
        int more = changed.flush(rest);
        short[] all = Arrays.copyOf(out, written + more);
        System.arraycopy(rest, 0, all, written, more);
        return all;
    }

    /**
     * Takes the next {@code length} samples.
     *
     * @param out room for at least {@link #maxOutput}
     * @return how many samples were written to {@code out}
     */
    public int process(short[] in, int length, short[] out) {
        if (tempo == 1.0) {
            System.arraycopy(in, 0, out, 0, length);
            return length;
        }
        taken += length;
        int written = 0;
        for (int offset = 0; offset < length; offset += chunk) {
            written = append(in, offset, Math.min(chunk, length - offset), out, written);
        }
        given += written;
        return written;
    }

    /** The most samples that {@link #process} can write for {@code length} samples, and {@link #flush} for 0. */
    public int maxOutput(int length) {
        if (tempo == 1.0) return length;
        return (int) ((length + chunk + 2L * seek + 4L * hop) / tempo) + 2 * hop;
    }

    /**
     * Gives what was held back and forgets the past: the next sample begins a new sound.
     *
     * @param out room for at least {@link #maxOutput maxOutput(0)}
     */
    public int flush(short[] out) {
        int written = 0;
        if (tempo != 1.0) {
            int owed = (int) (Math.round(taken / tempo) - given);
            written = drain(out, owed);
        }
        base = 0;
        held = 0;
        natural = 0;
        steps = 0;
        taken = 0;
        given = 0;
        return written;
    }

    /** Silence pushes the last sound out. */
    private int drain(short[] out, int owed) {
        int written = 0;
        while (written < owed) {
            Arrays.fill(input, held, held + chunk, (short) 0);
            held += chunk;
            written = speak(out, written, owed);
        }
        return written;
    }

    private int append(short[] in, int offset, int length, short[] out, int written) {
        System.arraycopy(in, offset, input, held, length);
        held += length;
        return speak(out, written, Integer.MAX_VALUE);
    }

    /** Writes a hop at a time as long as there is enough input to search in. */
    private int speak(short[] out, int written, int limit) {
        int next = written;
        while (next < limit && wanted() + seek + 2L * hop <= base + held) {
            long best = steps == 0 ? 0 : search();
            crossfade((int) (natural - base), (int) (best - base), out, next, Math.min(hop, limit - next));
            next += hop;
            natural = best + hop;
            steps++;
            forget();
        }
        return Math.min(next, limit);
    }

    private long wanted() {
        return (long) (steps * hop * tempo);
    }

    /** The place near the wanted one where the input is most like what would follow naturally. */
    private long search() {
        int target = (int) (natural - base);
        int from = (int) Math.max(0, wanted() - seek - base);
        int to = (int) (wanted() + seek - base);
        int coarse = bestOf(target, from, to, stride);
        return base + bestOf(target, Math.max(from, coarse - stride + 1), Math.min(to, coarse + stride - 1), 1);
    }

    private int bestOf(int target, int from, int to, int step) {
        int best = from;
        double bestLikeness = Double.NEGATIVE_INFINITY;
        for (int candidate = from; candidate <= to; candidate += step) {
            double likeness = likeness(target, candidate, step);
            if (likeness > bestLikeness) {
                bestLikeness = likeness;
                best = candidate;
            }
        }
        return best;
    }

    /** Normalised cross-correlation over one hop, looking at every {@code step}-th sample. */
    private double likeness(int target, int candidate, int step) {
        float product = 0;
        float energy = 1;
        for (int i = 0; i < hop; i += step) {
            float there = input[candidate + i];
            product += there * input[target + i];
            energy += there * there;
        }
        return product / Math.sqrt(energy);
    }

    private void crossfade(int leaving, int coming, short[] out, int offset, int length) {
        for (int i = 0; i < length; i++) {
            float old = input[leaving + i];
            out[offset + i] = (short) Math.round(old + (input[coming + i] - old) * fadeIn[i]);
        }
    }

    private void forget() {
        int unneeded = (int) Math.min(Math.min(natural, wanted() - seek) - base, held);
        if (unneeded <= 0) return;
        System.arraycopy(input, unneeded, input, 0, held - unneeded);
        base += unneeded;
        held -= unneeded;
    }

    /** Both sides of the fade are alike, so their weights add up to one in amplitude. */
    private static float[] fade(int length) {
        float[] rising = new float[length];
        for (int i = 0; i < length; i++) rising[i] = (float) (0.5 - 0.5 * Math.cos(Math.PI * (i + 0.5) / length));
        return rising;
    }
}

package io.firefly.voip.audio;

/**
 * Changes the sample rate of a stream by a polyphase FIR filter (Kaiser window): flat to 0.42 of the lower rate, images
 * and aliases of that band at least 60 dB down. Delays sound by 20 samples of the lower rate (2.5 ms at 8 kHz).
 *
 * <p>One thread at a time; allocates nothing after construction.
 */
public final class Resampler {
    private static final int TAPS_AT_LOWER_RATE = 40;
    private static final double KAISER_BETA = 7.0;
    private static final int CHUNK = 960;

    private final int up;
    private final int down;
    private final int taps;
    private final float[][] phases;
    private final float[] history;
    /** Where the next output sample lies behind the next input sample, in units of 1/up input samples. */
    private int position;

    public Resampler(AudioFormat from, AudioFormat to) {
        int common = greatestCommonDivisor(from.sampleRateHz(), to.sampleRateHz());
        this.up = to.sampleRateHz() / common;
        this.down = from.sampleRateHz() / common;
        this.taps = up == down ? 1 : (TAPS_AT_LOWER_RATE * Math.max(up, down) + up - 1) / up;
        this.phases = up == down ? new float[0][] : designPhases();
        this.history = new float[taps - 1 + CHUNK];
    }

    /**
     * Takes the next {@code length} samples of the stream and gives all output that is due. Whole frames give whole
     * frames: 20 ms in, 20 ms out.
     *
     * @param out room for at least {@link #maxOutput}
     * @return how many samples were written to {@code out}
     */
    public int process(short[] in, int length, short[] out) {
        if (up == down) {
            System.arraycopy(in, 0, out, 0, length);
            return length;
        }
        int written = 0;
        for (int offset = 0; offset < length; offset += CHUNK) {
            written = filter(in, offset, Math.min(CHUNK, length - offset), out, written);
        }
        return written;
    }

    /** The most samples {@link #process} can write for {@code length} samples. */
    public int maxOutput(int length) {
        return (int) (((long) length * up + down - 1) / down);
    }

    /** How much later sound comes out than it went in, in samples of the output rate. */
    int delay() {
        return up == down ? 0 : TAPS_AT_LOWER_RATE * Math.max(up, down) / 2 / down;
    }

    private int filter(short[] in, int offset, int length, short[] out, int written) {
        for (int i = 0; i < length; i++) history[taps - 1 + i] = in[offset + i];
        int next = written;
        int end = length * up;
        while (position < end) {
            out[next++] = round(convolve(phases[position % up], position / up));
            position += down;
        }
        position -= end;
        System.arraycopy(history, length, history, 0, taps - 1);
        return next;
    }

    /** Four sums at a time: a single one would wait for itself. */
    private float convolve(float[] phase, int start) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = 0;
        for (; i + 3 < taps; i += 4) {
            a += phase[i] * history[start + i];
            b += phase[i + 1] * history[start + i + 1];
            c += phase[i + 2] * history[start + i + 2];
            d += phase[i + 3] * history[start + i + 3];
        }
        for (; i < taps; i++) a += phase[i] * history[start + i];
        return (a + b) + (c + d);
    }

    private static short round(float value) {
        if (value >= Short.MAX_VALUE) return Short.MAX_VALUE;
        if (value <= Short.MIN_VALUE) return Short.MIN_VALUE;
        return (short) Math.round(value);
    }

    /** The taps of every phase, oldest input sample first, each phase scaled to a gain of exactly one. */
    private float[][] designPhases() {
        int length = taps * up;
        double cutoff = 1.0 / Math.max(up, down);
        double centre = TAPS_AT_LOWER_RATE * Math.max(up, down) / 2.0;
        float[][] designed = new float[up][taps];
        for (int phase = 0; phase < up; phase++) {
            double sum = 0;
            double[] exact = new double[taps];
            for (int tap = 0; tap < taps; tap++) {
                int n = (taps - 1 - tap) * up + phase;
                exact[tap] = n < length ? sinc((n - centre) * cutoff) * kaiser((n - centre) / centre) : 0;
                sum += exact[tap];
            }
            for (int tap = 0; tap < taps; tap++) designed[phase][tap] = (float) (exact[tap] / sum);
        }
        return designed;
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    private static double kaiser(double x) {
        return Math.abs(x) >= 1 ? 0 : bessel(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel(KAISER_BETA);
    }

    /** Modified Bessel function of the first kind, order zero, by its series. */
    private static double bessel(double x) {
        double term = 1;
        double sum = 1;
        for (int k = 1; k < 40; k++) {
            term *= (x / 2 / k) * (x / 2 / k);
            sum += term;
        }
        return sum;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}

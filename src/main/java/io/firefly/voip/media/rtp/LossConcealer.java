package io.firefly.voip.media.rtp;

import java.util.Arrays;

/**
 * Fills what is missing with the last pitch period, fading to silence within 60 ms, and blends over when real sound is
 * back: the idea of ITU-T G.711 Appendix I without its delay. 8 kHz. Media thread only.
 */
final class LossConcealer {
    static final int FADE_END = 480;

    private static final int FADE_START = 80;
    private static final int HISTORY = 480;
    /** 200 Hz and 66 Hz, the range of voices in Appendix I. */
    private static final int MIN_LAG = 40;

    private static final int MAX_LAG = 120;
    private static final int CORRELATED = 160;
    private static final int BLEND = 40;
    private static final int FULL_GAIN = 1 << 15;

    private final short[] history = new short[HISTORY];
    private final short[] cycle = new short[MAX_LAG];
    private int lag;
    private int phase;
    private int produced;

    /** Real sound: blends it with what was made up before, and remembers it. */
    void heard(short[] pcm, int from, int length) {
        if (produced > 0) {
            int blend = Math.min(BLEND, length);
            for (int i = 0; i < blend; i++) {
                pcm[from + i] = (short) ((pcm[from + i] * i + nextMadeUp() * (blend - i)) / blend);
            }
            produced = 0;
        }
        remember(pcm, from, length);
    }

    /** Nothing arrived: makes up {@code length} samples; true when they are more than silence. */
    boolean conceal(short[] pcm, int from, int length) {
        if (produced == 0) findCycle();
        boolean audible = produced < FADE_END;
        for (int i = 0; i < length; i++) pcm[from + i] = nextMadeUp();
        remember(pcm, from, length);
        return audible;
    }

    /** Meant silence: nothing to blend with, nothing to repeat. */
    void silence(short[] pcm, int from, int length) {
        Arrays.fill(pcm, from, from + length, (short) 0);
        produced = 0;
        remember(pcm, from, length);
    }

    private short nextMadeUp() {
        int gain = produced < FADE_START
                ? FULL_GAIN
                : Math.max(0, FADE_END - produced) * FULL_GAIN / (FADE_END - FADE_START);
        short sample = (short) ((cycle[phase] * gain) >> 15);
        if (++phase == lag) phase = 0;
        if (produced < FADE_END) produced++;
        return sample;
    }

    private void remember(short[] pcm, int from, int length) {
        int kept = HISTORY - length;
        System.arraycopy(history, length, history, 0, kept);
        System.arraycopy(pcm, from, history, kept, length);
    }

    /** The last pitch period, its end turned into what came before its start, so that it can be repeated. */
    private void findCycle() {
        lag = bestLag();
        phase = 0;
        int start = HISTORY - lag;
        System.arraycopy(history, start, cycle, 0, lag);
        int overlap = lag / 4;
        for (int i = 0; i < overlap; i++) {
            int at = lag - overlap + i;
            cycle[at] = (short) ((cycle[at] * (overlap - i) + history[start - overlap + i] * i) / overlap);
        }
    }

    private int bestLag() {
        int best = MIN_LAG;
        double bestScore = 0;
        for (int candidate = MIN_LAG; candidate <= MAX_LAG; candidate++) {
            double score = similarity(candidate);
            if (score > bestScore) {
                bestScore = score;
                best = candidate;
            }
        }
        return best;
    }

    /** Normalised cross-correlation of the last 20 ms with what was {@code candidate} samples earlier. */
    private double similarity(int candidate) {
        long product = 0;
        long energy = 1;
        for (int i = HISTORY - CORRELATED; i < HISTORY; i++) {
            int earlier = history[i - candidate];
            product += (long) history[i] * earlier;
            energy += (long) earlier * earlier;
        }
        return product <= 0 ? 0 : (double) product * product / energy;
    }
}

package io.firefly.voip.agent.simulator.sound;

import java.util.Arrays;

/**
 * Decides by energy, 32 ms at a time, when the caller speaks. A frame is speech when it is well above the noise floor of
 * the last three seconds; an onset also needs a frame in which neighbouring samples resemble each other, as they do in
 * voices and tones but not in hiss. Its clock is the audio written, never the wall. One thread at a time.
 */
final class SpeechDetector {
    static final int FRAME_MILLIS = 32;
    /** Time is counted in 1/24000 s, so that 8 and 24 kHz may follow each other. */
    static final int UNITS_PER_MILLI = 24;

    static final int UNITS_PER_FRAME = FRAME_MILLIS * UNITS_PER_MILLI;
    /** An onset is looked back for no longer than this. */
    static final int MAX_ONSET_FRAMES = 10;

    private static final int ONSET_FRAMES = 2;
    private static final double HYSTERESIS = 0.15;
    private static final double VOICED = 0.3;

    private static final int UNITS_PER_LAG = 3;
    private static final int FLOOR_FRAMES = 3_000 / FRAME_MILLIS;
    /** Below this a frame is digital silence or A-law's rest value and tells nothing about the line's noise. */
    private static final int DEAD_DBFS = -66;

    private static final double FLOOR_MAX_DBFS = -35;
    private static final double ABOVE_FLOOR_DB = 9;
    private static final double QUIETEST_SPEECH_DBFS = -50;
    private static final double SLOPE_DB = 3;

    private final int[] histogram = new int[1 - DEAD_DBFS];
    private final byte[] recent = new byte[FLOOR_FRAMES];
    private final short[] lagged = new short[UNITS_PER_LAG];
    private int recentCount;
    private int recentNext;

    private long energy;
    private long likeness;
    private int lagAt;
    private int unitsInFrame;
    private long frames;

    private double threshold = 0.5;
    private int silenceMillis = 200;
    private boolean speaking;
    private int run;
    private boolean runIsVoiced;
    private int silentFrames;

    /** What a finished frame changed. */
    enum Change {
        NONE,
        STARTED,
        STOPPED
    }

    /**
     * @param threshold 0..1; higher needs louder speech
     * @param silenceMillis how long the caller must be silent until the turn is over
     */
    void tune(double threshold, int silenceMillis) {
        this.threshold = Math.min(0.99, Math.max(0.01, threshold));
        this.silenceMillis = silenceMillis;
    }

    /** Samples at {@code units}/24000 s each that may still be added to the frame under way; at least 1. */
    int room(int units) {
        return (UNITS_PER_FRAME - unitsInFrame + units - 1) / units;
    }

    /** Adds no more samples than {@link #room}. */
    void add(short[] pcm, int count, int units) {
        int lag = UNITS_PER_LAG / units;
        if (lagAt >= lag) lagAt = 0;
        for (int i = 0; i < count; i++) {
            int sample = pcm[i];
            energy += (long) units * sample * sample;
            likeness += (long) units * sample * lagged[lagAt];
            lagged[lagAt] = (short) sample;
            if (++lagAt == lag) lagAt = 0;
        }
        unitsInFrame += count * units;
    }

    /** Judges the frame under way if it is complete. */
    Change judge() {
        if (unitsInFrame < UNITS_PER_FRAME) return Change.NONE;
        double dbfs = energy == 0 ? -120 : 10 * Math.log10(energy / (double) UNITS_PER_FRAME) - 20 * Math.log10(32768);
        boolean voiced = likeness > VOICED * energy;
        unitsInFrame -= UNITS_PER_FRAME;
        energy = 0;
        likeness = 0;
        frames++;
        remember(dbfs);
        double base = Math.max(floorDbfs() + ABOVE_FLOOR_DB, QUIETEST_SPEECH_DBFS);
        double score = 1 / (1 + Math.exp(-(dbfs - base) / SLOPE_DB));
        return speaking ? release(score) : onset(score, voiced);
    }

    /** Frames judged since the beginning. */
    long frames() {
        return frames;
    }

    /** Where the speech that has just started began, in frames since the beginning. */
    long onsetFrame() {
        return frames - run;
    }

    boolean isSpeaking() {
        return speaking;
    }

    /** The speech under way was taken by other means: forget it. */
    void rest() {
        speaking = false;
        run = 0;
        runIsVoiced = false;
    }

    private Change onset(double score, boolean voiced) {
        if (score < threshold) {
            rest();
            return Change.NONE;
        }
        run = Math.min(MAX_ONSET_FRAMES, run + 1);
        runIsVoiced |= voiced;
        if (run < ONSET_FRAMES || !runIsVoiced) return Change.NONE;
        speaking = true;
        silentFrames = 0;
        return Change.STARTED;
    }

    private Change release(double score) {
        silentFrames = score >= Math.max(0.01, threshold - HYSTERESIS) ? 0 : silentFrames + 1;
        if (silentFrames * FRAME_MILLIS < silenceMillis || silentFrames == 0) return Change.NONE;
        rest();
        return Change.STOPPED;
    }

    private void remember(double dbfs) {
        if (dbfs < DEAD_DBFS) return;
        byte bin = (byte) Math.min(histogram.length - 1, (int) dbfs - DEAD_DBFS);
        if (recentCount == FLOOR_FRAMES) {
            histogram[recent[recentNext]]--;
        } else {
            recentCount++;
        }
        recent[recentNext] = bin;
        recentNext = (recentNext + 1) % FLOOR_FRAMES;
        histogram[bin]++;
    }

    /** The level a tenth of the recent frames stay below. A loud beginning is speech, not noise: hence the cap. */
    private double floorDbfs() {
        if (recentCount == 0) return DEAD_DBFS;
        int rank = (recentCount - 1) / 10;
        int bin = 0;
        for (int seen = histogram[0]; seen <= rank; seen += histogram[bin]) bin++;
        return Math.min(FLOOR_MAX_DBFS, DEAD_DBFS + bin);
    }

    /** For the next format: samples of another rate are no neighbours. */
    void forgetNeighbours() {
        Arrays.fill(lagged, (short) 0);
    }
}

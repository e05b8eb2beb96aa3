package io.firefly.voip.agent.pipeline.hearing;

import io.firefly.voip.audio.LevelMeter;

/**
 * Speech is what is clearly louder than the line's own noise. The noise is the quietest frame of the last two seconds
 * (minimum statistics, Martin 2001): speech has pauses, noise has none.
 */
public final class EnergyDetector implements VoiceActivity {
    private static final int WINDOWS = 8;
    private static final int FRAMES_PER_WINDOW = 12;
    /** Nothing below is noise of a line, it is a gap: silence that somebody wrote. */
    private static final double GAP_DBFS = -75;

    /** A line that has been a gap for so long sends sound only when there is speech. */
    private static final int LONG_GAP_FRAMES = 50;

    private static final double QUIETEST_FLOOR_DBFS = -60;
    /** A caller who talks from the first frame on must not count as noise. */
    private static final double LOUDEST_FLOOR_DBFS = -36;

    private final double overFloor;
    private final double[] quietest = new double[WINDOWS];
    private int window;
    private int frames;
    private int gapFrames;

    /** @param overFloorDecibels how much louder than the noise speech is */
    public EnergyDetector(double overFloorDecibels) {
        overFloor = overFloorDecibels;
    }

    @Override
    public boolean isSpeech(short[] pcm, int length) {
        double level = LevelMeter.measure(pcm, 0, length);
        gapFrames = level > GAP_DBFS ? 0 : gapFrames + 1;
        if (gapFrames == 0) learn(level);
        else if (gapFrames > LONG_GAP_FRAMES) learn(QUIETEST_FLOOR_DBFS);
        return level >= floor() + overFloor;
    }

    private void learn(double level) {
        quietest[window] = Math.min(quietest[window], level);
        if (++frames < FRAMES_PER_WINDOW) return;
        frames = 0;
        window = (window + 1) % WINDOWS;
        quietest[window] = 0;
    }

    /** The noise of the line, in dBFS. */
    double floor() {
        double least = 0;
        for (double each : quietest) least = Math.min(least, each);
        return Math.max(QUIETEST_FLOOR_DBFS, Math.min(LOUDEST_FLOOR_DBFS, least));
    }
}

package io.firefly.voip.audio;

/** Measures how loud the sound is that passes. Written by the media thread, read by any. */
public final class LevelMeter extends AudioStage {
    /** What digital silence measures. */
    public static final double SILENCE_DBFS = -96;

    /** Mean square of a sine that just fits: 0 dBFS as AES17 counts it. */
    private static final double FULL_SCALE = 32_768.0 * 32_768.0 / 2;

    private volatile float dbfs = (float) SILENCE_DBFS;

    @Override
    public void write(short[] pcm, int length) {
        dbfs = (float) measure(pcm, 0, length);
        pass(pcm, length);
    }

    /** RMS level of the last frame in dBFS: 0 for a sine of full scale, {@link #SILENCE_DBFS} for silence. */
    public double dbfs() {
        return dbfs;
    }

    public static double measure(short[] pcm, int offset, int length) {
        if (length == 0) return SILENCE_DBFS;
        double sum = 0;
        for (int i = offset; i < offset + length; i++) sum += (double) pcm[i] * pcm[i];
        return toDbfs(sum / length);
    }

    static double toDbfs(double meanSquare) {
        return Math.max(SILENCE_DBFS, 10 * Math.log10(meanSquare / FULL_SCALE + 1e-12));
    }

    @Override
    protected String label() {
        return "level";
    }
}

package io.firefly.voip.audio;

/** Linear PCM, 16 bit, mono; only the rate varies. */
public record AudioFormat(int sampleRateHz) {
    public static final int FRAME_MILLIS = 20;
    public static final AudioFormat NARROWBAND = new AudioFormat(8_000);
    public static final AudioFormat WIDEBAND = new AudioFormat(16_000);
    public static final AudioFormat REALTIME_PCM = new AudioFormat(24_000);

    public AudioFormat {
        if (sampleRateHz < 8_000 || sampleRateHz > 48_000 || sampleRateHz % 1_000 != 0) {
            throw new IllegalArgumentException("sample rate " + sampleRateHz + " Hz");
        }
    }

    public int samplesPerFrame() {
        return sampleRateHz / 1_000 * FRAME_MILLIS;
    }

    public int samplesPerMilli() {
        return sampleRateHz / 1_000;
    }
}

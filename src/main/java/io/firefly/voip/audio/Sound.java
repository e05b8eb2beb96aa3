package io.firefly.voip.audio;

/** A finished piece of sound: an announcement, a test signal. Safe to share between threads. */
public final class Sound {
    private final AudioFormat format;
    private final short[] pcm;

    /** Keeps {@code pcm} without a copy: who makes a sound does not write to the array again. */
    public Sound(AudioFormat format, short[] pcm) {
        this.format = format;
        this.pcm = pcm;
    }

    public AudioFormat format() {
        return format;
    }

    /** The samples themselves, not a copy: read only. */
    public short[] pcm() {
        return pcm;
    }

    public long durationMillis() {
        return pcm.length / format.samplesPerMilli();
    }

    /** The same sound at another rate, neither later nor longer. */
    public Sound as(AudioFormat wanted) {
        if (wanted.equals(format)) return this;
        Resampler resampler = new Resampler(format, wanted);
        int delay = resampler.delay();
        int length = resampler.maxOutput(pcm.length);
        short[] tail =
                new short[(delay + 1) * format.sampleRateHz() / wanted.sampleRateHz() + format.samplesPerFrame()];
        short[] late = new short[length + resampler.maxOutput(tail.length)];
        int written = resampler.process(pcm, pcm.length, late);
        short[] rest = new short[resampler.maxOutput(tail.length)];
        int more = resampler.process(tail, tail.length, rest);
        System.arraycopy(rest, 0, late, written, more);
        short[] aligned = new short[length];
        System.arraycopy(late, delay, aligned, 0, length);
        return new Sound(wanted, aligned);
    }
}

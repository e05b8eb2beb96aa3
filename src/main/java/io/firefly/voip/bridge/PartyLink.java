package io.firefly.voip.bridge;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.audio.Resampler;
import io.firefly.voip.audio.SampleRing;

/**
 * One direction of sound between two media sessions, whose ticks are of the same length but not at the same time: what one
 * writes the other reads in its next tick. More than 80 ms never wait; the oldest goes. One writer, one reader.
 */
final class PartyLink implements AudioSink, AudioSource {
    private static final int MOST_FRAMES = 4;
    private static final int FEWEST_FRAMES = 2;

    private final int frame;
    private final SampleRing ring;
    private final short[] skipped;
    private final Resampler resampler;
    private final int chunk;
    private final short[] resampled;

    /** @param from what is written, {@code to}: what is read */
    PartyLink(AudioFormat from, AudioFormat to) {
        frame = to.samplesPerFrame();
        ring = new SampleRing(2 * MOST_FRAMES * frame);
        skipped = new short[frame];
        resampler = new Resampler(from, to);
        chunk = from.samplesPerFrame();
        resampled = new short[resampler.maxOutput(chunk)];
    }

    @Override
    public void write(short[] pcm, int length) {
        int samples = resampler.process(pcm, Math.min(length, chunk), resampled);
        int unused = ring.write(resampled, 0, samples);
    }

    @Override
    public int read(short[] pcm, int length) {
        if (ring.available() > MOST_FRAMES * frame) {
            while (ring.available() > FEWEST_FRAMES * frame) {
                int unused = ring.read(skipped, 0, frame);
            }
        }
        return ring.read(pcm, 0, length);
    }
}

package io.firefly.voip.bridge;

import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
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

    PartyLink(int samplesPerFrame) {
        frame = samplesPerFrame;
        ring = new SampleRing(2 * MOST_FRAMES * samplesPerFrame);
        skipped = new short[samplesPerFrame];
    }

    @Override
    public void write(short[] pcm, int length) {
        int unused = ring.write(pcm, 0, length);
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

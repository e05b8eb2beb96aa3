package io.firefly.voip.recording;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.SampleRing;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Pairs the caller's and the agent's frame of each tick and carries the pairs from the media thread to the writer
 * thread, 2 s of them at most. Pairs that do not fit become silence of the same length at the same place.
 *
 * <p>Both frames are written by the media thread, caller first; {@link #drain} belongs to the writer thread.
 */
final class TickRing {
    private static final int SECONDS = 2;

    /** Gets stereo samples, left and right in turn. */
    @FunctionalInterface
    interface PairSink {
        void write(short[] stereo, int length);
    }

    private final SampleRing ring;
    private final short[] caller;
    private final short[] pair;
    private final short[] drained;
    private boolean callerWaits;
    /** Samples that did not fit. While it is above 0 nothing goes into the ring, so all in the ring is older. */
    private final AtomicLong missing = new AtomicLong();

    private long silencedSamples;

    TickRing(AudioFormat format) {
        int frame = format.samplesPerFrame();
        this.caller = new short[frame];
        this.pair = new short[2 * frame];
        this.drained = new short[2 * frame];
        this.ring = new SampleRing(2 * format.sampleRateHz() * SECONDS);
    }

    void writeCaller(short[] pcm, int length) {
        if (callerWaits) writeAgent(pcm, 0);
        int valid = Math.min(length, caller.length);
        System.arraycopy(pcm, 0, caller, 0, valid);
        Arrays.fill(caller, valid, caller.length, (short) 0);
        callerWaits = true;
    }

    void writeAgent(short[] pcm, int length) {
        if (!callerWaits) Arrays.fill(caller, (short) 0);
        callerWaits = false;
        for (int i = 0; i < caller.length; i++) {
            pair[2 * i] = caller[i];
            pair[2 * i + 1] = i < length ? pcm[i] : 0;
        }
        boolean full = ring.capacity() - ring.available() < pair.length;
        if (full || missing.get() > 0) {
            missing.addAndGet(pair.length);
        } else {
            ring.write(pair, 0, pair.length);
        }
    }

    /** Gives what waits, in order, but for the last {@code keptBack} pairs. */
    void drain(PairSink to, int keptBack) {
        long silence = missing.get();
        int ready = ring.available() - (silence == 0 ? 2 * keptBack : 0);
        for (int left = ready; left > 0; ) {
            int n = ring.read(drained, 0, Math.min(left, drained.length));
            to.write(drained, n);
            left -= n;
        }
        if (silence == 0) return;
        Arrays.fill(drained, (short) 0);
        for (long given = 0; given < silence; given += drained.length) to.write(drained, drained.length);
        missing.addAndGet(-silence);
        silencedSamples += silence / 2;
    }

    /** How much became silence so far, in samples of one channel. Writer thread. */
    long silencedSamples() {
        return silencedSamples;
    }
}

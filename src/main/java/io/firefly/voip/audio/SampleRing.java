package io.firefly.voip.audio;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Carries samples from one thread to another, bounded, without a lock: one writes, one reads, neither waits nor
 * allocates. What does not fit is not taken; the writer sees it in the returned count.
 */
public final class SampleRing {
    private final short[] samples;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong consumed = new AtomicLong();

    /** @param capacity in samples */
    public SampleRing(int capacity) {
        if (capacity < 1) throw new IllegalArgumentException("capacity " + capacity);
        this.samples = new short[capacity];
    }

    /** Producer only. @return how many samples were taken, less than {@code length} when the ring is full */
    public int write(short[] from, int offset, int length) {
        long end = written.getPlain();
        int free = samples.length - (int) (end - consumed.getAcquire());
        int count = Math.min(length, free);
        int at = (int) (end % samples.length);
        int first = Math.min(count, samples.length - at);
        System.arraycopy(from, offset, samples, at, first);
        System.arraycopy(from, offset + first, samples, 0, count - first);
        written.setRelease(end + count);
        return count;
    }

    /** Consumer only. @return how many samples there were, at most {@code length} */
    public int read(short[] to, int offset, int length) {
        long start = consumed.getPlain();
        int count = (int) Math.min(length, written.getAcquire() - start);
        int at = (int) (start % samples.length);
        int first = Math.min(count, samples.length - at);
        System.arraycopy(samples, at, to, offset, first);
        System.arraycopy(samples, 0, to, offset + first, count - first);
        consumed.setRelease(start + count);
        return count;
    }

    /** Samples that wait; from the producer's side there may be fewer by now, from the consumer's more. */
    public int available() {
        long start = consumed.getAcquire();
        return (int) Math.max(0, Math.min(samples.length, written.getAcquire() - start));
    }

    public int capacity() {
        return samples.length;
    }

    /** Consumer only: forgets what waits. */
    public void clear() {
        consumed.setRelease(written.getAcquire());
    }
}

package io.firefly.voip.bench;

/**
 * A time written into a frame of A-law. Every A-law code survives the way to linear samples and back, so the bytes come
 * out as they went in, unless the sound was resampled, blended or made up. The frame is filled with the same ten bytes:
 * magic, 48 bits of nanoseconds, a number, two of checksum.
 */
final class Stamp {
    static final int FRAME = 160;
    static final long NONE = -1;

    private static final int LENGTH = 10;
    private static final byte MAGIC = (byte) 0xA7;
    private static final long MASK = (1L << 48) - 1;

    private Stamp() {}

    static void write(byte[] frame, int offset, long nanos) {
        frame[offset] = MAGIC;
        for (int i = 0; i < 6; i++) frame[offset + 1 + i] = (byte) (nanos >> (8 * i));
        frame[offset + 7] = 0;
        int sum = sum(frame, offset);
        frame[offset + 8] = (byte) sum;
        frame[offset + 9] = (byte) (sum >> 8);
        for (int i = LENGTH; i < FRAME; i++) frame[offset + i] = frame[offset + i - LENGTH];
    }

    /** The low 48 bits of the time in this frame, wherever it begins; {@link #NONE} when there is none. */
    static long read(byte[] frame, int offset, int length) {
        for (int at = offset; at + LENGTH <= offset + length; at++) {
            if (frame[at] == MAGIC && isIntact(frame, at)) {
                long nanos = 0;
                for (int i = 5; i >= 0; i--) nanos = (nanos << 8) | (frame[at + 1 + i] & 0xFF);
                return nanos;
            }
        }
        return NONE;
    }

    /** How long ago a stamp was written. */
    static long age(long stamp, long nowNanos) {
        return (nowNanos - stamp) & MASK;
    }

    private static boolean isIntact(byte[] frame, int at) {
        int sum = sum(frame, at);
        return frame[at + 8] == (byte) sum && frame[at + 9] == (byte) (sum >> 8);
    }

    private static int sum(byte[] frame, int at) {
        int sum = 0x1D0F;
        for (int i = 0; i < 8; i++) sum = sum * 31 + (frame[at + i] & 0xFF);
        return sum;
    }
}

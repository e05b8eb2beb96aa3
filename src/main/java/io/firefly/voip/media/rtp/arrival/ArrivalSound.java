package io.firefly.voip.media.rtp.arrival;

import io.firefly.voip.audio.AudioSink;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * One caller's sound in the order it was said, handed on while its packet is being taken from the socket.
 *
 * <p>Only a packet that is ahead of its turn waits: for the one before it, for {@link #HOLD_NANOS} or until a third
 * would have to wait. Then what is missing becomes silence of the same length, and what comes after all is too late.
 * Times are of {@link System#nanoTime}. Media thread only, but for {@link #count}.
 */
public final class ArrivalSound {
    /** Samples of a packet, at most: 120 ms. */
    public static final int MAX_PACKET = 960;

    static final long HOLD_NANOS = 40_000_000;
    static final int MAX_HELD = 2;

    private final CallerTime time;
    private final Counters counters = new Counters();
    private final Held[] held = new Held[MAX_HELD];
    private int waiting;
    private boolean begun;
    private long next;
    /** Bit n stands for the packet n + 1 before {@link #next}. */
    private long heard;

    /** What did not simply pass. */
    public enum Count {
        /** Packets that were dropped, because they came after their turn or from a clock that was set back. */
        LATE,
        DUPLICATED,
        /** Packets that had to wait for the one before. */
        HELD,
        /** Samples of silence in place of what was lost, not sent or not there in time. */
        SILENCE,
        /** Samples of a caller whose clock is fast, or whose packets came after silence had taken their place. */
        LEFT_OUT
    }

    /** Written by the media thread only, read by anybody. */
    @SuppressWarnings("EnumOrdinal") // an index into a table that lives as long as the enum
    static final class Counters {
        private final AtomicLongArray values = new AtomicLongArray(Count.values().length);

        void add(Count count, long more) {
            values.setOpaque(count.ordinal(), values.getOpaque(count.ordinal()) + more);
        }

        long get(Count count) {
            return values.getOpaque(count.ordinal());
        }
    }

    /** A packet that is ahead of its turn. */
    private static final class Held {
        private final short[] pcm = new short[MAX_PACKET];
        private boolean taken;
        private long sequence;
        private int timestamp;
        private int length;
        private long sinceNanos;
    }

    /** @param ears hear pieces of up to 20 ms at 8 kHz; must not throw */
    public ArrivalSound(AudioSink ears) {
        time = new CallerTime(ears, counters);
        for (int i = 0; i < MAX_HELD; i++) held[i] = new Held();
    }

    /** From here on the ears hear as much sound and silence as time passes. */
    public void begin(long nowNanos) {
        time.begin(nowNanos);
    }

    /**
     * A packet of sound.
     *
     * @param sequence without its wrap
     * @param pcm at most {@link #MAX_PACKET} samples; the array belongs to the caller again when this returns
     */
    public void put(long sequence, int timestamp, short[] pcm, int length, long nowNanos) {
        if (!begun) {
            begun = true;
            next = sequence;
            heard = 0;
        }
        while (sequence > next && waiting == MAX_HELD && !isHeld(sequence)) {
            if (sequence < firstHeld().sequence) skipTo(sequence);
            else giveUp(nowNanos);
        }
        if (sequence < next) {
            missed(sequence);
        } else if (sequence > next) {
            hold(sequence, timestamp, pcm, length, nowNanos);
        } else {
            play(sequence, timestamp, pcm, length, nowNanos);
            playWhatIsDue(nowNanos);
        }
    }

    /** A packet without sound (telephone-event, comfort noise): it takes its turn like any other. */
    public void note(long sequence, long nowNanos) {
        put(sequence, 0, NOTHING, 0, nowNanos);
    }

    private static final short[] NOTHING = {};

    private void missed(long sequence) {
        long age = next - 1 - sequence;
        boolean again = age < Long.SIZE && (heard >>> age & 1) != 0;
        counters.add(again ? Count.DUPLICATED : Count.LATE, 1);
        if (age < Long.SIZE) heard |= 1L << age;
    }

    private boolean isHeld(long sequence) {
        for (Held one : held) if (one.taken && one.sequence == sequence) return true;
        return false;
    }

    private void hold(long sequence, int timestamp, short[] pcm, int length, long nowNanos) {
        if (isHeld(sequence)) {
            counters.add(Count.DUPLICATED, 1);
            return;
        }
        Held place = held[0].taken ? held[1] : held[0];
        place.taken = true;
        place.sequence = sequence;
        place.timestamp = timestamp;
        place.length = length;
        place.sinceNanos = nowNanos;
        System.arraycopy(pcm, 0, place.pcm, 0, length);
        waiting++;
        counters.add(Count.HELD, 1);
    }

    private void skipTo(long sequence) {
        long step = sequence - next;
        heard = step < Long.SIZE ? heard << step : 0;
        next = sequence;
    }

    private void play(long sequence, int timestamp, short[] pcm, int length, long nowNanos) {
        skipTo(sequence + 1);
        heard |= 1;
        if (length > 0) time.sound(timestamp, pcm, length, nowNanos);
    }

    /** What is still missing is taken for lost. */
    private void giveUp(long nowNanos) {
        release(firstHeld(), nowNanos);
        playWhatIsDue(nowNanos);
    }

    private Held firstHeld() {
        boolean second = !held[0].taken || (held[1].taken && held[1].sequence < held[0].sequence);
        return second ? held[1] : held[0];
    }

    private void playWhatIsDue(long nowNanos) {
        for (int i = 0; i < MAX_HELD && waiting > 0; i++) {
            for (Held one : held) if (one.taken && one.sequence == next) release(one, nowNanos);
        }
    }

    private void release(Held one, long nowNanos) {
        one.taken = false;
        waiting--;
        play(one.sequence, one.timestamp, one.pcm, one.length, nowNanos);
    }

    /** Each time the socket was looked at: nobody waits longer than he should, and silence passes as time does. */
    public void pass(long nowNanos) {
        while (waiting > 0 && isOverdue(nowNanos)) giveUp(nowNanos);
        time.pass(nowNanos);
    }

    private boolean isOverdue(long nowNanos) {
        for (Held one : held) if (one.taken && nowNanos - one.sinceNanos >= HOLD_NANOS) return true;
        return false;
    }

    /** Another stream begins: numbers and timestamps mean something else from here on. Time goes on. */
    public void reset() {
        begun = false;
        waiting = 0;
        for (Held one : held) one.taken = false;
        time.reset();
    }

    /** The keypad tone must not be heard: what was said from this timestamp on is silence until {@link #unmute}. */
    public void mute(int timestamp) {
        time.mute(timestamp);
    }

    public void unmute(int timestamp) {
        time.unmute(timestamp);
    }

    /** Since the beginning. Any thread. */
    public long count(Count count) {
        return counters.get(count);
    }
}

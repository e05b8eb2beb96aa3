package io.firefly.voip.media.rtp.arrival;

import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.media.rtp.arrival.ArrivalSound.Count;
import io.firefly.voip.media.rtp.arrival.ArrivalSound.Counters;
import java.util.Arrays;

/**
 * Sound and silence that together last as long as real time: who hears them can tell the time by their length.
 *
 * <p>Sound passes at once. Silence is only ever written for time that has passed: for what the timestamps say was lost
 * or not sent, and, {@link #PATIENCE} behind the clock, while nothing comes. A caller's clock that is not ours, and sound
 * that came after silence had taken its place, show as sound ahead of time or behind it. A frame of it is then left out
 * or added in a quiet moment, so that neither grows; {@link #MOST_AHEAD} ends it in any case.
 */
final class CallerTime {
    static final int FRAME = 160;
    /** So long a packet may be overdue before silence takes its place. */
    static final int PATIENCE = 3 * FRAME;

    static final int MOST_AHEAD = 8_000;

    private static final long NANOS_PER_SAMPLE = 125_000;
    /** Packets that come earlier than the first one did are no reason to make a pause shorter. */
    private static final int SLACK = 2 * FRAME;
    /** Our own clock stood still: nobody wants to hear so much silence at once. */
    private static final int STANDSTILL = 2 * MOST_AHEAD;
    /** Less than half a frame waits for the rest of it, or every sample of a malicious caller would be a message. */
    private static final int SMALLEST_PIECE = 80;

    private static final int WINDOW = 8_000;
    private static final int QUIET_PEAK = 500;
    /** Where it is never quiet, one frame in five seconds. */
    private static final int NEVER_QUIET = 40_000;

    private static final long LATE_RESYNC_NANOS = 100_000_000;

    private final AudioSink ears;
    private final Counters counters;
    private final short[] piece = new short[FRAME];
    private int pending;

    private long startNanos;
    /** Samples since the beginning, those still pending included. */
    private long written;

    private long lastSoundNanos;
    private boolean based;
    /** The timestamp of the next sample, without its wrap. */
    private long next;
    /** How much of the time after {@link #next} was silence already. */
    private long filled;

    private int lateInRow;
    private long lateSinceNanos;
    private boolean muted;
    private long muteFrom;
    private long muteTo;

    private long mostAhead = Long.MIN_VALUE;
    private int window;
    /** Above 0 to leave out, below 0 to add. */
    private int framesTooMany;

    /** Samples since a correction became due, or since the last one. */
    private int waited;

    private boolean corrected;

    CallerTime(AudioSink ears, Counters counters) {
        this.ears = ears;
        this.counters = counters;
    }

    void begin(long nowNanos) {
        startNanos = nowNanos;
        lastSoundNanos = nowNanos;
        written = 0;
        pending = 0;
        reset();
    }

    void reset() {
        based = false;
        muted = false;
        lateInRow = 0;
        measureAnew();
    }

    /** In the order of the sequence numbers. */
    void sound(int timestamp, short[] pcm, int length, long nowNanos) {
        standstill(nowNanos);
        if (!based) {
            based = true;
            next = timestamp;
            filled = 0;
            silence(samplesUntil(nowNanos) - length - written);
        }
        long position = positionOf(timestamp);
        int again = (int) Math.max(0, Math.min(length, next - position));
        if (again == length) {
            late(nowNanos);
            return;
        }
        lateInRow = 0;
        lastSoundNanos = nowNanos;
        long room = samplesUntil(nowNanos) - length - written + SLACK;
        silence(Math.min(position - next - filled, room));
        next = position + length;
        filled = 0;
        silenceTones(position, pcm, length);
        keepTime(pcm, again, length - again, nowNanos);
        if (length >= SMALLEST_PIECE || pending >= SMALLEST_PIECE) emit();
    }

    private long positionOf(int timestamp) {
        return next + (timestamp - (int) next);
    }

    /** Said before what was heard last; when everything stays so for a while the caller has set its clock back. */
    private void late(long nowNanos) {
        counters.add(Count.LATE, 1);
        if (lateInRow++ == 0) lateSinceNanos = nowNanos;
        if (lateInRow > 4 && nowNanos - lateSinceNanos >= LATE_RESYNC_NANOS) reset();
    }

    private void silenceTones(long position, short[] pcm, int length) {
        if (!muted) return;
        int from = (int) Math.max(0, Math.min(length, muteFrom - position));
        int to = (int) Math.max(from, Math.min(length, muteTo - position));
        Arrays.fill(pcm, from, to, (short) 0);
    }

    void mute(int timestamp) {
        muted = based;
        muteFrom = positionOf(timestamp);
        muteTo = Long.MAX_VALUE;
    }

    void unmute(int timestamp) {
        muteTo = positionOf(timestamp);
    }

    private void keepTime(short[] pcm, int from, int length, long nowNanos) {
        long ahead = written + length - samplesUntil(nowNanos);
        if (ahead > MOST_AHEAD) {
            counters.add(Count.LEFT_OUT, length);
            return;
        }
        if (ahead < -MOST_AHEAD) silence(-MOST_AHEAD - ahead);
        measure(ahead, length);
        boolean now = framesTooMany != 0 && isGoodMoment(pcm, from, length);
        int leftOut = now && framesTooMany > 0 ? Math.min(FRAME, length) : 0;
        if (now && framesTooMany < 0) silence(FRAME);
        counters.add(Count.LEFT_OUT, leftOut);
        write(pcm, from + leftOut, length - leftOut);
        corrected = now;
        waited = now || framesTooMany == 0 ? 0 : waited + length;
        if (!now) return;
        framesTooMany -= Integer.signum(framesTooMany);
        measureAnew();
    }

    /** The earliest packet of a second tells the clocks apart, the others tell of the network. */
    private void measure(long ahead, int length) {
        mostAhead = Math.max(mostAhead, ahead);
        window += length;
        if (window < WINDOW) return;
        framesTooMany = (int) (mostAhead / FRAME);
        measureAnew();
    }

    private void measureAnew() {
        mostAhead = Long.MIN_VALUE;
        window = 0;
    }

    /** Every second quiet frame at most, or a pause would not end a turn when it should. */
    private boolean isGoodMoment(short[] pcm, int from, int length) {
        if (corrected) return false;
        if (waited >= NEVER_QUIET) return true;
        int peak = 0;
        for (int i = 0; i < length; i++) peak = Math.max(peak, Math.abs(pcm[from + i]));
        return peak < QUIET_PEAK;
    }

    /** Also while nothing comes. */
    void pass(long nowNanos) {
        long quietNanos = nowNanos - lastSoundNanos;
        if (pending > 0 && quietNanos >= FRAME * NANOS_PER_SAMPLE) emit();
        if (quietNanos < PATIENCE * NANOS_PER_SAMPLE) return;
        standstill(nowNanos);
        long behind = samplesUntil(nowNanos) - PATIENCE - written;
        if (behind < FRAME) return;
        long whole = behind / FRAME * FRAME;
        silence(whole);
        emit();
        filled += whole;
    }

    private void standstill(long nowNanos) {
        long tooMuch = samplesUntil(nowNanos) - written - STANDSTILL;
        if (tooMuch > 0) startNanos += tooMuch * NANOS_PER_SAMPLE;
    }

    private long samplesUntil(long nowNanos) {
        return (nowNanos - startNanos) / NANOS_PER_SAMPLE;
    }

    private void silence(long samples) {
        if (samples <= 0) return;
        counters.add(Count.SILENCE, samples);
        written += samples;
        for (long left = samples; left > 0; ) {
            int part = (int) Math.min(left, FRAME - pending);
            Arrays.fill(piece, pending, pending + part, (short) 0);
            left -= part;
            took(part);
        }
    }

    private void write(short[] pcm, int from, int length) {
        written += length;
        for (int done = 0; done < length; ) {
            int part = Math.min(length - done, FRAME - pending);
            System.arraycopy(pcm, from + done, piece, pending, part);
            done += part;
            took(part);
        }
    }

    private void took(int part) {
        pending += part;
        if (pending == FRAME) emit();
    }

    private void emit() {
        if (pending == 0) return;
        ears.write(piece, pending);
        pending = 0;
    }
}

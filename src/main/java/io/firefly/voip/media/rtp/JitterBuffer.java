package io.firefly.voip.media.rtp;

import io.firefly.voip.audio.G711;
import io.firefly.voip.media.rtp.RtpLeg.Count;
import io.firefly.voip.media.rtp.RtpLeg.Counters;
import java.util.Arrays;

/**
 * Puts what arrives in any order and at any time back on one even time line, 20 ms at a time.
 *
 * <p>The line is a ring of decoded samples addressed by the unwrapped RTP timestamp, so packets may have any length and
 * the codec may change between two of them. The delay follows the network: nothing in time means a made-up frame while
 * the line stands still (the delay grows by 20 ms); after two seconds in which every packet came a frame or more too
 * early, that many frames are blended away one by one, in quiet moments if there are any. What is less than a frame is
 * won by asking for an earlier {@link #shift tick}. Media thread only.
 */
final class JitterBuffer {
    static final int FRAME = 160;

    private static final int SAMPLES_PER_MILLI = 8;
    private static final int NANOS_PER_SAMPLE = 125_000;
    private static final int CAPACITY = 8_192;
    private static final int MASK = CAPACITY - 1;
    private static final int MAX_PACKET = 960;
    private static final int MAX_JITTER_PACKET = 480;
    private static final int SEEN = 1_024;
    private static final int WINDOW_PULLS = 100;
    private static final int FIRST_WINDOW_PULLS = 25;
    /** Below that a shift is not worth the uneven packet. */
    private static final int LEAST_SHIFT_MILLIS = 2;
    /** Two ends that both follow each other would run away together. */
    private static final int MOST_SHIFT_MILLIS = 20;

    private static final int PATIENCE_PULLS = 50;
    private static final int QUIET_PEAK = 500;
    private static final long LATE_RESYNC_NANOS = 100_000_000;

    private static final byte MISSING = 0;
    private static final byte SOUND = 1;
    /** First sample after a pause that the sender made on purpose: the sequence number before it was heard. */
    private static final byte SPURT = 2;

    private final int minDelay;
    private final int maxDelay;
    private final Counters counters;
    private final LossConcealer concealer = new LossConcealer();
    private final short[] line = new short[CAPACITY];
    private final byte[] state = new byte[CAPACITY];
    private final long[] seen = new long[SEEN];

    private boolean based;
    private boolean playing;
    private boolean fresh;
    private long lastPosition;
    private int lastTimestamp;
    private long play;
    private long head;
    private long waitingSinceNanos;
    private long lastPullNanos;
    private int held;
    private long lateSinceNanos;
    private int lateInRow;
    private int leastSlack = Integer.MAX_VALUE;
    private int pulls;
    private boolean settled;
    private int shiftMillis;
    private int shiftedMillis;
    private int framesTooMany;
    private int patience;
    private boolean muted;
    private long muteFrom;
    private long muteTo;

    JitterBuffer(int minMillis, int maxMillis, Counters counters) {
        this.minDelay = minMillis * SAMPLES_PER_MILLI;
        this.maxDelay = maxMillis * SAMPLES_PER_MILLI;
        this.counters = counters;
        Arrays.fill(seen, -1);
    }

    /** Another stream begins: nothing of the old one is played or compared with. */
    void reset() {
        Arrays.fill(seen, -1);
        Arrays.fill(state, MISSING);
        based = false;
        playing = false;
        muted = false;
        held = 0;
        lateInRow = 0;
        head = play;
        beginWindow();
    }

    /** A packet without sound (telephone-event, comfort noise): its number is not missing. False for a duplicate. */
    boolean note(long sequence) {
        int slot = (int) sequence & (SEEN - 1);
        if (seen[slot] == sequence) {
            counters.add(Count.DUPLICATED);
            return false;
        }
        seen[slot] = sequence;
        return true;
    }

    void put(long sequence, RtpPacket packet, G711 law, long arrivalNanos) {
        if (packet.payloadLength > MAX_PACKET) {
            counters.add(Count.MALFORMED);
            return;
        }
        if (!note(sequence) || packet.payloadLength == 0) return;
        long position = positionOf(packet.timestamp);
        if (isOutsideOf(position, packet.payloadLength)) begin(position, arrivalNanos);
        else if (fresh && position < play) play = Math.max(position, head - CAPACITY);
        if (position + packet.payloadLength <= play) {
            late(arrivalNanos);
            return;
        }
        lateInRow = 0;
        if (playing) leastSlack = Math.min(leastSlack, slack(position, arrivalNanos));
        boolean spurt = seen[(int) (sequence - 1) & (SEEN - 1)] == sequence - 1;
        store(position, packet, law, spurt);
        lastPosition = position;
        lastTimestamp = packet.timestamp;
    }

    private long positionOf(int timestamp) {
        return based ? lastPosition + (timestamp - lastTimestamp) : play;
    }

    /** The first packet, one after all was played and forgotten, or a jump that the line is too short for. */
    private boolean isOutsideOf(long position, int length) {
        if (!based) return true;
        if (!playing && head <= play) return true;
        return position + length - play > CAPACITY;
    }

    private void begin(long position, long arrivalNanos) {
        Arrays.fill(state, MISSING);
        based = true;
        playing = false;
        fresh = true;
        held = 0;
        play = position;
        head = position;
        waitingSinceNanos = arrivalNanos;
        settled = false;
        shiftMillis = 0;
        beginWindow();
    }

    /** Too late to be heard; when everything stays late for a while the sender has set its clock back. */
    private void late(long arrivalNanos) {
        counters.add(Count.LATE);
        if (lateInRow++ == 0) lateSinceNanos = arrivalNanos;
        if (lateInRow > 4 && arrivalNanos - lateSinceNanos >= LATE_RESYNC_NANOS) {
            lateInRow = 0;
            based = false;
        }
    }

    private void store(long position, RtpPacket packet, G711 law, boolean spurt) {
        int skipped = (int) Math.max(0, play - position);
        for (int i = skipped; i < packet.payloadLength; i++) {
            int at = (int) (position + i) & MASK;
            line[at] = law.decode(packet.bytes.get(packet.payloadOffset + i));
            state[at] = SOUND;
        }
        if (skipped == 0 && spurt) state[(int) position & MASK] = SPURT;
        head = Math.max(head, position + packet.payloadLength);
    }

    /** How many samples before its turn a packet came. */
    private int slack(long position, long arrivalNanos) {
        long untilPull = lastPullNanos + FRAME * (long) NANOS_PER_SAMPLE - arrivalNanos;
        return (int) (position - play + untilPull / NANOS_PER_SAMPLE);
    }

    /** The keypad tone must not be heard: what was said from here on is silence until {@link #unmute}. */
    void mute(int timestamp) {
        muted = based;
        muteFrom = positionOf(timestamp);
        muteTo = Long.MAX_VALUE;
    }

    void unmute(int timestamp) {
        muteTo = positionOf(timestamp);
    }

    /** The next 20 ms; always a full frame. {@code jitter} in samples is what RFC 3550 6.4.1 has measured. */
    void pull(short[] frame, long nowNanos, int jitter) {
        lastPullNanos = nowNanos;
        int target = Math.min(maxDelay, Math.max(minDelay, 3 * jitter));
        if (!playing && !startsNow(nowNanos, target)) {
            idle(frame);
            return;
        }
        if (head - play > maxDelay + MAX_JITTER_PACKET) {
            counters.add(Count.OVERFLOWED);
            skipTo(head - Math.max(target, FRAME));
        }
        if (held > 0) catchUp();
        if (framesTooMany > 0 && canShrink()) shrink(frame);
        else next(frame);
        window(target);
    }

    private boolean startsNow(long nowNanos, int target) {
        if (head <= play || nowNanos - waitingSinceNanos < (long) target * NANOS_PER_SAMPLE) return false;
        playing = true;
        fresh = false;
        held = 0;
        return true;
    }

    private void idle(short[] frame) {
        if (isMuted(play)) concealer.silence(frame, 0, FRAME);
        else concealer.conceal(frame, 0, FRAME);
    }

    /** After an underrun: what turned out to be lost has been filled already. */
    private void catchUp() {
        int gap = 0;
        while (gap < held && play + gap < head && state[(int) (play + gap) & MASK] == MISSING) gap++;
        if (play + gap < head) held = 0;
        skipTo(play + gap);
    }

    private void next(short[] frame) {
        int available = (int) Math.max(0, Math.min(FRAME, head - play));
        boolean concealed = false;
        int done = 0;
        while (done < available) {
            int run = runLength(play + done, available - done);
            if (isMuted(play + done)) concealer.silence(frame, done, run);
            else if (state[(int) (play + done) & MASK] != MISSING) copy(frame, done, run);
            else if (isPause(play + done)) concealer.silence(frame, done, run);
            else concealed |= concealer.conceal(frame, done, run);
            done += run;
        }
        skipTo(play + available);
        if (available < FRAME) concealed |= underrun(frame, available);
        if (concealed) counters.add(Count.CONCEALED);
    }

    /** Nothing more is there: the rest of the frame is made up and the line stands still until something comes. */
    private boolean underrun(short[] frame, int from) {
        int rest = FRAME - from;
        held += rest;
        if (held >= LossConcealer.FADE_END) playing = false;
        if (!isMuted(play)) return concealer.conceal(frame, from, rest);
        concealer.silence(frame, from, rest);
        return false;
    }

    private void copy(short[] frame, int from, int length) {
        for (int i = 0; i < length; i++) frame[from + i] = line[(int) (play + from + i) & MASK];
        concealer.heard(frame, from, length);
    }

    /** How many samples from here on share their fate: there or missing, muted or not. */
    private int runLength(long from, int max) {
        boolean there = state[(int) from & MASK] != MISSING;
        boolean mute = isMuted(from);
        int run = 1;
        while (run < max && (state[(int) (from + run) & MASK] != MISSING) == there && isMuted(from + run) == mute)
            run++;
        return run;
    }

    private boolean isMuted(long position) {
        return muted && position >= muteFrom && position < muteTo;
    }

    /** True when the next sound after this hole says that nothing was lost before it. */
    private boolean isPause(long from) {
        for (long at = from; at < head; at++) {
            byte found = state[(int) at & MASK];
            if (found != MISSING) return found == SPURT;
        }
        return false;
    }

    private boolean canShrink() {
        if (head - play < 2 * FRAME) return false;
        int peak = 0;
        for (int i = 0; i < 2 * FRAME; i++) {
            int at = (int) (play + i) & MASK;
            if (state[at] == MISSING) return false;
            peak = Math.max(peak, Math.abs(line[at]));
        }
        return peak < QUIET_PEAK || ++patience > PATIENCE_PULLS;
    }

    /** Two frames become one: the first fades into the second. */
    private void shrink(short[] frame) {
        for (int i = 0; i < FRAME; i++) {
            int first = line[(int) (play + i) & MASK];
            int second = line[(int) (play + FRAME + i) & MASK];
            frame[i] = (short) ((first * (FRAME - i) + second * i) / FRAME);
        }
        if (isMuted(play)) concealer.silence(frame, 0, FRAME);
        else concealer.heard(frame, 0, FRAME);
        skipTo(play + 2 * FRAME);
        framesTooMany--;
        patience = 0;
        leastSlack = Integer.MAX_VALUE;
        pulls = 0;
    }

    /** Two seconds in which even the last packet came early: so much of the delay nobody needs. */
    private void window(int target) {
        if (++pulls < (settled ? WINDOW_PULLS : FIRST_WINDOW_PULLS)) return;
        int surplus = leastSlack == Integer.MAX_VALUE ? 0 : leastSlack - target;
        int tooMany = settled ? Math.max(0, surplus) / FRAME : 0;
        settled = true;
        beginWindow();
        framesTooMany = tooMany;
        wantShift(Math.min(FRAME, surplus - tooMany * FRAME));
    }

    /** Less than a frame too early or too late is the phase of our clock, not the network. */
    private void wantShift(int surplus) {
        int millis =
                surplus > 0 ? -(surplus / SAMPLES_PER_MILLI) : (SAMPLES_PER_MILLI - 1 - surplus) / SAMPLES_PER_MILLI;
        int most = MOST_SHIFT_MILLIS - shiftedMillis;
        int least = -MOST_SHIFT_MILLIS - shiftedMillis;
        int allowed = Math.max(least, Math.min(most, millis));
        shiftMillis = Math.abs(allowed) < LEAST_SHIFT_MILLIS ? 0 : allowed;
    }

    /**
     * By how many milliseconds the next pull shall come later (1) or earlier (-1) than 20 ms after the last; asked once
     * after each pull, and then done.
     */
    int shift() {
        if (shiftMillis == 0) return 0;
        int step = Integer.signum(shiftMillis);
        shiftMillis -= step;
        shiftedMillis += step;
        lastPullNanos += step * (long) SAMPLES_PER_MILLI * NANOS_PER_SAMPLE;
        pulls = 0;
        leastSlack = Integer.MAX_VALUE;
        return step;
    }

    private void beginWindow() {
        pulls = 0;
        leastSlack = Integer.MAX_VALUE;
        framesTooMany = 0;
        patience = 0;
    }

    /** Our own clock stood still: what would have been played meanwhile is over. */
    void skip(int frames) {
        if (playing) skipTo(Math.min(play + (long) frames * FRAME, Math.max(head, play)));
    }

    /** What is still to be played, holes included. */
    int bufferedMillis() {
        return (int) Math.max(0, head - play) / SAMPLES_PER_MILLI;
    }

    private void skipTo(long position) {
        long clearTo = Math.min(position, play + CAPACITY);
        for (long at = play; at < clearTo; at++) state[(int) at & MASK] = MISSING;
        play = position;
    }
}

package io.firefly.voip.media.freeswitch.fork;

import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.audio.SampleRing;
import io.firefly.voip.media.MediaStatistics;
import io.firefly.voip.media.freeswitch.fork.ForkProperties.Playout;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The carrying half of one call. FreeSWITCH writes a frame to the caller whenever it reads one, so its frames are our
 * clock: each that comes is heard and answered at once, and exactly as many go back as came. What stays away for
 * {@link #PATIENCE} is silence, given by the clock; what comes late after that is left out in a quiet moment.
 *
 * <p>{@link #arrived} is for the socket's thread, {@link #look} for the clock, the rest for any. Whoever finds the line
 * free carries for both, so nobody waits and no two tick at the same time.
 */
final class ForkLine {
    static final int FRAME = Voice.FRAME;
    static final long FRAME_NANOS = 20_000_000;
    /** Frames may be this many behind before silence takes their place. */
    static final int PATIENCE = 3;
    /** What is further ahead of the clock is left out, loud or not. */
    static final int MOST_AHEAD = 50;

    private static final int QUIET_PEAK = 500;
    /** Two seconds: more is never behind in the socket's buffers. */
    private static final int RING_SAMPLES = 16_000;

    private final ForkSocket socket;
    private final SampleRing ring = new SampleRing(RING_SAMPLES);
    private final short[] decoded = new short[FRAME];
    private final short[] frame = new short[FRAME];
    private final short[] silence = new short[FRAME];
    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicLongArray counters = new AtomicLongArray(Count.values().length);
    private final FaultListener faults;
    private volatile Connection connection = Connection.NOBODY;
    private volatile AudioSink ears = AudioSink.NOWHERE;
    private volatile boolean discard;
    private volatile Voice voice;
    private volatile boolean flowing;
    private volatile boolean over;
    private volatile long lastFrameNanos;

    // The rest belongs to whoever has the turn.
    private long beganNanos;
    private boolean begun;
    /** Frames since the beginning: told to the sink, given by FreeSWITCH, taken from the source. */
    private long heard;

    private long received;
    private long spoken;
    private boolean faulty;

    /** Sink, source or the line threw, against the rules; told once. Hand over and return. */
    interface FaultListener {
        void fault(Throwable fault);
    }

    private record Connection(AudioSink sink, AudioSource source) {
        static final Connection NOBODY = new Connection(AudioSink.NOWHERE, AudioSource.SILENCE);
    }

    enum Count {
        RECEIVED,
        SENT,
        UNSENT,
        MALFORMED,
        OVERFLOWED,
        MADE_UP,
        LEFT_OUT
    }

    ForkLine(ForkSocket socket, Playout playout, FaultListener faults) {
        this.socket = socket;
        this.voice = new Utterances(playout);
        this.faults = faults;
    }

    void connect(AudioSink sink, AudioSource source) {
        connection = new Connection(sink, source);
    }

    void hearOnArrival(AudioSink newEars) {
        ears = newEars;
    }

    /** From the next frame on. */
    void speakBy(Voice newVoice) {
        voice = newVoice;
    }

    /** Ticks begin; what came before is forgotten. */
    void begin() {
        flowing = true;
        lastFrameNanos = System.nanoTime();
        takeTurn();
    }

    void end() {
        over = true;
    }

    void discardUnheard() {
        discard = true;
        takeTurn();
    }

    /** A binary message, of any length. Socket's thread. */
    void arrived(byte[] pcm) {
        if ((pcm.length & 1) != 0) count(Count.MALFORMED, 1);
        if (!flowing || over) return;
        lastFrameNanos = System.nanoTime();
        int samples = pcm.length / 2;
        for (int done = 0; done < samples; done += FRAME) {
            int part = Math.min(FRAME, samples - done);
            decode(pcm, done, part);
            count(Count.OVERFLOWED, part - ring.write(decoded, 0, part));
            if (ring.available() >= FRAME) takeTurn();
        }
    }

    /** While nobody speaks FreeSWITCH sends -1 rather than 0. */
    private void decode(byte[] pcm, int from, int length) {
        for (int i = 0; i < length; i++) {
            int at = (from + i) * 2;
            int sample = (short) ((pcm[at] & 0xFF) | pcm[at + 1] << 8);
            decoded[i] = sample >= -1 && sample <= 1 ? 0 : (short) sample;
        }
    }

    /** Clock, every now and then: frames that should be here and are not become silence. */
    void look(long nowNanos) {
        if (flowing && !over && nowNanos - lastFrameNanos > PATIENCE * FRAME_NANOS) takeTurn();
    }

    private void takeTurn() {
        if (turns.getAndIncrement() != 0) return;
        int waiting = 1;
        do {
            carry();
            waiting = turns.addAndGet(-waiting);
        } while (waiting != 0);
    }

    @SuppressWarnings("IllegalCatch") // an Error of one call must not end the thread that carries others
    private void carry() {
        try {
            work(System.nanoTime());
        } catch (Throwable e) {
            connection = Connection.NOBODY;
            ears = AudioSink.NOWHERE;
            if (faulty) return;
            faulty = true;
            faults.fault(e);
        }
    }

    private void work(long nowNanos) {
        if (!flowing || over) return;
        if (!begun) {
            begun = true;
            beganNanos = nowNanos;
            ring.clear();
            if (!voice.prime(socket)) count(Count.UNSENT, 1);
        }
        if (discard) {
            discard = false;
            if (!voice.discard(socket)) count(Count.UNSENT, 1);
        }
        while (ring.available() >= FRAME) {
            ring.read(frame, 0, FRAME);
            frameCame(nowNanos);
        }
        makeUp(nowNanos);
    }

    private long dueFrames(long nowNanos) {
        return (nowNanos - beganNanos) / FRAME_NANOS;
    }

    private void frameCame(long nowNanos) {
        received++;
        count(Count.RECEIVED, 1);
        long ahead = heard - dueFrames(nowNanos);
        if (ahead > MOST_AHEAD || (ahead > PATIENCE && isQuiet())) count(Count.LEFT_OUT, 1);
        else hear(frame);
        if (spoken < received) speak();
    }

    private boolean isQuiet() {
        for (short sample : frame) {
            if (sample > QUIET_PEAK || sample < -QUIET_PEAK) return false;
        }
        return true;
    }

    private void hear(short[] pcm) {
        heard++;
        connection.sink.write(pcm, FRAME);
        ears.write(pcm, FRAME);
    }

    private void makeUp(long nowNanos) {
        if (nowNanos - lastFrameNanos <= PATIENCE * FRAME_NANOS) return;
        long due = Math.min(dueFrames(nowNanos) - PATIENCE - heard, MOST_AHEAD);
        for (long i = 0; i < due; i++) {
            count(Count.MADE_UP, 1);
            Arrays.fill(silence, (short) 0);
            hear(silence);
            // FreeSWITCH that does not read does not play either: what is sent would only wait there.
            if (spoken - received < MOST_AHEAD) speak();
        }
    }

    private void speak() {
        spoken++;
        int length = Math.max(0, connection.source.read(frame, FRAME));
        Arrays.fill(frame, length, FRAME, (short) 0);
        count(voice.speak(frame, socket) ? Count.SENT : Count.UNSENT, 1);
    }

    @SuppressWarnings("EnumOrdinal") // an index into a table that lives as long as the enum
    private void count(Count count, long more) {
        if (more != 0) counters.addAndGet(count.ordinal(), more);
    }

    MediaStatistics statistics() {
        return new MediaStatistics(
                "L16",
                get(Count.RECEIVED),
                get(Count.SENT),
                get(Count.UNSENT),
                get(Count.LEFT_OUT),
                0,
                get(Count.MADE_UP),
                get(Count.MALFORMED),
                0);
    }

    @SuppressWarnings("EnumOrdinal") // as in count
    long get(Count count) {
        return counters.get(count.ordinal());
    }
}

package io.firefly.voip.agent.openai.sound;

import io.firefly.voip.agent.Upstream;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what callers say from their {@link Ears} to their provider sockets, through {@link Feed}s: one thread for all
 * sessions. The first frame wakes it; then it lets a moment pass in which others come, which costs less than being woken
 * for every frame, takes them all and waits to be woken again. Parked while there is no session.
 */
public final class AgentPump implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AgentPump.class);

    /** For what is due without a frame: a silence to be filled, a wake-up that came too early. */
    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();

    private final long intervalNanos;
    private final Thread thread;
    private final AtomicBoolean asleep = new AtomicBoolean();
    private volatile List<Feed> feeds = List.of();
    private volatile boolean closed;

    /** @param interval frames that come in such a time after the first one go with it */
    public AgentPump(Duration interval) {
        this.intervalNanos = interval.toNanos();
        this.thread = new Thread(this::run, "agent-pump");
        thread.setDaemon(true);
        thread.start();
    }

    /** From now on what these ears hear is sent. Any thread. */
    public synchronized void add(Feed feed) {
        List<Feed> more = new ArrayList<>(feeds);
        more.add(feed);
        feeds = List.copyOf(more);
        LockSupport.unpark(thread);
    }

    public synchronized void remove(Feed feed) {
        feeds = feeds.stream().filter(other -> other != feed).toList();
    }

    public int feeds() {
        return feeds.size();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closed) {
            // Before we look: what comes while we do wakes us again.
            asleep.set(true);
            boolean more = pumpAll();
            if (feeds.isEmpty()) LockSupport.park(this);
            else if (!more) LockSupport.parkNanos(this, LOOK_NANOS);
            asleep.set(false);
            pumpAll();
            if (!feeds.isEmpty()) LockSupport.parkNanos(this, intervalNanos);
        }
    }

    /** True when somebody has more to send than is sent at once. */
    private boolean pumpAll() {
        List<Feed> now = feeds;
        boolean more = false;
        for (int i = 0; i < now.size(); i++) more |= pump(now.get(i));
        return more;
    }

    /** Media thread: sound is waiting. Costs one wake-up however many frames come before it is taken. */
    public void wake() {
        // Against the pump's asleep-then-look: whoever comes second sees the other.
        VarHandle.fullFence();
        if (asleep.getOpaque() && asleep.compareAndSet(true, false)) LockSupport.unpark(thread);
    }

    private boolean pump(Feed feed) {
        try {
            return feed.pump(System.nanoTime());
        } catch (RuntimeException e) {
            // One broken socket must not make every other caller deaf.
            log.warn("agent pump gives up one session: its socket cannot send", e);
            remove(feed);
            feed.broken.run();
            return false;
        }
    }

    /** One session's way out. Pump thread only, but for the counters. */
    public static final class Feed {
        private static final byte[] HEAD =
                "{\"type\":\"input_audio_buffer.append\",\"audio\":\"".getBytes(StandardCharsets.ISO_8859_1);
        private static final byte[] TAIL = "\"}".getBytes(StandardCharsets.ISO_8859_1);
        /** What was held back goes out in small portions, so that the socket's queue is not flooded. */
        private static final int FRAMES_AT_ONCE = 5;

        private static final long FRAME_NANOS = Duration.ofMillis(20).toNanos();
        /** The provider's clock is the sound it was sent: if the line falls silent, its VAD never sees the end of speech. */
        private static final long GAP_NANOS = Duration.ofMillis(300).toNanos();

        private static final int MAX_FILLED_FRAMES = 500;

        private final Ears ears;
        private final Upstream.Socket socket;
        private final Runnable broken;
        private final byte[] frame;
        private final byte[] silence;
        private final byte[] base64;
        private final byte[] text;
        private long silentSinceNanos;
        private int filled = MAX_FILLED_FRAMES;
        private final LongAdder sent = new LongAdder();
        private final LongAdder refused = new LongAdder();

        /** @param broken runs once, on the pump thread, when the socket throws: nothing is sent any more */
        public Feed(Ears ears, Upstream.Socket socket, Runnable broken) {
            this.ears = ears;
            this.socket = socket;
            this.broken = broken;
            this.frame = new byte[ears.slotBytes()];
            this.silence = ears.silence;
            this.base64 = new byte[(frame.length + 2) / 3 * 4];
            this.text = new byte[HEAD.length + base64.length + TAIL.length];
            System.arraycopy(HEAD, 0, text, 0, HEAD.length);
        }

        /** True when there may be more than was sent now. */
        public boolean pump(long nowNanos) {
            for (int i = 0; i < FRAMES_AT_ONCE; i++) {
                int length = ears.take(frame);
                if (length == 0) {
                    fillGap(nowNanos);
                    return false;
                }
                send(frame, length);
                silentSinceNanos = nowNanos;
                filled = 0;
            }
            return true;
        }

        private void fillGap(long nowNanos) {
            if (filled >= MAX_FILLED_FRAMES || nowNanos - silentSinceNanos < GAP_NANOS + filled * FRAME_NANOS) return;
            send(silence, silence.length);
            filled++;
        }

        private void send(byte[] sound, int length) {
            byte[] exact = length == sound.length ? sound : Arrays.copyOf(sound, length);
            int encoded = Base64.getEncoder().encode(exact, base64);
            System.arraycopy(base64, 0, text, HEAD.length, encoded);
            System.arraycopy(TAIL, 0, text, HEAD.length + encoded, TAIL.length);
            String event = new String(text, 0, HEAD.length + encoded + TAIL.length, StandardCharsets.ISO_8859_1);
            if (socket.send(event)) sent.increment();
            else refused.increment();
        }

        public long sent() {
            return sent.sum();
        }

        /** Frames the socket had no room for. */
        public long refused() {
            return refused.sum();
        }
    }

    /**
     * What the caller says, encoded for the wire, on its way from the media thread to the pump. A ring without locks that
     * forgets the oldest frames when nobody takes them: before the provider is ready it holds the last two seconds.
     *
     * <p>One writer (media thread), one reader (pump). The writer never looks at the reader: it announces the frame it is
     * about to overwrite, and the reader throws away a frame that was overwritten under its hands.
     */
    public static final class Ears implements AudioSink {
        public static final int HELD_FRAMES = 100;

        private final LineCodec codec;
        private final int samplesPerFrame;
        private final Runnable whenHeard;
        private final int slotBytes;
        private final byte[] sound;
        private final byte[] silence;
        private final int[] lengths = new int[HELD_FRAMES];
        private final Loudness loudness;
        /** Frames begun and frames complete. Written by the media thread only. */
        private final AtomicLong begun = new AtomicLong();

        private final AtomicLong complete = new AtomicLong();
        private final AtomicLong misshapen = new AtomicLong();
        private volatile boolean closed;

        /** The next frame to take. Pump only. */
        private long next;

        private final LongAdder overwritten = new LongAdder();

        /** @param whenHeard runs after every frame, on the media thread: wakes who takes them */
        public Ears(LineCodec codec, int samplesPerFrame, Runnable whenHeard) {
            this.codec = codec;
            this.whenHeard = whenHeard;
            this.samplesPerFrame = samplesPerFrame;
            this.loudness = new Loudness(samplesPerFrame / AudioFormat.FRAME_MILLIS);
            this.slotBytes = codec.frameBytes();
            this.sound = new byte[HELD_FRAMES * slotBytes];
            // Here, because the codec belongs to the media thread from now on.
            int silent = codec.encode(new short[samplesPerFrame], samplesPerFrame, sound, 0);
            this.silence = Arrays.copyOf(sound, silent);
        }

        /** Media thread. */
        @Override
        public void write(short[] pcm, int length) {
            if (closed || length == 0) return;
            if (length < 0 || length > samplesPerFrame || length > pcm.length) {
                misshapen.lazySet(misshapen.get() + 1);
                return;
            }
            loudness.hear(pcm, length);
            long frame = complete.getPlain();
            int slot = (int) (frame % HELD_FRAMES);
            begun.setPlain(frame + 1);
            VarHandle.storeStoreFence();
            lengths[slot] = codec.encode(pcm, length, sound, slot * slotBytes);
            complete.setRelease(frame + 1);
            whenHeard.run();
        }

        /**
         * Pump thread. Takes the oldest frame that is still there.
         *
         * @param into at least {@link #slotBytes()} long
         * @return its length in bytes, 0 when there is none
         */
        public int take(byte[] into) {
            while (true) {
                long available = complete.getAcquire();
                skipTo(available - HELD_FRAMES);
                if (next == available) return 0;
                int slot = (int) (next % HELD_FRAMES);
                int length = Math.min(lengths[slot], slotBytes);
                System.arraycopy(sound, slot * slotBytes, into, 0, length);
                VarHandle.loadLoadFence();
                boolean intact = begun.getPlain() - next <= HELD_FRAMES;
                next++;
                if (intact) return length;
                overwritten.increment();
            }
        }

        private void skipTo(long oldest) {
            if (oldest <= next) return;
            overwritten.add(oldest - next);
            next = oldest;
        }

        public int slotBytes() {
            return slotBytes;
        }

        public Loudness loudness() {
            return loudness;
        }

        /** Frames that were never sent: too old when they could have been, or of a length that is no frame. */
        public long dropped() {
            return overwritten.sum() + misshapen.get();
        }

        public void close() {
            closed = true;
        }
    }

    /**
     * How long somebody has talked on the line, roughly: enough to doubt a provider that hears nobody. Steady noise
     * counts for some seconds only. Media thread, but for {@link #loudMillis}.
     */
    public static final class Loudness {
        /** Mean magnitude of speech on a line, on the low side: about -35 dBFS. */
        private static final int SPEECH = 400;

        private static final int QUIETEST_FLOOR = 60;
        /** 12 dB. */
        private static final int OVER_FLOOR = 4;
        /** 3 dB a second. */
        private static final double FLOOR_RISE_A_MILLI = 0.000_345;
        /** Pauses between syllables. */
        private static final int HANGOVER_MILLIS = 200;

        private final AtomicLong loudSamples = new AtomicLong();
        private final int samplesPerMilli;
        private final double floorRise;
        private final int hangoverSamples;
        private double floor = QUIETEST_FLOOR;
        private int hangover;

        public Loudness(int samplesPerMilli) {
            this.samplesPerMilli = samplesPerMilli;
            floorRise = FLOOR_RISE_A_MILLI / samplesPerMilli;
            hangoverSamples = HANGOVER_MILLIS * samplesPerMilli;
        }

        public void hear(short[] pcm, int length) {
            int sum = 0;
            for (int i = 0; i < length; i++) sum += Math.abs(pcm[i]);
            int mean = sum / length;
            floor = Math.max(QUIETEST_FLOOR, Math.min(mean, floor * (1 + floorRise * length)));
            hangover = mean >= SPEECH && mean >= OVER_FLOOR * floor ? hangoverSamples : hangover - length;
            if (hangover > 0) loudSamples.lazySet(loudSamples.getPlain() + length);
            else hangover = 0;
        }

        /** Since the beginning. Any thread. */
        public long loudMillis() {
            return loudSamples.get() / samplesPerMilli;
        }
    }
}

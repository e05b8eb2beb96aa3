package io.firefly.voip.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.audio.G711;
import io.firefly.voip.call.CallId;
import io.firefly.voip.media.MediaListener;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.Negotiated;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ears on arrival with the engine's own threads, in real time. */
@Timeout(30)
class ArrivalEngineTest {
    private static final int FRAMES = 75;
    private static final long FRAME_NANOS = Duration.ofMillis(20).toNanos();

    private final RtpMediaEngine engine = new RtpMediaEngine(RtpSettings.loopback(21_200, 21_299));
    private final RtpPeer peer = new RtpPeer();
    private final AtomicInteger samples = new AtomicInteger();
    private final AtomicInteger frames = new AtomicInteger();
    private final AtomicLongArray heardNanos = new AtomicLongArray(FRAMES);
    private final MediaListener listener = new MediaListener() {
        @Override
        public void dtmf(char digit, int millis) {}

        @Override
        public void timedOut() {}
    };

    @AfterEach
    void close() {
        peer.close();
        engine.close();
    }

    /** The quickest half: a busy build machine keeps threads waiting. */
    @Test
    void earsHearInRealTimeAndBeforeTheTickWould() {
        MediaSession session = engine.open(CallId.next());
        Negotiated.Agreed agreed = (Negotiated.Agreed)
                session.answer(peer.offer("")).toCompletableFuture().join();
        int port = Integer.parseInt(agreed.sdp().split("m=audio ", -1)[1].split(" ", -1)[0]);
        session.connect((pcm, length) -> frames.incrementAndGet(), AudioSource.SILENCE);
        assertThat(session.hearOnArrival(this::hear)).isTrue();
        long began = System.nanoTime();
        session.start(listener);

        long[] delays = converse(port, began);

        int heard = samples.get();
        long lasted = (System.nanoTime() - began) / 125_000;
        // More than lasted when this machine stalled: the sound came after silence had taken its place.
        assertThat((long) heard).isBetween(lasted - 5 * 160, lasted + 20 * 160);
        assertThat(frames.get()).as("the tick goes on").isBetween(FRAMES - 10, FRAMES + 10);
        Arrays.sort(delays);
        assertThat(delays[FRAMES / 2]).isLessThan(Duration.ofMillis(8).toNanos());
    }

    /** A packet has its number as its level. */
    private void hear(short[] pcm, int length) {
        samples.addAndGet(length);
        int number = Byte.toUnsignedInt(G711.PCMU.encode(pcm[length - 1])) - 1;
        if (number >= 0 && number < FRAMES && pcm[length - 1] != 0) {
            heardNanos.compareAndSet(number, 0, System.nanoTime());
        }
    }

    private long[] converse(int port, long began) {
        long[] delays = new long[FRAMES];
        byte[] payload = new byte[160];
        for (int i = 0; i < FRAMES; i++) {
            long due = began + (i + 1) * FRAME_NANOS + 7_000_000;
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            Arrays.fill(payload, (byte) (i + 1));
            delays[i] = -System.nanoTime();
            peer.say(port, payload);
        }
        LockSupport.parkNanos(FRAME_NANOS);
        for (int i = 0; i < FRAMES; i++) delays[i] += heardNanos.get(i) == 0 ? Long.MAX_VALUE : heardNanos.get(i);
        return delays;
    }
}

package io.firefly.voip.media.freeswitch.fork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.media.freeswitch.fork.ForkLine.Count;
import io.firefly.voip.media.freeswitch.fork.ForkProperties.Playout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ForkLineTest {
    private static final int FRAME = 160;
    private final Wire wire = new Wire();
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();
    private final ForkLine line = new ForkLine(wire, Playout.PLAIN, faults::add);
    private final List<Integer> heard = new CopyOnWriteArrayList<>();

    /** The module's side of a socket. */
    private static final class Wire implements ForkSocket {
        final List<short[]> pieces = new ArrayList<>();
        final List<String> texts = new ArrayList<>();
        boolean broken;
        boolean forgetful;

        @Override
        public boolean send(byte[] bytes, int length) {
            if (forgetful) return true;
            short[] samples = new short[length / 2];
            ByteBuffer.wrap(bytes, 0, length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asShortBuffer()
                    .get(samples);
            pieces.add(samples);
            return !broken;
        }

        @Override
        public boolean send(String text) {
            texts.add(text);
            return !broken;
        }

        @Override
        public void close(int code, String reason) {
            broken = true;
        }
    }

    private static byte[] frame(int level) {
        ByteBuffer bytes = ByteBuffer.allocate(FRAME * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < FRAME; i++) bytes.putShort((short) level);
        return bytes.array();
    }

    private static AudioSource always(int level) {
        return (pcm, length) -> {
            Arrays.fill(pcm, 0, length, (short) level);
            return length;
        };
    }

    private void hear(short[] pcm, int length) {
        heard.add((int) pcm[0]);
    }

    @Test
    void nothingIsHeardOrSaidBeforeTheBeginning() {
        line.connect(this::hear, always(1_000));
        line.arrived(frame(1));
        line.look(System.nanoTime() + 1_000_000_000);
        assertThat(heard).isEmpty();
        assertThat(wire.pieces).isEmpty();
    }

    @Test
    void everyFrameIsAnsweredInItsOwnTick() {
        AtomicInteger reads = new AtomicInteger();
        line.connect(this::hear, (pcm, length) -> {
            reads.incrementAndGet();
            return 0;
        });
        line.begin();
        for (int i = 1; i <= 3; i++) {
            line.arrived(frame(1_000 * i));
            assertThat(heard).hasSize(i).last().isEqualTo(1_000 * i);
            assertThat(reads).hasValue(i);
        }
    }

    @Test
    void minusOneIsSilenceInBothDirections() {
        line.connect(this::hear, (pcm, length) -> {
            Arrays.fill(pcm, 0, length, (short) -1);
            pcm[0] = 1_000;
            return length;
        });
        line.begin();
        for (int level : new int[] {-1, 1, 0, -2}) line.arrived(frame(level));
        assertThat(heard).containsExactly(0, 0, 0, -2);
        assertThat(wire.pieces).hasSize(2);
        assertThat(wire.pieces.get(1)).hasSize(640).doesNotContain((short) -1).contains((short) 1_000);
    }

    @Test
    void inAPauseNothingIsSentAndTheNextWordBeginsAPiece() {
        AtomicInteger level = new AtomicInteger(2_000);
        line.connect(AudioSink.NOWHERE, (pcm, length) -> always(level.get()).read(pcm, length));
        line.begin();
        for (int i = 0; i < 4; i++) line.arrived(frame(0));
        level.set(0);
        for (int i = 0; i < 40; i++) line.arrived(frame(0));
        int pieces = wire.pieces.size();
        assertThat(pieces).isEqualTo(2 + 3);
        level.set(3_000);
        for (int i = 0; i < 4; i++) line.arrived(frame(0));
        assertThat(wire.pieces).hasSize(pieces + 1);
        assertThat(wire.pieces.get(pieces)[0]).isEqualTo((short) 3_000);
        assertThat(wire.pieces)
                .allSatisfy(piece -> assertThat(piece.length % 640).isZero());
    }

    @Test
    void whatStaysAwayIsSilenceAndIsLeftOutWhenItComesAfterAll() throws Exception {
        ForkClock clock = new ForkClock();
        line.connect(this::hear, AudioSource.SILENCE);
        line.begin();
        clock.add(line);
        line.arrived(frame(7));
        await().atMost(Duration.ofSeconds(5)).until(() -> heard.size() >= 20);
        clock.remove(line);
        clock.close();
        long madeUp = line.get(Count.MADE_UP);
        for (int i = 0; i < madeUp + 20; i++) line.arrived(frame(7));
        assertThat(line.get(Count.LEFT_OUT)).isPositive();
        assertThat(line.get(Count.MADE_UP)).isGreaterThanOrEqualTo(19);
    }

    @Test
    void aFloodOfLoudFramesIsBoundedByTheClock() {
        line.connect(this::hear, AudioSource.SILENCE);
        line.begin();
        for (int i = 0; i < 1_000; i++) line.arrived(frame(9_000));
        assertThat(heard.size()).isBetween(ForkLine.MOST_AHEAD, ForkLine.MOST_AHEAD + 100);
        assertThat(line.get(Count.LEFT_OUT)).isGreaterThan(800);
    }

    @Test
    void aHugeMessageIsTakenInPieces() {
        line.connect(this::hear, AudioSource.SILENCE);
        line.begin();
        byte[] huge = new byte[65_535];
        Arrays.fill(huge, (byte) 50);
        line.arrived(huge);
        assertThat(line.get(Count.RECEIVED)).isEqualTo(65_534 / 2 / FRAME);
        assertThat(line.get(Count.MALFORMED)).isEqualTo(1);
    }

    @Test
    void afterKillAudioNothingGoesOutUntilTheModuleHasObeyed() {
        line.connect(AudioSink.NOWHERE, always(4_000));
        line.begin();
        for (int i = 0; i < 6; i++) line.arrived(frame(0));
        assertThat(wire.pieces).hasSize(2);
        line.discardUnheard();
        assertThat(wire.texts).containsExactly("{\"type\":\"killAudio\"}");
        line.discardUnheard();
        assertThat(wire.texts).hasSize(1);
        for (int i = 0; i < 3; i++) line.arrived(frame(0));
        assertThat(wire.pieces).hasSize(2);
        line.arrived(frame(0));
        assertThat(wire.pieces).hasSize(3);
    }

    @Test
    void whatCannotBeSentIsCounted() {
        wire.broken = true;
        line.connect(AudioSink.NOWHERE, always(4_000));
        line.begin();
        for (int i = 0; i < 4; i++) line.arrived(frame(0));
        assertThat(line.get(Count.UNSENT)).isEqualTo(2);
        line.discardUnheard();
        assertThat(line.get(Count.UNSENT)).isEqualTo(3);
    }

    @Test
    void aSinkThatThrowsIsToldOnceAndNotAskedAgain() {
        AtomicInteger asked = new AtomicInteger();
        line.connect(
                (pcm, length) -> {
                    asked.incrementAndGet();
                    throw new IllegalStateException("bug");
                },
                AudioSource.SILENCE);
        line.begin();
        for (int i = 0; i < 5; i++) line.arrived(frame(1));
        assertThat(asked).hasValue(1);
        assertThat(faults).hasSize(1);
    }

    @Test
    void afterTheEndNothingHappens() {
        line.connect(this::hear, always(1_000));
        line.begin();
        line.end();
        line.arrived(frame(1));
        line.discardUnheard();
        assertThat(heard).isEmpty();
        assertThat(wire.texts).isEmpty();
    }

    @Test
    void aTickAllocatesNothing() {
        for (Playout playout : Playout.values()) {
            Wire forgetful = new Wire();
            forgetful.forgetful = true;
            ForkLine busy = new ForkLine(forgetful, playout, faults::add);
            short[] last = new short[FRAME];
            busy.connect((pcm, length) -> System.arraycopy(pcm, 0, last, 0, length), always(3_000));
            busy.hearOnArrival((pcm, length) -> last[0] = pcm[1]);
            busy.begin();
            byte[] frame = frame(9_000);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = 0;
            for (int i = 0; i < 3_000; i++) {
                if (i == 2_500) before = threads.getCurrentThreadAllocatedBytes();
                busy.arrived(frame);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated).as("bytes in 500 ticks, %s", playout).isLessThan(2_048);
        }
    }
}

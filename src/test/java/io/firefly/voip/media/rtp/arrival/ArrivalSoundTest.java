package io.firefly.voip.media.rtp.arrival;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.firefly.voip.media.rtp.arrival.ArrivalSound.Count;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A clock in the hands of the test: packet n of 20 ms is said at n * 20 ms and has its number as its sound. */
class ArrivalSoundTest {
    private static final int FRAME = 160;
    private static final long MILLI = 1_000_000;
    private static final int LOUD = 10_000;
    private static final int FIRST_TIMESTAMP = Integer.MAX_VALUE - 1_000;

    private final List<Integer> heard = new ArrayList<>();
    private long samples;
    private long sound;
    private boolean noting = true;
    private final ArrivalSound ears = new ArrivalSound(this::hear);
    private final short[] pcm = new short[ArrivalSound.MAX_PACKET];
    private long nowNanos = 5_000 * MILLI;
    private final long startNanos = nowNanos;

    /** Notes what is heard, repeats of the same level once: 0 is silence. */
    private void hear(short[] piece, int length) {
        assertThat(length).isBetween(1, FRAME);
        samples += length;
        for (int i = 0; i < length; i++) {
            if (piece[i] != 0) sound++;
            if (!noting || (!heard.isEmpty() && heard.get(heard.size() - 1) == piece[i])) continue;
            heard.add((int) piece[i]);
        }
    }

    @BeforeEach
    void begin() {
        ears.begin(nowNanos);
    }

    private void at(long millis) {
        long target = startNanos + millis * MILLI;
        while (nowNanos < target) {
            nowNanos += MILLI;
            ears.pass(nowNanos);
        }
    }

    private void put(int number, int level, int length) {
        Arrays.fill(pcm, 0, length, (short) level);
        ears.put(100 + number, stamp((number - 1) * FRAME), pcm, length, nowNanos);
    }

    /** It wraps within the first second. */
    private static int stamp(int samples) {
        return FIRST_TIMESTAMP + samples;
    }

    private void say(int number) {
        put(number, number, FRAME);
    }

    private void sayAt(long millis, int... numbers) {
        at(millis);
        for (int number : numbers) say(number);
    }

    @Test
    void soundPassesWhenItComes() {
        for (int i = 1; i <= 10; i++) {
            sayAt(i * 20L, i);
            assertThat(samples).isEqualTo((long) i * FRAME);
        }
        assertThat(heard).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    @Test
    void anythingElseThanTheNextWaitsForIt() {
        sayAt(20, 1);
        sayAt(40, 3);
        assertThat(heard).containsExactly(1);
        sayAt(45, 2);
        assertThat(heard).containsExactly(1, 2, 3);
        sayAt(80, 6, 5);
        assertThat(heard).containsExactly(1, 2, 3);
        sayAt(81, 4);
        assertThat(heard).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(samples).isEqualTo(6 * FRAME);
        assertThat(ears.count(Count.HELD)).isEqualTo(3);
        assertThat(ears.count(Count.SILENCE)).isZero();
    }

    @Test
    void theThirdThatWouldHaveToWaitMakesSilenceOfWhatIsMissing() {
        sayAt(20, 1);
        sayAt(60, 3);
        sayAt(80, 4);
        assertThat(heard).containsExactly(1);
        sayAt(99, 5);
        assertThat(heard).containsExactly(1, 0, 3, 4, 5);
        assertThat(samples).isEqualTo(5 * FRAME);
        assertThat(ears.count(Count.SILENCE)).isEqualTo(FRAME);
    }

    @Test
    void nobodyWaitsLongerThanFortyMilliseconds() {
        sayAt(20, 1);
        sayAt(60, 3);
        at(99);
        assertThat(heard).containsExactly(1);
        at(100);
        assertThat(heard).containsExactly(1, 0, 3);
        assertThat(samples).isEqualTo(3 * FRAME);
    }

    @Test
    void whoComesBeforeTwoThatWaitIsHeardBeforeThem() {
        sayAt(20, 1);
        sayAt(100, 4, 5, 3);
        assertThat(heard).containsExactly(1, 0, 3, 4, 5);
        assertThat(ears.count(Count.LATE)).isZero();
    }

    @Test
    void lateAndDuplicatePacketsAreDroppedAndCounted() {
        sayAt(20, 1);
        sayAt(100, 3, 3, 4, 5);
        sayAt(101, 2, 2, 4);
        assertThat(heard).containsExactly(1, 0, 3, 4, 5);
        assertThat(samples).isEqualTo(5 * FRAME);
        assertThat(ears.count(Count.LATE)).isEqualTo(1);
        assertThat(ears.count(Count.DUPLICATED)).isEqualTo(3);
    }

    @Test
    void aPauseIsSilenceWhileItLasts() {
        sayAt(20, 1);
        for (int millis = 21; millis <= 10_000; millis++) {
            at(millis);
            assertThat(samples / 8).isBetween(millis - 80L, (long) Math.max(20, millis - 60));
        }
        put(2, 2, FRAME);
        ears.put(103, stamp(499 * FRAME), Arrays.copyOf(pcm, FRAME), FRAME, nowNanos);
        assertThat(heard).as("number 2 is late, 3 comes after the pause").startsWith(1, 0);
    }

    @Test
    void afterAPauseThatWasNotSentSoundIsWhereItsTimestampSays() {
        sayAt(20, 1);
        at(2_000);
        Arrays.fill(pcm, (short) 7);
        ears.put(102, stamp(99 * FRAME), pcm, FRAME, nowNanos);
        assertThat(heard).containsExactly(1, 0, 7);
        assertThat(samples).isEqualTo(100 * FRAME);
    }

    @Test
    void aTimestampThatJumpsAheadIsNotWaitedFor() {
        sayAt(20, 1);
        at(40);
        ears.put(102, stamp(1_000_000_000), pcm, FRAME, nowNanos);
        at(60);
        ears.put(103, stamp(1_000_000_000 + FRAME), pcm, FRAME, nowNanos);
        assertThat(samples).isBetween(3L * FRAME, 5L * FRAME);
        assertThat(ears.count(Count.LATE)).isZero();
    }

    @Test
    void aClockThatIsSetBackIsBelievedAfterATenthOfASecond() {
        for (int i = 1; i <= 10; i++) sayAt(i * 20L, i);
        for (int i = 11; i <= 30; i++) {
            at(i * 20L);
            Arrays.fill(pcm, (short) i);
            ears.put(100 + i, stamp(i * FRAME - 80_000), pcm, FRAME, nowNanos);
        }
        assertThat(heard).endsWith(25, 26, 27, 28, 29, 30);
        assertThat(ears.count(Count.LATE)).isBetween(5L, 8L);
        assertThat(samples).isBetween(29L * FRAME, 31L * FRAME);
    }

    @Test
    void anotherStreamFollowsTheOldOneWithoutALeapInTime() {
        for (int i = 1; i <= 10; i++) sayAt(i * 20L, i);
        sayAt(219, 12);
        ears.reset();
        for (int i = 11; i <= 20; i++) {
            at(i * 20L + 20);
            Arrays.fill(pcm, (short) i);
            ears.put(40_000 + i, i * FRAME - 7, pcm, FRAME, nowNanos);
        }
        assertThat(heard).endsWith(9, 10, 0, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
        assertThat(samples).isEqualTo(21 * FRAME);
    }

    @Test
    void tonesAreSilenceFromTheSampleToTheSample() {
        sayAt(20, 1);
        ears.mute(stamp(FRAME + 60));
        sayAt(40, 2, 3);
        ears.unmute(stamp(3 * FRAME + 10));
        sayAt(80, 4);
        assertThat(heard).containsExactly(1, 2, 0, 4);
        assertThat(sound).isEqualTo(FRAME + 60 + FRAME - 10);
        assertThat(samples).isEqualTo(4 * FRAME);
    }

    @Test
    void packetsWithoutSoundTakeTheirTurn() {
        sayAt(20, 1);
        ears.note(102, nowNanos);
        ears.note(104, nowNanos);
        ears.note(104, nowNanos);
        ears.note(103, nowNanos);
        at(40);
        ears.put(105, stamp(FRAME), pcm, FRAME, nowNanos);
        assertThat(samples).isEqualTo(2 * FRAME);
        assertThat(ears.count(Count.DUPLICATED)).isEqualTo(1);
    }

    @Test
    void longPacketsComeInPiecesAndTinyOnesTogether() {
        at(60);
        ears.put(1, 0, pcm, 480, nowNanos);
        assertThat(samples).isEqualTo(480);
        int[] pieces = {0};
        ArrivalSound tiny = new ArrivalSound((piece, length) -> pieces[0]++);
        tiny.begin(0);
        for (int i = 0; i < 8_000; i++) tiny.put(i, i, pcm, 1, i * 125_000L);
        assertThat(pieces[0]).isBetween(90, 110);
        ArrivalSound last = new ArrivalSound((piece, length) -> pieces[0] = -length);
        last.begin(0);
        last.put(1, 0, pcm, 10, 2 * MILLI);
        assertThat(pieces[0]).isPositive();
        last.pass(30 * MILLI);
        assertThat(pieces[0]).as("with what came before it").isEqualTo(-16);
    }

    /** Speaks for so long at this pace, a pause in every second, and tells how far the ears are from the clock at most. */
    private long worstAfter(int seconds, double pace, int jitterMillis) {
        noting = false;
        Random random = new Random(1);
        long worst = 0;
        int last = (int) (seconds * 50 / pace);
        long playedUntil = 0;
        for (int i = 1; i <= last; i++) {
            long millis = Math.round(i * 20 * pace) + random.nextInt(jitterMillis + 1);
            playedUntil = Math.max(playedUntil, millis);
            at(playedUntil);
            put(i, i % 50 < 30 ? LOUD : 5, FRAME);
            long off = samples - (nowNanos - startNanos) / 125_000;
            if (i > 150) worst = Math.max(worst, Math.abs(off));
        }
        return worst;
    }

    @Test
    void anHourOfSpeechIsAnHourOfSoundToTheFrame() {
        assertThat(worstAfter(3_600, 1.0, 0)).isLessThanOrEqualTo(FRAME);
        assertThat(ears.count(Count.LEFT_OUT) + ears.count(Count.SILENCE)).isLessThanOrEqualTo(FRAME);
    }

    @Test
    void jitterAloneLeavesNothingOut() {
        assertThat(worstAfter(600, 1.0, 18)).isLessThanOrEqualTo(2 * FRAME);
        assertThat(ears.count(Count.LEFT_OUT) + ears.count(Count.SILENCE)).isLessThanOrEqualTo(FRAME);
    }

    @Test
    void aCallerWhoseClockIsFastIsShortenedInQuietMoments() {
        assertThat(worstAfter(3_600, 0.999, 0)).isLessThanOrEqualTo(2 * FRAME);
        assertThat(ears.count(Count.LEFT_OUT)).isBetween(3_500L * 8, 3_700L * 8);
        assertThat(ears.count(Count.SILENCE)).isLessThanOrEqualTo(FRAME);
        assertThat(sound).isEqualTo(samples);
    }

    @Test
    void aCallerWhoseClockIsSlowIsLengthenedInQuietMoments() {
        assertThat(worstAfter(3_600, 1.001, 0)).isLessThanOrEqualTo(2 * FRAME);
        assertThat(ears.count(Count.LEFT_OUT)).isZero();
        assertThat(ears.count(Count.SILENCE)).isBetween(3_500L * 8, 3_700L * 8);
    }

    @Test
    void aCallerWhoIsNeverQuietIsCorrectedAllTheSame() {
        noting = false;
        for (int i = 1; i <= 30_000; i++) {
            at(Math.round(i * 19.98));
            put(i, LOUD, FRAME);
        }
        assertThat(samples - (nowNanos - startNanos) / 125_000).isBetween(0L, 3L * FRAME);
    }

    @Test
    void afterAStallEverythingIsHeardAndTheExtraTimeIsGivenBack() {
        for (int i = 1; i <= 10; i++) sayAt(i * 20L, i);
        at(600);
        for (int i = 11; i <= 30; i++) say(i);
        assertThat(heard).endsWith(11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
        for (int i = 31; i <= 200; i++) sayAt(i * 20L, i);
        assertThat(samples).isBetween(199L * FRAME, 201L * FRAME);
    }

    @Test
    void whoSendsTwiceAsMuchAsTimePassesIsNotHeardWithoutEnd() {
        noting = false;
        for (int i = 1; i <= 2_000; i++) {
            at(i * 10L);
            put(i, LOUD, FRAME);
            assertThat(samples - (nowNanos - startNanos) / 125_000).isLessThanOrEqualTo(CallerTime.MOST_AHEAD);
        }
        assertThat(ears.count(Count.LEFT_OUT)).isGreaterThan(70_000);
    }

    @Test
    void aClockOfOursThatStoodStillIsNotMadeUpFor() {
        sayAt(20, 1);
        nowNanos += 3_600_000 * MILLI;
        ears.pass(nowNanos);
        assertThat(samples).isLessThanOrEqualTo(16_000);
        say(2);
        assertThat(samples).isLessThanOrEqualTo(17_000);
    }

    @Test
    void nothingIsLeftForTheGarbageCollector() {
        ArrivalSound quiet = new ArrivalSound((piece, length) -> samples += length);
        quiet.begin(0);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = 0; i < 20_000; i++) {
            if (i == 10_000) before = threads.getCurrentThreadAllocatedBytes();
            long at = i * (20 * MILLI);
            int number = i % 10 == 3 ? i + 1 : i % 10 == 4 ? i - 1 : i;
            if (i % 10 != 7) quiet.put(number, number * FRAME, pcm, FRAME, at);
            if (i % 10 == 5) quiet.put(number, number * FRAME, pcm, FRAME, at);
            if (i % 1_000 == 5) quiet.reset();
            quiet.pass(at);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_024);
        assertThat(samples).isPositive();
    }
}

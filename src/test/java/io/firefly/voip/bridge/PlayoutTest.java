package io.firefly.voip.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.firefly.voip.agent.AgentMouth.Heard;
import io.firefly.voip.audio.AudioFormat;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PlayoutTest {
    private static final int FRAME = 160;

    private final Playout playout = new Playout(AudioFormat.NARROWBAND, 1.0, () -> {});
    private final short[] frame = new short[FRAME];

    @Test
    void whatIsSaidIsHeardInOrderAndThenThereIsSilence() {
        playout.say("a", ramp(0, 400), 400);

        assertThat(playout.read(frame, FRAME)).isEqualTo(FRAME);
        assertThat(frame[0]).isEqualTo((short) 0);
        assertThat(playout.read(frame, FRAME)).isEqualTo(FRAME);
        assertThat(frame[159]).isEqualTo((short) 319);
        assertThat(playout.read(frame, FRAME)).isEqualTo(80);
        assertThat(playout.read(frame, FRAME)).isZero();
        assertThat(playout.isSpeaking()).isFalse();
    }

    @Test
    void anInterruptionSilencesAtOnceAndTellsWhatWasHeardOfEachItem() {
        playout.say("first", ramp(0, 320), 320);
        playout.itemDone("first");
        playout.say("second", ramp(0, 800), 800);
        for (int i = 0; i < 4; i++) playout.read(frame, FRAME);

        assertThat(playout.interrupt()).containsExactly(new Heard("second", 100, 40, false));
        assertThat(playout.read(frame, FRAME)).isZero();
        assertThat(playout.isSpeaking()).isFalse();
    }

    @Test
    void aQueuedItemThatNobodyHeardWasHeardForZeroMillis() {
        playout.say("first", ramp(0, 800), 800);
        playout.say("second", ramp(0, 160), 160);
        playout.read(frame, FRAME);

        assertThat(playout.interrupt())
                .containsExactly(new Heard("first", 100, 20, false), new Heard("second", 20, 0, false));
    }

    @Test
    void afterAnInterruptionTheNextSentenceIsHeardFromItsBeginning() {
        playout.say("a", ramp(0, 1000), 1000);
        playout.read(frame, FRAME);
        playout.interrupt();

        playout.say("b", ramp(7, 160), 160);

        assertThat(playout.read(frame, FRAME)).isEqualTo(FRAME);
        assertThat(frame[0]).isEqualTo((short) 7);
    }

    @Test
    void moreThanFiveMinutesAheadIsDroppedAndCounted() {
        short[] minute = new short[60 * 8000];

        int lost = 0;
        for (int i = 0; i < 6; i++) lost += playout.say("long", minute, minute.length);

        assertThat(lost).isEqualTo(61 * 8000);
        assertThat(playout.droppedSamples()).isEqualTo(61 * 8000);
    }

    @Test
    void anHourOfSpeechGoesThroughTheSameBlocks() {
        short[] second = ramp(0, 8000);
        for (int i = 0; i < 3600; i++) {
            assertThat(playout.say("s" + i, second, 8000)).isZero();
            playout.itemDone("s" + i);
            for (int f = 0; f < 50; f++) {
                assertThat(playout.read(frame, FRAME)).isEqualTo(FRAME);
            }
            assertThat(frame[159]).isEqualTo((short) 7999);
        }
        assertThat(playout.interrupt()).isEmpty();
    }

    @Test
    void theEndOfSpeechIsToldOnceWhenTheLastSampleWasTaken() {
        AtomicInteger told = new AtomicInteger();
        playout.say("a", ramp(0, 160), 160);
        playout.whenDrained(told::incrementAndGet);

        playout.read(frame, FRAME);
        assertThat(told).hasValue(0);
        playout.read(frame, FRAME);
        playout.read(frame, FRAME);

        assertThat(told).hasValue(1);
    }

    @Test
    void slowSpeechIsAccountedInTheTimeOfTheOriginal() {
        Playout slow = new Playout(AudioFormat.NARROWBAND, 0.5, () -> {});
        short[] second = new short[8000];
        for (int i = 0; i < second.length; i++) second[i] = (short) (8000 * Math.sin(i * 2 * Math.PI * 440 / 8000));
        slow.say("a", second, second.length);
        for (int f = 0; f < 50; f++) slow.read(frame, FRAME);

        Heard heard = slow.interrupt().get(0);

        assertThat(heard.queuedMillis()).isEqualTo(1000);
        assertThat(heard.heardMillis()).isBetween(480, 520);
    }

    @Test
    void readingLeavesNothingForTheGarbageCollector() {
        playout.say("a", ramp(0, 8000), 8000);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 20; i++) playout.read(frame, FRAME);
        playout.say("a", new short[100 * 8000], 100 * 8000);

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) playout.read(frame, FRAME);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1024);
    }

    private static short[] ramp(int from, int length) {
        short[] pcm = new short[length];
        Arrays.setAll(new int[length], i -> pcm[i] = (short) (from + i));
        return pcm;
    }
}

package io.firefly.voip.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.audio.G711;
import io.firefly.voip.media.rtp.RtpLeg.Count;
import io.firefly.voip.media.rtp.RtpLeg.Counters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packet {@code n} carries the constant level {@code 1000 * n}; frames are named by the level they end with. */
class JitterBufferTest {
    private static final long MILLI = 1_000_000;
    private static final int CLOCK = 500_000;

    private final Counters counters = new Counters();
    private final JitterBuffer buffer = new JitterBuffer(10, 200, counters);
    private final RtpPacket packet = new RtpPacket();
    private final short[] frame = new short[160];

    /** {@code packet@millis}; the buffer is asked at 20, 40, 60 ... ms; a dot is made up, an underscore silent. */
    @ParameterizedTest
    @CsvSource({
        "in order,        '1@5 2@25 3@45 4@65',                     1 2 3 4",
        "reordered,       '1@5 3@24 2@25 4@44 5@65',                1 2 3 4 5",
        "first swapped,   '2@4 1@5 3@25 4@45',                      1 2 3 4",
        "duplicated,      '1@5 1@6 2@25 2@26 2@27 3@45',            1 2 3",
        "one lost,        '1@5 2@25 4@65 5@85',                     1 2 . 4 5",
        "two lost,        '1@5 2@25 5@85 6@105',                    1 2 . . 5 6",
        "one 15 ms late,  '1@5 2@25 3@62 4@65 5@85',                1 2 . 3 4 5",
        "late then lost,  '1@5 2@25 3@62 5@85 6@105',               1 2 . 3 . 5 6",
        "burst,           '1@5 2@25 3@111 4@112 5@113 6@114 7@115', 1 2 . . . _ 3 4 5 6 7",
        "too late to use, '1@5 2@25 4@45 3@65 5@66',                1 2 . 4 5",
        "waits 10 ms,     '1@15 2@35 3@55',                         _ 1 2 3",
    })
    void whatArrivesComesOutInOrder(String name, String arrivals, String expected) {
        assertThat(play(arrivals, expected.split(" ", -1).length)).as(name).isEqualTo(expected);
    }

    @Test
    void whatFellOutIsCounted() {
        play("1@5 2@25 2@26 4@65 3@81 5@85", 6);
        assertThat(counters.get(Count.DUPLICATED)).isEqualTo(1);
        assertThat(counters.get(Count.LATE)).isEqualTo(1);
        assertThat(counters.get(Count.CONCEALED)).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"80", "160", "240", "320", "480"})
    void packetsOfAnyLengthBecomeEvenFrames(int samples) {
        long period = samples / 8;
        List<Integer> heard = new ArrayList<>();
        int sent = 0;
        for (int millis = 20; millis <= 1_200; millis += 20) {
            while ((sent + 1) * period + 3 <= millis) {
                put(sent, sent * samples, samples, 1_000, (sent + 1) * period + 3);
                sent++;
            }
            buffer.pull(frame, millis * MILLI, 0);
            heard.add((int) frame[159]);
        }
        assertThat(heard.subList(10, heard.size())).allMatch(level -> near(level, 1_000));
        assertThat(counters.get(Count.LATE)).isZero();
    }

    @Test
    void aPauseTheSenderMadeIsSilenceAndNoLoss() {
        put(0, 0, 160, 1_000, 5);
        put(1, 160 + 80, 160, 2_000, 6);
        pull(20);
        pull(40);
        assertThat(Arrays.copyOf(frame, 80)).containsOnly((short) 0);
        assertThat(near(frame[159], 2_000)).isTrue();
        assertThat(counters.get(Count.CONCEALED)).isZero();
    }

    @Test
    void aTalkSpurtAfterALongPauseStartsWithTheLeastDelay() {
        put(0, 0, 160, 1_000, 5);
        for (int millis = 20; millis <= 3_000; millis += 20) pull(millis);
        put(1, 3_000 * 8, 160, 2_000, 3_005);
        pull(3_020);
        assertThat(near(frame[159], 2_000)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0", "3", "7", "9", "11", "14", "19"})
    void aSteadyStreamWaitsTenToThirtyMillis(int phase) {
        for (int n = 0; n < 200; n++) {
            int arrival = n * 20 + phase;
            put(n, n * 160, 160, 1_000 + n, arrival);
            int tick = (arrival / 20 + 1) * 20;
            pull(tick);
        }
        assertThat(buffer.bufferedMillis() + 20 - phase % 20).isBetween(10, 30);
        assertThat(counters.get(Count.CONCEALED)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0", "3", "7", "9", "11", "14", "19"})
    void theTickMovesUntilPacketsWaitNoLongerThanAsked(int phase) {
        int tick = 20;
        long arrival = phase;
        int sent = 0;
        for (int pulls = 0; pulls < 300; pulls++) {
            for (; arrival <= tick; arrival += 20, sent++) put(sent, sent * 160, 160, 1_000, arrival);
            pull(tick);
            tick += 20 + buffer.shift();
        }
        assertThat((tick - phase) % 20).as("a shift of 1 ms is not worth it").isBetween(10, 11);
        assertThat(buffer.bufferedMillis()).isZero();
        assertThat(counters.get(Count.CONCEALED)).isZero();
    }

    @Test
    void twoClocksThatFollowEachOtherDoNotRunAway() {
        int tick = 20;
        long arrival = 5;
        int moved = 0;
        int sent = 0;
        for (int pulls = 0; pulls < 3_000; pulls++) {
            for (; arrival <= tick; arrival += 20, sent++) put(sent, sent * 160, 160, 1_000, arrival);
            pull(tick);
            int shift = buffer.shift();
            tick += 20 + shift;
            arrival += shift;
            moved += shift;
        }
        assertThat(moved).isBetween(-20, 0);
    }

    @Test
    void theDelayShrinksAgainWhenTheNetworkIsQuiet() {
        int frames = 0;
        for (int millis = 20; millis <= 4_500; millis += 20) {
            int late = millis > 200 && millis <= 260 ? 60 : 0;
            if (late == 0) {
                while (frames * 20 + 5 <= millis) put(frames, frames * 160, 160, frames % 8 * 10, frames++ * 20 + 5);
            }
            pull(millis);
            if (millis == 400) assertThat(buffer.bufferedMillis()).isGreaterThanOrEqualTo(60);
        }
        assertThat(buffer.bufferedMillis()).isLessThanOrEqualTo(20);
    }

    @Test
    void tooMuchDelayIsThrownAway() {
        for (int i = 0; i < 40; i++) put(i, i * 160, 160, 1_000 + i, 5);
        pull(20);
        assertThat(counters.get(Count.OVERFLOWED)).isEqualTo(1);
        assertThat(near(frame[159], 1_039)).isTrue();
    }

    @Test
    void aTimestampThatJumpsStartsAnew() {
        play("1@5 2@25 3@45", 3);
        for (int i = 0; i < 3; i++) put(10 + i, 900_000_000 + i * 160, 160, 5_000, 65 + i * 20);
        pull(80);
        assertThat(near(frame[159], 5_000)).isTrue();
    }

    @Test
    void aClockThatWasSetBackIsFollowed() {
        play("1@5 2@25 3@45", 3);
        int next = 65;
        for (int i = 0; i < 15; i++, next += 20) {
            put(10 + i, 8_000 - CLOCK + i * 160, 160, 5_000, next);
            pull(next + 15);
        }
        assertThat(near(frame[159], 5_000)).isTrue();
    }

    @Test
    void theCodecMayChangeBetweenTwoPackets() {
        fill(0, 0, 160, 1_000, G711.PCMU);
        buffer.put(0, packet, G711.PCMU, 5 * MILLI);
        fill(1, 160, 160, 2_000, G711.PCMA);
        buffer.put(1, packet, G711.PCMA, 25 * MILLI);
        pull(20);
        assertThat(near(frame[159], 1_000)).isTrue();
        pull(40);
        assertThat(near(frame[159], 2_000)).isTrue();
    }

    @Test
    void aKeypadToneIsNotHeard() {
        put(0, 0, 160, 1_000, 5);
        buffer.note(1);
        buffer.mute(CLOCK + 160);
        put(2, 160, 160, 9_000, 25);
        buffer.unmute(CLOCK + 320);
        put(3, 320, 160, 3_000, 45);
        pull(20);
        pull(40);
        assertThat(frame).containsOnly((short) 0);
        pull(60);
        assertThat(near(frame[159], 3_000)).isTrue();
    }

    private String play(String arrivals, int frames) {
        List<String> waiting = new ArrayList<>(List.of(arrivals.split(" ", -1)));
        List<String> heard = new ArrayList<>();
        for (int i = 1; i <= frames; i++) {
            int now = i * 20;
            while (!waiting.isEmpty() && millis(waiting.get(0)) <= now) {
                String next = waiting.remove(0);
                int number = Integer.parseInt(next.substring(0, next.indexOf('@')));
                put(number, number * 160, 160, 1_000 * number, millis(next));
            }
            heard.add(name(now));
        }
        return heard.stream().collect(Collectors.joining(" "));
    }

    private String name(int millis) {
        long before = counters.get(Count.CONCEALED);
        pull(millis);
        if (counters.get(Count.CONCEALED) > before) return ".";
        return frame[159] == 0 ? "_" : String.valueOf(Math.round(frame[159] / 1_000.0));
    }

    private static int millis(String arrival) {
        return Integer.parseInt(arrival.substring(arrival.indexOf('@') + 1));
    }

    private void pull(int millis) {
        buffer.pull(frame, millis * MILLI, 0);
    }

    private void put(int sequence, int offset, int samples, int level, long millis) {
        fill(sequence, offset, samples, level, G711.PCMU);
        buffer.put(sequence, packet, G711.PCMU, millis * MILLI);
    }

    private void fill(int sequence, int offset, int samples, int level, G711 law) {
        packet.sequence = sequence;
        packet.timestamp = CLOCK + offset;
        packet.writeHeader();
        for (int i = 0; i < samples; i++) packet.bytes.put(law.encode((short) level));
        packet.bytes.flip();
        packet.parse();
    }

    private static boolean near(int level, int expected) {
        return Math.abs(level - expected) <= Math.max(8, expected / 20);
    }
}

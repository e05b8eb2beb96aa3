package io.firefly.voip.media.freeswitch.fork;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.media.freeswitch.engine.FakeSwitch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FilePlaybackTest {
    private final FakeSwitch.Channel channel = new FakeSwitch.Channel(new FakeSwitch().node("one"));
    private final AtomicLong now = new AtomicLong(1);
    private final FilePlayback playback = new FilePlayback(channel, Runnable::run, now::get);

    private void fill() {
        for (int i = 0; i < FilePlayback.MAX_WAITING; i++)
            assertThat(playback.next()).isNotNull();
    }

    private void announce(String name) {
        playback.announced("{\"textContent\":\"" + name + "\",\"file\":\"/nowhere/" + channel.uuid() + "_1.tmp.r8\"}");
    }

    @Test
    void aChannelThatDoesNotPlayGetsNoMoreThanThreeSeconds() {
        fill();
        assertThat(playback.next()).isNull();
        assertThat(channel.asked).doesNotContain("drop");
    }

    @Test
    void whatWasPlayedMakesRoom() {
        fill();
        announce("0-1");
        assertThat(channel.asked).anyMatch(order -> order.startsWith("queue playback /nowhere/"));
        assertThat(playback.unfinished()).isEqualTo(FilePlayback.MAX_WAITING - 1);
        assertThat(playback.next()).isEqualTo("0-13");
    }

    @Test
    void afterFourSecondsWithoutProgressAllIsDroppedAndNewWordsAreHeard() {
        fill();
        now.addAndGet(TimeUnit.SECONDS.toNanos(4));
        assertThat(playback.next()).isEqualTo("1-13");
        assertThat(channel.asked).contains("drop");
        assertThat(playback.unfinished()).isEqualTo(1);
    }

    @Test
    void aCallHasABoundOfFiles() {
        for (int i = 0; i < FilePlayback.MAX_FILES; i++) {
            assertThat(playback.next()).isNotNull();
            playback.discard();
        }
        assertThat(playback.next()).isNull();
    }

    @Test
    void aPlaybackThatFailsIsNoPieceThatWaits() {
        channel.answers = (command, arguments) -> "-ERR no such channel";
        assertThat(playback.next()).isEqualTo("0-1");
        announce("0-1");
        assertThat(playback.unfinished()).isZero();
    }
}

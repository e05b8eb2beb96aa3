package io.firefly.voip.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.firefly.voip.agent.Upstream;
import io.firefly.voip.agent.openai.sound.AgentPump;
import io.firefly.voip.agent.openai.sound.LineCodec;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.G711;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AgentPumpTest {
    private static final int FRAME = 160;

    private final List<String> sent = Collections.synchronizedList(new ArrayList<>());

    private static AgentPump.Ears ears(String codec, AudioFormat format) {
        return new AgentPump.Ears(LineCodec.of(Rig.brief(codec, format)), format.samplesPerFrame(), () -> {});
    }

    private static AgentPump.Ears ears() {
        return ears("PCMU", AudioFormat.NARROWBAND);
    }

    private static short[] frame(int value) {
        short[] pcm = new short[FRAME];
        Arrays.fill(pcm, G711.PCMU.decode((byte) value));
        return pcm;
    }

    private Upstream.Socket socket(boolean hasRoom) {
        return new Upstream.Socket() {
            @Override
            public boolean send(String text) {
                sent.add(text);
                return hasRoom;
            }

            @Override
            public void close(int code, String reason) {
                sent.add("closed");
            }
        };
    }

    private static byte[] soundOf(String event) {
        try {
            return Base64.getDecoder()
                    .decode(Rig.JSON.readTree(event).path("audio").asText());
        } catch (IOException e) {
            throw new AssertionError(event, e);
        }
    }

    @Test
    void everyG711ByteArrivesAsItWasOnTheLine() {
        AgentPump.Ears ears = ears();
        AgentPump.Feed feed = new AgentPump.Feed(ears, socket(true), () -> {});
        for (int i = 0; i < 5; i++) ears.write(frame(i), FRAME);

        feed.pump(1);

        assertThat(sent).hasSize(5).allSatisfy(SdkOracle::accept);
        for (int i = 0; i < 5; i++) {
            assertThat(soundOf(sent.get(i))).hasSize(FRAME).containsOnly(i);
        }
        assertThat(feed.sent()).isEqualTo(5);
    }

    @Test
    void widebandLinesAreSentAs24Kilohertz() {
        AgentPump.Ears ears = ears("L16", AudioFormat.WIDEBAND);
        AgentPump.Feed feed = new AgentPump.Feed(ears, socket(true), () -> {});
        for (int i = 0; i < 5; i++) ears.write(new short[320], 320);

        feed.pump(1);

        assertThat(sent).hasSize(5).allSatisfy(SdkOracle::accept);
        assertThat(sent.stream().mapToInt(event -> soundOf(event).length).sum()).isEqualTo(5 * 960);
    }

    @Test
    void theOldestFramesAreForgottenAndCounted() {
        AgentPump.Ears ears = ears();
        int written = AgentPump.Ears.HELD_FRAMES + 7;
        for (int i = 0; i < written; i++) ears.write(frame(i), FRAME);

        byte[] into = new byte[FRAME];
        assertThat(ears.take(into)).isEqualTo(FRAME);

        assertThat(into).containsOnly(7);
        assertThat(ears.dropped()).isEqualTo(7);
    }

    @Test
    void whatIsNoFrameIsCountedAndNothingIsHeardAfterClose() {
        AgentPump.Ears ears = ears();
        ears.write(new short[1_000], 1_000);
        ears.write(new short[10], 160);
        ears.write(new short[10], -1);
        ears.close();
        ears.write(frame(1), FRAME);

        assertThat(ears.take(new byte[FRAME])).isZero();
        assertThat(ears.dropped()).isEqualTo(3);
    }

    @Test
    void aFrameThatIsOverwrittenWhileItIsReadIsNeverSent() throws InterruptedException {
        AgentPump.Ears ears = ears();
        AtomicBoolean over = new AtomicBoolean();
        Thread line = new Thread(() -> {
            short[][] frames = new short[100][];
            for (int i = 0; i < 100; i++) frames[i] = frame(i);
            for (int i = 0; i < 300_000; i++) ears.write(frames[i % 100], FRAME);
            over.set(true);
        });
        line.start();
        byte[] into = new byte[FRAME];
        long taken = 0;
        while (!over.get()) {
            if (ears.take(into) == 0) continue;
            taken++;
            for (byte b : into) if (b != into[0]) throw new AssertionError("torn frame " + Arrays.toString(into));
        }
        line.join(5_000);
        while (ears.take(into) > 0) taken++;

        assertThat(taken + ears.dropped()).isEqualTo(300_000);
    }

    @Test
    void tenSecondsOfListeningLeaveNothingForTheGarbageCollector() {
        for (AgentPump.Ears ears : List.of(ears(), ears("L16", AudioFormat.WIDEBAND))) {
            short[] pcm = new short[160];
            for (int i = 0; i < 2_000; i++) ears.write(pcm, 160);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();

            for (int i = 0; i < 500; i++) ears.write(pcm, 160);

            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_024);
        }
    }

    @Test
    void aLineThatFallsSilentIsFilledWithSilenceSoThatTheTurnCanEnd() {
        AgentPump.Ears ears = ears();
        AgentPump.Feed feed = new AgentPump.Feed(ears, socket(true), () -> {});
        long second = Duration.ofSeconds(1).toNanos();
        feed.pump(second);
        feed.pump(60 * second);
        assertThat(sent).as("nothing before the first frame").isEmpty();

        ears.write(frame(1), FRAME);
        for (long at = 0; at < 30 * second; at += second / 500) feed.pump(60 * second + at);

        assertThat(sent).hasSize(501);
        assertThat(soundOf(sent.get(500))).containsOnly(G711.PCMU.silence());
    }

    @Test
    void aFullSocketIsCounted() {
        AgentPump.Ears ears = ears();
        AgentPump.Feed feed = new AgentPump.Feed(ears, socket(false), () -> {});
        ears.write(frame(1), FRAME);

        feed.pump(1);

        assertThat(feed.refused()).isEqualTo(1);
        assertThat(feed.sent()).isZero();
    }

    @Test
    void soundWakesThePumpWhichElseWouldLookTooLate() {
        try (AgentPump pump = new AgentPump(Duration.ofNanos(1))) {
            AgentPump.Ears ears =
                    new AgentPump.Ears(LineCodec.of(Rig.brief("PCMU", AudioFormat.NARROWBAND)), FRAME, pump::wake);
            pump.add(new AgentPump.Feed(ears, socket(true), () -> {}));
            long[] waits = new long[50];
            for (int i = 0; i < waits.length; i++) {
                int frames = i + 1;
                await().pollDelay(Duration.ofMillis(3)).until(() -> true);
                long before = System.nanoTime();
                ears.write(frame(1), FRAME);
                while (sent.size() < frames && System.nanoTime() - before < 1_000_000_000) Thread.onSpinWait();
                waits[i] = System.nanoTime() - before;
            }
            Arrays.sort(waits);
            assertThat(sent).hasSize(50);
            assertThat(waits[waits.length / 2]).as("median").isLessThan(5_000_000);
        }
    }

    @Test
    void halfAFrameOfTalkIsHalfAsLong() {
        AgentPump.Loudness loudness = new AgentPump.Loudness(8);
        short[] pcm = frame(1);
        for (int i = 0; i < 10; i++) loudness.hear(pcm, FRAME / 2);
        assertThat(loudness.loudMillis()).isEqualTo(100);
    }

    @Test
    void oneBrokenSocketDoesNotMakeTheOthersDeaf() {
        try (AgentPump pump = new AgentPump(Duration.ofMillis(1))) {
            AgentPump.Ears broken = ears();
            AgentPump.Ears sound = ears();
            pump.add(new AgentPump.Feed(
                    broken,
                    new Upstream.Socket() {
                        @Override
                        public boolean send(String text) {
                            throw new IllegalStateException("planted");
                        }

                        @Override
                        public void close(int code, String reason) {
                            throw new IllegalStateException("planted");
                        }
                    },
                    () -> sent.add("told")));
            pump.add(new AgentPump.Feed(sound, socket(true), () -> {}));
            broken.write(frame(1), FRAME);
            sound.write(frame(2), FRAME);

            await().atMost(Duration.ofSeconds(5)).until(() -> sent.size() == 2 && pump.feeds() == 1);
            assertThat(sent).contains("told");
        }
    }

    /** Frames of a tone of this magnitude, 20 ms each. */
    private static long loudMillis(AgentPump.Loudness loudness, int magnitude, int frames) {
        long before = loudness.loudMillis();
        short[] pcm = new short[FRAME];
        for (int i = 0; i < FRAME; i++) pcm[i] = (short) (i % 2 == 0 ? magnitude : -magnitude);
        for (int i = 0; i < frames; i++) loudness.hear(pcm, FRAME);
        return loudness.loudMillis() - before;
    }

    @Test
    void talkIsLoudAndNeitherALineNorSteadyNoiseIs() {
        AgentPump.Loudness loudness = new AgentPump.Loudness(8);

        assertThat(loudMillis(loudness, 0, 500)).isZero();
        assertThat(loudMillis(loudness, 300, 500)).as("a noisy line").isZero();
        loudMillis(loudness, 0, 1);
        long talk = 0;
        for (int word = 0; word < 20; word++) {
            talk += loudMillis(loudness, 4_000, 20) + loudMillis(loudness, 30, 5);
        }
        assertThat(talk).as("10 s of words").isBetween(9_500L, 10_000L);
        assertThat(loudMillis(loudness, 2_000, 3_000)).as("a minute of fan").isLessThan(7_000);
        assertThat(loudMillis(loudness, 30_000, 50)).as("a shout over it").isEqualTo(1_000);
    }
}

package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.agent.simulator.SimulatorProbe;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.WavFile;
import io.firefly.voip.freeswitch.Engine;
import io.firefly.voip.testing.RunningFirefly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** A caller talks with the agent and hears, in real time, what a caller should. Times are of arrival at the ear. */
@Tag("real-calls")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatCallTest {
    private static final Path PROMPTS = Path.of("src/main/resources/simulator");
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long NOISY_MACHINE_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

    private static RunningFirefly firefly;
    private static Sound speech;

    private Engine engine = Engine.EMBEDDED;

    /** Who carries the media; an exchange of its own for each. */
    Engine engine() throws Exception {
        return Engine.EMBEDDED;
    }

    @BeforeAll
    void start() throws Exception {
        engine = engine();
        firefly = RunningFirefly.with(engine);
        speech = firstSeconds(WavFile.read(Path.of("audio/count.wav")), 1_200);
    }

    @AfterAll
    void stop() {
        if (firefly != null) firefly.close();
        engine.close();
    }

    @Test
    @Order(1)
    void aCallerIsGreetedAnsweredMayInterruptAndHearsTheGoodbyeToItsEnd() throws Exception {
        try (Caller caller = Caller.connected(firefly, "chat")) {
            RtpVoice voice = caller.voice();
            long answered = System.nanoTime();
            awaitQuietAfterSpeech(voice, answered);
            assertThat(spanMillis(voice, answered))
                    .as("the greeting is heard to its end")
                    .isBetween(spanMillis("greeting") - 150, spanMillis("greeting") + 300);

            long first = interruptsNothing(voice);
            long second = interrupts(voice, first);
            long third = interrupts(voice, second);

            boolean bye = caller.hearsBye(10_000);
            assertThat(bye).as("the agent hangs up after the third turn").isTrue();
            assertThat(spanMillis(voice, third))
                    .as("the goodbye is heard to its end")
                    .isBetween(spanMillis("goodbye") - 150, spanMillis("goodbye") + 300);
            assertThat(voice.lastAudibleNanos()).as("then BYE").isLessThan(caller.byeNanos());
        }
        Rest.awaitRest(firefly, 5);
        assertTellsTheDialogue(transcript());
    }

    @Test
    @Order(2)
    void aCallerWhoseAgentDiesHearsAnApologyAndThenBye() throws Exception {
        try (Caller caller = Caller.connected(firefly, "chat")) {
            RtpVoice voice = caller.voice();
            awaitSpeech(voice, System.nanoTime(), 500);

            long died = System.nanoTime();
            SimulatorProbe.stop(firefly);

            assertThat(caller.hearsBye(12_000)).isTrue();
            Sound apology = WavFile.read(Path.of("audio/apology.wav"));
            assertThat(likeness(RtpVoice.sound(voice.since(died)), apology))
                    .as("it is the apology that was heard, all of it")
                    .isGreaterThan(0.9);
            assertThat(caller.byeNanos() - died).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(apology.durationMillis()));
        }
        Rest.awaitRest(firefly, 5);
    }

    /** Speaks into the silence and hears an answer begin. Returns when the turn was over. */
    private static long interruptsNothing(RtpVoice voice) {
        long began = System.nanoTime();
        voice.say(speech);
        awaitSpeech(voice, began, 600);
        return began;
    }

    /** Speaks while the agent does: it falls silent at once. Returns from when on it was silent. */
    private static long interrupts(RtpVoice voice, long since) {
        awaitSpeech(voice, since + SOON_NANOS, 600);
        long spoke = System.nanoTime();
        voice.say(speech);
        await().atMost(Duration.ofSeconds(5)).until(() -> quietSince(voice, 400));
        long silent = voice.lastAudibleNanos();
        System.out.println("barge-in: agent silent at the caller's ear after " + (silent - spoke) / 1_000_000 + " ms");
        assertThat(silent - spoke).isLessThan(NOISY_MACHINE_NANOS);
        return silent + 1;
    }

    private static void awaitSpeech(RtpVoice voice, long since, int audibleMillis) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> RtpVoice.audibleMillis(voice.since(since)) >= audibleMillis);
    }

    private static void awaitQuietAfterSpeech(RtpVoice voice, long since) {
        awaitSpeech(voice, since, 500);
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> quietSince(voice, 700));
    }

    private static boolean quietSince(RtpVoice voice, int millis) {
        return System.nanoTime() - voice.lastAudibleNanos() > TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** From the first to the last frame that can be heard. */
    private static long spanMillis(List<RtpVoice.Frame> frames) {
        List<Integer> audible = Stream.iterate(0, i -> i + 1)
                .limit(frames.size())
                .filter(i -> frames.get(i).isAudible())
                .toList();
        return audible.isEmpty() ? 0 : 20L * (audible.get(audible.size() - 1) - audible.get(0) + 1);
    }

    private static long spanMillis(RtpVoice voice, long since) {
        return spanMillis(voice.since(since));
    }

    private static long spanMillis(String prompt) throws IOException {
        return spanMillis(
                RtpVoice.frames(WavFile.read(PROMPTS.resolve(prompt + ".wav")).as(AudioFormat.NARROWBAND)));
    }

    /** Best correlation of the pattern with what was heard, at any place; 1 is the same. */
    static double likeness(Sound heard, Sound pattern) {
        double best = 0;
        int last = heard.pcm().length - pattern.pcm().length;
        for (int at = 0; at <= last; at++) best = Math.max(best, likenessAt(heard.pcm(), pattern.pcm(), at));
        return best;
    }

    /** A glance tells that something else was said, which it was nearly everywhere. */
    static double likenessAt(short[] heard, short[] pattern, int at) {
        double glance = likenessAt(heard, pattern, at, 37);
        return glance < 0.5 ? glance : likenessAt(heard, pattern, at, 3);
    }

    private static double likenessAt(short[] heard, short[] pattern, int at, int stride) {
        double product = 0;
        double ours = 0;
        double theirs = 0;
        for (int i = 0; i < pattern.length; i += stride) {
            product += (double) heard[at + i] * pattern[i];
            ours += (double) heard[at + i] * heard[at + i];
            theirs += (double) pattern[i] * pattern[i];
        }
        return ours == 0 ? 0 : product / Math.sqrt(ours * theirs);
    }

    private static Sound firstSeconds(Sound sound, int millis) {
        int first = 0;
        while (Math.abs(sound.pcm()[first]) < 2_000) first++;
        return new Sound(
                sound.format(),
                Arrays.copyOfRange(
                        sound.pcm(), first, first + millis * sound.format().samplesPerMilli()));
    }

    private static List<String> transcript() throws IOException {
        try (Stream<Path> files = Files.list(firefly.data().resolve("recordings"))) {
            Path only = files.filter(file -> file.toString().endsWith(".txt"))
                    .findFirst()
                    .orElseThrow();
            return Files.readAllLines(only);
        }
    }

    private static void assertTellsTheDialogue(List<String> lines) {
        List<String> speakers = lines.stream()
                .map(line -> line.replaceAll("^\\[[0-9:]+] (\\w+):.*", "$1"))
                .toList();
        assertThat(speakers).as(lines.toString()).containsExactly("AI", "CALLER", "AI", "CALLER", "AI", "CALLER", "AI");
        assertThat(lines.get(lines.size() - 1)).containsIgnoringCase("goodbye");
        // Two turns may begin in the same second.
        assertThat(lines.stream()
                        .map(line -> line.substring(0, line.indexOf(']')))
                        .toList())
                .isSorted();
    }
}

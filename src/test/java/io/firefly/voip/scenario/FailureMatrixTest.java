package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.agent.simulator.SimulatorProbe;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.WavFile;
import io.firefly.voip.testing.RunningFirefly;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The provider fails in every way a script can think of: what the caller hears, measured at the caller's ear. Calls that
 * need one connection to the provider are made at the same time.
 */
@Tag("real-calls")
class FailureMatrixTest {
    private static final int CALL_MILLIS = 40_000;
    private static final long FRAME_MILLIS = 20;
    /** Half a second of a prompt. */
    private static final int PIECE = 4_000;

    private static RunningFirefly firefly;
    private static Sound apology;
    private static Sound askAgain;
    private static Sound oneMoment;
    private static Sound greeting;

    private final ExecutorService callers = Executors.newCachedThreadPool();

    /** Serves a caller until it is known what was heard. */
    private interface Ear {
        Heard listen(Caller caller, long called) throws Exception;
    }

    /** @param byeMillis since the call; -1 when the other side said none */
    private record Heard(List<RtpVoice.Frame> frames, long byeMillis, long audibleUntilMillis) {}

    @BeforeAll
    static void start() throws IOException {
        firefly = RunningFirefly.with();
        apology = sound("audio/apology.wav");
        askAgain = sound("audio/sorry-repeat.wav");
        oneMoment = sound("audio/one-moment.wav");
        greeting = sound("src/main/resources/simulator/greeting.wav");
    }

    @AfterAll
    static void stop() {
        if (firefly != null) firefly.close();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        callers.shutdownNow();
        SimulatorProbe.play(firefly, "{}");
        Rest.awaitRest(firefly, 15);
    }

    @TestFactory
    Stream<DynamicTest> theCallerHearsTheApologyAndThenBye() throws Exception {
        return allAtOnce(FailureMatrixTest::untilBye, FailureMatrixTest::assertApologyThenBye, """
                bad key                         | handshake: invalid-key
                401                             | handshake: 401
                no access to the model, 403     | handshake: 403
                rate limit at the door, 429     | {handshake: 429, retry-after: 2s}
                trouble at the door, 503        | handshake: 503
                nobody opens                    | handshake: silent
                quota                           | steps: [{say: greeting, faults: [{fail: insufficient_quota}]}]
                response.done failed, always    | {afterwards: repeat, steps: [{say: greeting, faults: [{fail: server_error}]}]}
                """);
    }

    @TestFactory
    Stream<DynamicTest> theCallerHearsTheGreetingToItsEnd() throws Exception {
        return allAtOnce(FailureMatrixTest::untilQuiet, FailureMatrixTest::assertGreeting, """
                response.done failed once        | steps: [{say: x, faults: [{fail: server_error}]}, {say: greeting}]
                a stall of 5 s before the answer | steps: [{say: greeting, faults: [{at: response, stall: 5s}]}]
                sound 50 times as fast as played | {speed: 50, steps: [{say: greeting}]}
                a frame of 300 kB                | steps: [{say: greeting, faults: [{oversize: 300000}]}]
                unknown events and no JSON       | {extra-fields: true, steps: [{say: greeting, faults: [{send: {type: response.telepathy.delta, thought: 1}}, {send: 'this is no JSON'}]}]}
                errors that are no end           | steps: [{say: greeting, faults: [{error: server_error}, {error: rate_limit_exceeded}]}]
                response.done comes twice        | steps: [{say: greeting, faults: [{repeat: response.done}]}]
                response.done comes late         | steps: [{say: greeting, faults: [{hold: response.done, for: 2s}]}]
                output_item.added comes late     | steps: [{say: greeting, faults: [{at: turn, hold: response.output_item.added, for: 700ms}]}]
                any order                        | {shuffle: true, steps: [{say: greeting}]}
                jitter between deltas            | {jitter: 150ms, steps: [{say: greeting}]}
                """);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        1006 in the middle of a word  | [{at: audio, after: 1s, close: 1006}]
        1011 while an answer is due   | [{at: response, close: 1011}]
        expiry in the middle          | [{at: audio, after: 1s, expire: true}]
        """)
    void theCallerIsAskedToWaitAndTheConversationGoesOn(String failure, String faults) throws Exception {
        SimulatorProbe.play(
                firefly,
                "connections: [{steps: [{say: answer-1, faults: %s}]}, {steps: [{say: greeting}]}]".formatted(faults));
        try (Caller caller = Caller.connected(firefly, "chat")) {
            Heard heard = untilGreeted(caller, System.nanoTime());
            report(failure, heard, oneMoment, "one moment");
            assertHears(oneMoment, heard.frames);
            assertHears(greeting, heard.frames);
            assertThat(heard.byeMillis).as("no BYE").isNegative();
            caller.hangUp();
        }
    }

    @Test
    void whenNoConnectionHoldsTheCallerHearsTheApologyAndThenBye() throws Exception {
        SimulatorProbe.play(firefly, "steps: [{say: answer-1, faults: [{at: audio, after: 500ms, close: 1006}]}]");
        try (Caller caller = Caller.connected(firefly, "chat")) {
            assertApologyThenBye("1006 again and again", untilBye(caller, System.nanoTime()));
        }
    }

    /** The first time it might be the answer, the second time it is the connection. */
    @Test
    void whenTheProviderStallsForGoodTheCallerIsAskedAgainAndThenAnotherConnectionGoesOn() throws Exception {
        SimulatorProbe.play(firefly, """
                connections:
                  - steps: [{say: greeting, faults: [{at: response, stall: 60s}]}]
                  - steps: [{say: greeting}]
                """);
        try (Caller caller = Caller.connected(firefly, "chat")) {
            long answered = System.nanoTime();
            assertAskedAgain(caller, answered);
            long asked = System.nanoTime();
            caller.voice().say(sound("audio/count.wav"));
            until(caller, asked, 300, 0);
            caller.voice().hush(); // who is asked to wait stops talking
            Heard heard = until(caller, asked, 2_500, 2_500);
            report("a stall without end, the caller speaks", heard, oneMoment, "one moment");
            report("a stall without end, reconnected", heard, greeting, "greeting");
            assertHears(oneMoment, heard.frames);
            assertHears(greeting, heard.frames);
            assertThat(heard.byeMillis).as("no BYE").isNegative();
            caller.hangUp();
        }
    }

    @Test
    void whenEveryConnectionStallsTheCallerHearsTheApologyAndThenBye() throws Exception {
        SimulatorProbe.play(firefly, "steps: [{say: greeting, faults: [{at: response, stall: 60s}]}]");
        try (Caller caller = Caller.connected(firefly, "chat")) {
            long answered = System.nanoTime();
            assertAskedAgain(caller, answered);
            caller.voice().say(sound("audio/count.wav"));
            Heard heard = untilBye(caller, answered);
            assertHears(oneMoment, heard.frames);
            assertApologyThenBye("stalls on every connection", heard);
        }
    }

    private static void assertAskedAgain(Caller caller, long answered) throws IOException {
        Heard asked = until(caller, answered, 500, 900);
        report("a stall without end", asked, askAgain, "ask again");
        assertHears(askAgain, asked.frames);
    }

    @Test
    void soundSlowerThanPlayedIsHeardWithPausesButAllOfIt() throws Exception {
        SimulatorProbe.play(firefly, "{speed: 0.5, steps: [{say: greeting}]}");
        long audible = RtpVoice.audibleMillis(RtpVoice.frames(greeting));
        try (Caller caller = Caller.connected(firefly, "chat")) {
            long answered = System.nanoTime();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> RtpVoice.audibleMillis(caller.voice().since(answered)) > audible - 200);
            caller.listenFor(2_500);
            long heard = RtpVoice.audibleMillis(caller.voice().since(answered));
            System.out.println("failure matrix: half speed: audible " + heard + " of " + audible + " ms");
            assertThat(heard).isBetween(audible - 200, audible + 400);
            caller.hangUp();
        }
    }

    @Test
    void aFailingToolIsToldToTheModelWhichTellsTheCaller() throws Exception {
        SimulatorProbe.play(firefly, "steps: [{call: no_such_tool}, {when: tool, contains: error, say: greeting}]");
        try (Caller caller = Caller.connected(firefly, "chat")) {
            assertGreeting("failing tool", untilQuiet(caller, System.nanoTime()));
            caller.hangUp();
        }
    }

    @Test
    void aCallerWhoseNetworkIsGoneForTwoSecondsIsAnsweredMeanwhile() throws Exception {
        SimulatorProbe.play(firefly, "steps: [{say: greeting}, {when: turn, say: answer-1}]");
        try (Caller caller = Caller.connected(firefly, "chat")) {
            RtpVoice voice = caller.voice();
            untilQuiet(caller, System.nanoTime());
            voice.say(sound("audio/count.wav"));
            caller.listenFor(1_500);
            voice.dead(true);
            voice.hush();
            long gone = System.nanoTime();
            await().atMost(Duration.ofSeconds(10)).until(() -> RtpVoice.audibleMillis(voice.since(gone)) > 200);
            long answered = (System.nanoTime() - gone) / 1_000_000;
            System.out.println("failure matrix: no RTP from the caller: answered " + answered + " ms later");
            caller.listenFor((int) Math.max(0, 2_000 - answered));
            voice.dead(false);
            assertThat(caller.hearsBye(1_000)).isFalse();
            caller.hangUp();
        }
    }

    private interface Verdict {
        void on(String name, Heard heard);
    }

    private Stream<DynamicTest> allAtOnce(Ear ear, Verdict verdict, String table) throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        for (String row : table.split("\n", -1)) {
            if (row.isBlank()) continue;
            String name = row.substring(0, row.indexOf('|')).strip();
            SimulatorProbe.play(firefly, row.substring(row.indexOf('|') + 1).strip());
            long called = System.nanoTime();
            Caller caller = Caller.connected(firefly, "chat");
            Future<Heard> heard = callers.submit(() -> {
                try (caller) {
                    Heard all = ear.listen(caller, called);
                    if (all.byeMillis < 0) caller.hangUp();
                    return all;
                }
            });
            tests.add(DynamicTest.dynamicTest(name, () -> verdict.on(name, heard.get(60, TimeUnit.SECONDS))));
        }
        return tests.stream();
    }

    private static Heard untilBye(Caller caller, long called) throws IOException {
        boolean bye = caller.hearsBye(CALL_MILLIS);
        return heard(caller, called, bye);
    }

    /** More than a second was audible, and for a while nothing is. */
    private static Heard untilQuiet(Caller caller, long called) throws IOException {
        return until(caller, called, 1_000, 900);
    }

    /** What was cut off, the prompt, the greeting: none of the pauses between them is this long. */
    private static Heard untilGreeted(Caller caller, long called) throws IOException {
        return until(caller, called, 3_500, 2_500);
    }

    private static Heard until(Caller caller, long called, int audibleMillis, int quietMillis) throws IOException {
        RtpVoice voice = caller.voice();
        long giveUp = called + TimeUnit.MILLISECONDS.toNanos(CALL_MILLIS);
        boolean bye = false;
        while (!bye && System.nanoTime() < giveUp) {
            bye = caller.hearsBye(50);
            if (RtpVoice.audibleMillis(voice.since(called)) < audibleMillis) continue;
            if (System.nanoTime() - voice.lastAudibleNanos() > TimeUnit.MILLISECONDS.toNanos(quietMillis)) break;
        }
        return heard(caller, called, bye);
    }

    private static Heard heard(Caller caller, long called, boolean bye) {
        return new Heard(
                caller.voice().since(called),
                bye ? (caller.byeNanos() - called) / 1_000_000 : -1,
                (caller.voice().lastAudibleNanos() - called) / 1_000_000);
    }

    private static void assertApologyThenBye(String failure, Heard heard) {
        report(failure, heard, apology, "apology");
        assertThat(heard.byeMillis).as("BYE").isPositive();
        int last = (int) (apology.durationMillis() / FRAME_MILLIS) + 100;
        int size = heard.frames.size();
        assertHears(apology, heard.frames.subList(Math.max(0, size - last), size));
        assertThat(heard.audibleUntilMillis).isLessThan(heard.byeMillis);
    }

    private static void assertGreeting(String trouble, Heard heard) {
        report(trouble, heard, greeting, "greeting");
        assertThat(heard.byeMillis).as("no BYE").isNegative();
        assertHears(greeting, heard.frames);
    }

    private static void assertHears(Sound prompt, List<RtpVoice.Frame> frames) {
        assertThat(likeness(frames, prompt))
                .as("likeness of what was heard and the prompt, all of it")
                .isGreaterThan(0.8);
    }

    /** Of the prompt's pieces, the least like: a frame too few or too many between them is no other prompt. */
    private static double likeness(List<RtpVoice.Frame> frames, Sound prompt) {
        Sound heard = RtpVoice.sound(frames);
        double least = 1;
        for (int at = 0; at + PIECE <= prompt.pcm().length; at += PIECE) {
            Sound piece = new Sound(prompt.format(), Arrays.copyOfRange(prompt.pcm(), at, at + PIECE));
            if (RtpVoice.audibleMillis(RtpVoice.frames(piece)) < 200) continue;
            least = Math.min(least, ChatCallTest.likeness(heard, piece));
        }
        return least;
    }

    private static void report(String what, Heard heard, Sound prompt, String name) {
        System.out.printf(
                "failure matrix: %s: %s with likeness %.2f, last sound after %d ms, BYE after %d ms%n",
                what, name, likeness(heard.frames, prompt), heard.audibleUntilMillis, heard.byeMillis);
    }

    private static Sound sound(String file) throws IOException {
        return WavFile.read(Path.of(file)).as(AudioFormat.NARROWBAND);
    }
}

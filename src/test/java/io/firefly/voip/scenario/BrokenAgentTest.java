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
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a caller hears when the agent's connection breaks, its account is limited, or nobody says anything. */
@Tag("real-calls")
class BrokenAgentTest {
    /** 800 ms are like nothing else. */
    private static final int PATTERN_SAMPLES = 6_400;

    private static RunningFirefly firefly;

    @BeforeAll
    static void start() {
        firefly = RunningFirefly.with(
                "firefly.openai.caller-silence.after", "4s", "firefly.openai.caller-silence.prompts", "1");
    }

    @AfterAll
    static void stop() {
        if (firefly != null) firefly.close();
    }

    @AfterEach
    void nothingIsLeft() {
        Rest.awaitRest(firefly, 5);
    }

    @Test
    void aLineThatBreaksMidWordIsHeardAsOneMomentAndThenTheAgentGoesOn() throws Exception {
        SimulatorProbe.play(firefly, """
                connections:
                  - steps: [{say: answer-1, faults: [{at: audio, after: 1200ms, close: 1006}]}]
                  - steps: [{say: answer-3}]
                """);
        try (Caller caller = Caller.connected(firefly, "chat")) {
            long answered = System.nanoTime();
            awaitSound(caller, answered, "src/main/resources/simulator/answer-3.wav");

            double[] heard = {
                placeOf(caller, answered, "audio/one-moment.wav"),
                placeOf(caller, answered, "src/main/resources/simulator/answer-3.wav")
            };
            assertThat(heard[0]).as("what was said before is heard").isBetween(900.0, 2_500.0);
            assertThat(heard[1])
                    .as("the agent goes on after 'one moment please'")
                    .isBetween(heard[0] + 1_500, heard[0] + 4_000);
            caller.hangUp();
        }
    }

    @Test
    void aRateLimitIsHeardAsOneMomentAndThenTheAnswer() throws Exception {
        SimulatorProbe.play(firefly, """
                connections:
                  - steps:
                      - {say: answer-1, faults: [{fail: rate_limit_exceeded, message: Rate limit reached. Please try again in 1.5s.}]}
                      - {say: answer-3}
                """);
        try (Caller caller = Caller.connected(firefly, "chat")) {
            long answered = System.nanoTime();
            awaitSound(caller, answered, "src/main/resources/simulator/answer-3.wav");

            assertThat(placeOf(caller, answered, "audio/one-moment.wav")).isLessThan(1_500);
            caller.hangUp();
        }
    }

    @Test
    void aCallerWhoSaysNothingIsAskedAndThenToldGoodbye() throws Exception {
        SimulatorProbe.play(firefly, "steps: [{say: greeting}, {say: repeat}]");
        try (Caller caller = Caller.connected(firefly, "chat")) {
            long answered = System.nanoTime();

            assertThat(caller.hearsBye(30_000)).isTrue();
            double asked = placeOf(caller, answered, "src/main/resources/simulator/repeat.wav");
            double goodbye = placeOf(caller, answered, "src/main/resources/simulator/goodbye.wav");
            assertThat(goodbye).isGreaterThan(asked + 4_000);
            double byeMillis = (caller.byeNanos() - answered) / 1e6;
            assertThat(byeMillis - goodbye)
                    .as("the goodbye is heard to its end")
                    .isGreaterThan(
                            sound("src/main/resources/simulator/goodbye.wav").pcm().length / 8.0);
        }
    }

    private static Sound sound(String file) throws IOException {
        return WavFile.read(Path.of(file)).as(AudioFormat.NARROWBAND);
    }

    private static void awaitSound(Caller caller, long since, String file) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(700))
                .until(() -> placeOf(caller, since, file) >= 0);
    }

    /** Milliseconds from the first frame to where the sound began; -1 when it was not heard. */
    private static double placeOf(Caller caller, long since, String file) throws IOException {
        short[] heard = RtpVoice.sound(caller.voice().since(since)).pcm();
        short[] whole = sound(file).pcm();
        short[] pattern = Arrays.copyOf(whole, Math.min(whole.length, PATTERN_SAMPLES));
        double best = 0.9;
        double place = -1;
        for (int at = 0; at + pattern.length <= heard.length; at++) {
            double likeness = ChatCallTest.likenessAt(heard, pattern, at);
            if (likeness > best) {
                best = likeness;
                place = at / 8.0;
            }
        }
        return place;
    }
}

package io.firefly.voip.scenario;

import static io.firefly.voip.scenario.Listening.awaitSound;
import static io.firefly.voip.scenario.Listening.placeOf;
import static io.firefly.voip.scenario.Listening.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.agent.simulator.SimulatorProbe;
import io.firefly.voip.testing.RunningFirefly;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a caller hears when the agent's connection breaks, its account is limited, or nobody says anything. */
@Tag("real-calls")
class BrokenAgentTest {
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
            awaitSound(caller, answered, "answer-3");

            double[] heard = {placeOf(caller, answered, "one-moment.wav"), placeOf(caller, answered, "answer-3")};
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
            awaitSound(caller, answered, "answer-3");

            assertThat(placeOf(caller, answered, "one-moment.wav")).isLessThan(1_500);
            caller.hangUp();
        }
    }

    @Test
    void aCallerWhoSaysNothingIsAskedAndThenToldGoodbye() throws Exception {
        SimulatorProbe.play(firefly, "steps: [{say: greeting}, {say: repeat}]");
        try (Caller caller = Caller.connected(firefly, "chat")) {
            long answered = System.nanoTime();

            assertThat(caller.hearsBye(30_000)).isTrue();
            double asked = placeOf(caller, answered, "repeat");
            double goodbye = placeOf(caller, answered, "goodbye");
            assertThat(goodbye).isGreaterThan(asked + 4_000);
            double byeMillis = (caller.byeNanos() - answered) / 1e6;
            assertThat(byeMillis - goodbye)
                    .as("the goodbye is heard to its end")
                    .isGreaterThan(sound("goodbye").pcm().length / 8.0);
        }
    }
}

package io.firefly.voip.scenario;

import static io.firefly.voip.scenario.Listening.sound;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.agent.simulator.SimulatorProbe;
import io.firefly.voip.testing.RunningFirefly;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A call that outlasts its session at the provider: what the next session is told, and that nobody hears the seam. */
@Tag("real-calls")
class RenewedSessionTest {
    private static final String SCRIPT = """
            connections:
              - steps:
                  - {say: greeting}
                  - {heard: Number One., say: done}
                  - {heard: Number Two., say: done}
                  - {heard: Number Three., say: done}
                  - {heard: Number Four., say: done}
                  - {when: out-of-band, say: "The caller counts, and is at four."}
              - steps: [{say: answer-3}]
            """;

    @Test
    void theNextSessionIsToldASummaryAndNobodyHearsTheSeam() throws Exception {
        try (RunningFirefly firefly = RunningFirefly.with(
                "firefly.openai.session-limit", "26s",
                "firefly.openai.caller-silence.after", "0s",
                "firefly.openai.connect-timeout", "10s")) {
            SimulatorProbe.play(firefly, SCRIPT);
            try (Caller caller = Caller.connected(firefly, "chat")) {
                awaitQuiet(caller);
                for (int i = 0; i < 4; i++) speak(caller);
                long quiet = System.nanoTime();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> SimulatorProbe.frames(firefly).contains("and is at four"));
                long renewed = System.nanoTime();
                caller.listenFor(1_500);

                assertNothingHeard(caller, quiet, renewed);
                assertTold(SimulatorProbe.frames(firefly));
                long asked = System.nanoTime();
                speak(caller);
                Listening.awaitSound(caller, asked, "answer-3");
                caller.hangUp();
            }
            Rest.awaitRest(firefly, 10);
        }
    }

    /** A second of words, and the whole of an answer. */
    private static void speak(Caller caller) throws Exception {
        long spoke = System.nanoTime();
        caller.voice().say(sound("count.wav"));
        caller.listenFor(1_000);
        caller.voice().hush();
        await().atMost(Duration.ofSeconds(15))
                .until(() -> RtpVoice.audibleMillis(caller.voice().since(spoke)) > 800);
        awaitQuiet(caller);
    }

    private static void awaitQuiet(Caller caller) {
        await().atMost(Duration.ofSeconds(15))
                .until(() -> System.nanoTime() - caller.voice().lastAudibleNanos() > TimeUnit.MILLISECONDS.toNanos(600)
                        && caller.voice().lastAudibleNanos() != Long.MIN_VALUE);
    }

    private static void assertNothingHeard(Caller caller, long quiet, long renewed) {
        List<RtpVoice.Frame> heard = caller.voice().since(quiet);
        double loudest = heard.stream().mapToDouble(RtpVoice.Frame::dbfs).max().orElseThrow();
        long millis = (System.nanoTime() - quiet) / 1_000_000;
        System.out.printf(
                "renewed session: %d frames in %d ms around it, %d ms after the last word, loudest %.0f dBFS%n",
                heard.size(), millis, (renewed - quiet) / 1_000_000, loudest);
        assertThat(RtpVoice.audibleMillis(heard)).isZero();
        assertThat(heard.size()).as("no frame is missing").isBetween((int) (millis * 0.045), (int) (millis * 0.055));
    }

    private static void assertTold(String frames) {
        assertThat(frames)
                .contains("What was said in this call before")
                .contains("Number Four.", "Number Three.", "Number Two.")
                .doesNotContain("Number One.", "session_expired")
                .doesNotContain("\"type\" : \"error\"");
    }
}

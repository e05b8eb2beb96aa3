package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.agent.simulator.SimulatorProbe;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.audio.Tones;
import io.firefly.voip.call.LegDialer;
import io.firefly.voip.freeswitch.Engine;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent connects its caller with somebody whom we call: tones tell who hears whom. */
@Tag("real-calls")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BridgedTransferTest {
    private static final int CALLER_HZ = 440;
    private static final int TARGET_HZ = 1_020;
    private static final String SCRIPT = """
            steps:
              - {when: opening, say: done, call: transfer, arguments: {target: sales}}
              - {when: tool, say: answer-2}
            """;

    private final int salesPort = freePort();
    private Engine engine = Engine.EMBEDDED;
    private ScriptedCalls calls;

    /** Who carries the media, and in topology C who has the telephone; an exchange of its own for each. */
    Engine engine() throws Exception {
        return Engine.EMBEDDED;
    }

    List<String> settings() {
        return List.of();
    }

    /** Where the caller calls. */
    int calledPort() {
        return calls.firefly().sipPort();
    }

    @BeforeAll
    void start() throws Exception {
        engine = engine();
        String directory =
                "default: {targets: [{name: sales, patience: 2s, to: \"sip:sales@127.0.0.1:" + salesPort + "\"}]}";
        calls = ScriptedCalls.with(engine, SCRIPT, settings(), "directory.yaml", directory);
    }

    @AfterAll
    void stop() {
        if (calls != null) calls.close();
        engine.close();
    }

    @AfterEach
    void nothingIsLeftBehind() {
        if (calls == null) return;
        Rest.awaitRest(calls.firefly(), 10);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> calls.firefly().bean(LegDialer.class).openLegs() == 0);
        await().atMost(Duration.ofSeconds(10)).until(() -> engine.channels() == 0);
    }

    @ParameterizedTest(name = "the {0} hangs up")
    @ValueSource(strings = {"caller", "target"})
    void eachHearsTheOtherAndWhoHangsUpEndsBoth(String who) throws Exception {
        try (Answerer sales = new Answerer(salesPort);
                Caller caller = Caller.connected(calledPort(), "chat")) {
            sales.ring();
            sales.answer();
            caller.voice().say(tone(CALLER_HZ));
            sales.voice().say(tone(TARGET_HZ));

            assertHears(caller.voice(), TARGET_HZ);
            assertHears(sales.voice(), CALLER_HZ);

            if (who.equals("caller")) {
                caller.hangUp();
                sales.awaitBye();
            } else {
                sales.hangUp();
                assertThat(caller.hearsBye(5_000)).isTrue();
            }
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"486 Busy Here, busy", "603 Decline, declined", "rings, no answer"})
    void whoDoesNotComeLeavesTheCallerWithTheAgentWhichKnowsWhy(String what, String reason) throws Exception {
        try (Answerer sales = new Answerer(salesPort);
                Caller caller = Caller.connected(calledPort(), "chat")) {
            if (what.equals("rings")) {
                sales.ring();
                sales.awaitCancel();
            } else {
                sales.refuse(what);
            }
            long refused = System.nanoTime();

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> SimulatorProbe.frames(calls.firefly()).contains(reason));
            await().atMost(Duration.ofSeconds(10))
                    .alias("the agent speaks")
                    .until(() -> loudMillis(caller.voice(), refused) > 500);
            caller.hangUp();
        }
    }

    /** Louder than the comfort sound. */
    private static long loudMillis(RtpVoice voice, long since) {
        return 20
                * voice.since(since).stream()
                        .filter(frame -> frame.dbfs() > -24)
                        .count();
    }

    /** For half a second nothing but that tone. */
    private static void assertHears(RtpVoice voice, int hz) {
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            List<RtpVoice.Frame> last = voice.since(System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(500));
            assertThat(RtpVoice.audibleMillis(last)).isGreaterThan(400);
            assertThat(Tones.dominantHz(RtpVoice.sound(last))).isCloseTo(hz, within(5.0));
        });
    }

    private static AudioSource tone(int hz) {
        return Tones.source(AudioFormat.NARROWBAND, hz, -12);
    }

    private static int freePort() {
        try (DatagramSocket probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.agent.VoiceAgent;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.WavFile;
import io.firefly.voip.callcontrol.CallController;
import io.firefly.voip.media.MediaEngine;
import io.firefly.voip.recording.Recorder;
import io.firefly.voip.sip.SipFront;
import io.firefly.voip.testing.FakeSpeechServer;
import io.firefly.voip.testing.FakeSpeechServer.Fault;
import io.firefly.voip.testing.RunningFirefly;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fifty callers at once while the servers of the pipeline refuse, stall, break off and die. */
@Tag("real-calls")
class PipelineUnderFireTest {
    private static final int CALLS = 50;
    private static final long SEED = 20_261_121;
    /** Of the JVM's own. */
    private static final int TOLERANCE = 3;

    private static RunningFirefly firefly;
    private static FakeSpeechServer server;
    private static Sound speech;

    @BeforeAll
    static void start() throws IOException {
        server = new FakeSpeechServer();
        firefly = RunningFirefly.with(
                "firefly.agent.provider", "pipeline",
                "firefly.pipeline.base-url", server.baseUrl(),
                "firefly.pipeline.api-key", "sk-of-a-test",
                "firefly.pipeline.transcribe.timeout", "2s",
                "firefly.pipeline.generate.timeout", "2s",
                "firefly.pipeline.speak.timeout", "2s",
                "firefly.pipeline.caller-silence.after", "4s",
                "firefly.pipeline.goodbye-timeout", "2s",
                "firefly.media.rtp.timeout", "3s");
        Sound caller = WavFile.read(Path.of("audio/caller.wav"));
        int sentence = 1_200 * caller.format().samplesPerMilli();
        speech = new Sound(caller.format(), Arrays.copyOf(caller.pcm(), sentence));
    }

    @AfterAll
    static void stop() {
        if (firefly != null) firefly.close();
        server.close();
    }

    /** How a caller leaves. */
    private enum Ending {
        CANCELLED_WHILE_THE_GREETING_IS_MADE,
        BYE_AT_ONCE,
        BYE_WHILE_GREETED,
        BYE_WHILE_SPEAKING,
        BYE_WHILE_ANSWERED,
        GONE_WITHOUT_A_WORD,
        STAYS
    }

    @Test
    @Timeout(150)
    void nothingIsLeftOfCallsWhoseServersFailStallBreakAndDie() throws Exception {
        Baseline.inParallel(10, warmUps());
        awaitRest();
        long filesBefore = Rest.openFiles();

        Random random = new Random(SEED);
        server.faults(() -> fault(random));
        Baseline.inParallel(CALLS + 1, calls(random));

        awaitRest();
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(Rest.openFiles())
                .as("open files and sockets")
                .isLessThanOrEqualTo(filesBefore + TOLERANCE));
        assertThat(Rest.threads().stream().filter(name -> name.matches("pipeline-\\d+")))
                .hasSizeLessThanOrEqualTo(2);
    }

    /** Below half of all, so that the circuit breakers let most of them through. */
    private static synchronized Fault fault(Random random) {
        Fault[] all = Fault.values();
        int drawn = random.nextInt(10);
        return drawn < all.length ? all[drawn] : Fault.NONE;
    }

    private static List<Callable<Void>> warmUps() {
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) all.add(() -> talk(Ending.BYE_WHILE_ANSWERED, 500));
        return all;
    }

    private static List<Callable<Void>> calls(Random random) {
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            Ending ending = Ending.values()[i % Ending.values().length];
            int millis = random.nextInt(1_500);
            all.add(() -> talk(ending, millis));
        }
        all.add(() -> {
            await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
            server.close();
            return null;
        });
        return all;
    }

    private static Void talk(Ending ending, int millis) throws Exception {
        try (Caller caller = new Caller(firefly, "chat")) {
            caller.invite();
            if (ending == Ending.CANCELLED_WHILE_THE_GREETING_IS_MADE) {
                cancelled(caller);
                return null;
            }
            String last = caller.awaitFinal("INVITE");
            if (!last.startsWith("SIP/2.0 200")) return null; // the greeting could not be made
            caller.ack();
            caller.voice().start();
            if (ending == Ending.BYE_AT_ONCE) {
                caller.hangUpUnlessHungUp();
                return null;
            }
            caller.listenFor(millis);
            if (ending != Ending.BYE_WHILE_GREETED) caller.voice().say(speech);
            if (ending == Ending.BYE_WHILE_ANSWERED) caller.listenFor(2_500);
            if (ending == Ending.STAYS) stays(caller);
            else if (ending != Ending.GONE_WITHOUT_A_WORD) caller.hangUpUnlessHungUp();
        }
        return null;
    }

    private static void cancelled(Caller caller) throws IOException {
        caller.await("SIP/2.0 100");
        caller.cancel();
        if (!caller.awaitFinal("INVITE").startsWith("SIP/2.0 200")) return;
        caller.ack();
        caller.hangUpUnlessHungUp();
    }

    /** Speaks again and again, until the agent gives up. */
    private static void stays(Caller caller) throws IOException {
        for (int i = 0; i < 15; i++) {
            if (caller.hearsBye(2_000)) return;
            caller.voice().say(speech);
        }
        throw new AssertionError("nobody ended the call of a caller whose agent is dead");
    }

    private static void awaitRest() {
        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            assertThat(firefly.bean(CallController.class).calls()).isEmpty();
            assertThat(firefly.bean(SipFront.class).openDialogs()).as("dialogs").isZero();
            assertThat(firefly.bean(MediaEngine.class).openSessions())
                    .as("media")
                    .isZero();
            assertThat(firefly.bean(VoiceAgent.class).openSessions())
                    .as("agents")
                    .isZero();
            assertThat(firefly.bean(Recorder.class).openRecordings())
                    .as("recordings")
                    .isZero();
            assertThat(firefly.bean(MeterRegistry.class)
                            .get("firefly.pipeline.workers.busy")
                            .gauge()
                            .value())
                    .as("stages at work")
                    .isZero();
        });
    }
}

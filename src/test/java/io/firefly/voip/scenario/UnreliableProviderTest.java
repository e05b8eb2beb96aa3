package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.firefly.voip.agent.simulator.SimulatorProbe;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.testing.RunningFirefly;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Fifty calls at once on a provider that breaks in every way, also while sessions are renewed: nothing is left. */
@Tag("real-calls")
class UnreliableProviderTest {
    private static final long SEED = 20_261_121;
    private static final int CALLS = 50;
    private static final List<String> CONNECTIONS = List.of(
            "{steps: [{say: greeting, faults: [{at: audio, after: 700ms, close: 1006}]}]}",
            "{steps: [{say: greeting, faults: [{at: response, close: 1011}]}]}",
            "{steps: [{say: greeting}, {say: done, faults: [{at: turn, stall: 60s}]}]}",
            "{steps: [{say: greeting, faults: [{at: response, stall: 60s}]}]}",
            "{steps: [{say: done}], faults: [{after: 2500ms, expire: true}]}",
            "{steps: [{say: done}], faults: [{after: 3100ms, close: 1006}]}",
            "{steps: [{say: done}], faults: [{after: 3s, deaf: 5s}]}",
            "{afterwards: repeat, steps: [{say: done, faults: [{fail: server_error}]}]}",
            "{steps: [{say: done}, {when: out-of-band, say: All., first-audio-delay: 60s}]}",
            "{steps: [{say: done}, {when: out-of-band, say: All., faults: [{at: response, close: 1006}]}]}",
            "{steps: [{say: done}, {when: out-of-band, say: All., faults: [{fail: rate_limit_exceeded}]}]}",
            "{created-after: 800ms, steps: [{say: done}]}",
            "{created-after: 60s}",
            "{handshake: 503}",
            "{handshake: silent}",
            "{shuffle: true, extra-fields: true, steps: [{say: greeting}]}",
            "{}",
            "{}");

    private final Random random = new Random(SEED);

    @Test
    void fiftyCallsAtOnceLeaveNothingBehind() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger("io.firefly.voip");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        try (RunningFirefly firefly = RunningFirefly.with(
                "firefly.openai.session-limit", "3s",
                "firefly.openai.stall-timeout", "1500ms",
                "firefly.websocket.connect-timeout", "3s",
                "firefly.openai.session-ready-timeout", "2s",
                "firefly.openai.connect-timeout", "2s",
                "firefly.media.rtp.timeout", "3s")) {
            SimulatorProbe.play(firefly, "connections: [" + String.join(", ", CONNECTIONS) + ", {}]");
            Baseline.inParallel(20, calls(firefly, 20));
            Rest.awaitRest(firefly, 10);
            Baseline before = Baseline.now();
            root.addAppender(log);

            SimulatorProbe.play(firefly, script());
            long began = System.nanoTime();
            Baseline.inParallel(CALLS, calls(firefly, CALLS));

            Rest.awaitRest(firefly, 15);
            before.awaitNoMore();
            System.out.println("unreliable provider: " + CALLS + " calls at once, at rest after "
                    + (System.nanoTime() - began) / 1_000_000 + " ms");
            assertThat(log.list)
                    .filteredOn(event -> event.getLevel() == Level.ERROR)
                    .isEmpty();
            SimulatorProbe.play(firefly, "steps: [{say: answer-3}]");
            try (Caller caller = Caller.connected(firefly, "chat")) {
                Listening.awaitSound(caller, System.nanoTime(), "answer-3");
                caller.hangUp();
            }
        } finally {
            root.detachAppender(log);
        }
    }

    private String script() {
        List<String> connections = new ArrayList<>();
        for (int i = 0; i < 400; i++) connections.add(CONNECTIONS.get(random.nextInt(CONNECTIONS.size())));
        return "connections: [" + String.join(", ", connections) + "]";
    }

    private List<Callable<Void>> calls(RunningFirefly firefly, int count) throws Exception {
        Sound words = Listening.sound("count.wav");
        List<Callable<Void>> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int talks = 500 + random.nextInt(9_000);
            boolean speaks = random.nextInt(3) > 0;
            boolean vanishes = random.nextInt(4) == 0;
            calls.add(() -> {
                call(firefly, talks, speaks ? words : null, vanishes);
                return null;
            });
        }
        return calls;
    }

    private static void call(RunningFirefly firefly, int millis, @Nullable Sound words, boolean vanishes)
            throws Exception {
        try (Caller caller = Caller.connected(firefly, "chat")) {
            if (words != null) caller.voice().say(words);
            caller.listenFor(millis);
            if (!vanishes) caller.hangUpUnlessHungUp();
        }
    }
}

package io.firefly.voip.scenario;

import static io.firefly.voip.scenario.Listening.placeOf;
import static io.firefly.voip.scenario.Listening.placeOfAll;
import static io.firefly.voip.scenario.Listening.sound;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.agent.simulator.SimulatorProbe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What agents do of their own accord, each as agents.yaml says: measured at the caller's ear. */
@Tag("real-calls")
class AgentMannersTest {
    private static final String AGENTS = """
            agents:
              - {name: reception}
              - {name: notary, protected-greeting: true, caller-silence: {after: 0s}}
              - {name: hasty, max-duration: 12s, warn-before: 6s, caller-silence: {after: 0s}}
              - {name: patient, caller-silence: {after: 2s, prompts: 2}}
            """;
    private static final String TENANTS = """
            default: {agent: reception}
            tenants:
              - {id: notary, numbers: [notary], callflow: chat, agent: notary}
              - {id: hasty, numbers: [hasty], callflow: chat, agent: hasty}
              - {id: patient, numbers: [patient], callflow: chat, agent: patient}
            """;

    private static ScriptedCalls calls;

    @BeforeAll
    static void start() {
        calls = ScriptedCalls.with("{}", List.of(), "agents.yaml", AGENTS, "tenants.yaml", TENANTS);
    }

    @AfterAll
    static void stop() {
        if (calls != null) calls.close();
    }

    @AfterEach
    void nothingIsLeft() {
        Rest.awaitRest(calls.firefly(), 10);
    }

    @Test
    void aProtectedGreetingIsHeardToItsEndWhoeverTalksOverIt() throws Exception {
        SimulatorProbe.play(calls.firefly(), "steps: [{say: greeting}, {when: turn, say: answer-1}]");
        try (Caller caller = Caller.connected(calls.firefly(), "notary")) {
            long answered = System.nanoTime();
            RtpVoice voice = caller.voice();
            await().atMost(Duration.ofSeconds(10)).until(() -> RtpVoice.audibleMillis(voice.since(answered)) > 300);
            voice.say(sound("count.wav"));
            caller.listenFor(2_000);
            voice.hush();
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> System.nanoTime() - voice.lastAudibleNanos() > TimeUnit.SECONDS.toNanos(2));

            double greeting = placeOfAll(caller, answered, "greeting");
            long heard = RtpVoice.audibleMillis(voice.since(answered));
            System.out.println("protected greeting: at " + greeting + " ms, all of it; audible " + heard + " ms");
            assertThat(greeting).isNotNegative();
            assertThat(heard)
                    .as("who talked over it is not answered")
                    .isLessThan(sound("greeting").durationMillis());
            long listened = System.nanoTime();
            voice.say(sound("count.wav"));
            caller.listenFor(1_500);
            voice.hush();
            Listening.awaitSound(caller, listened, "answer-1");
            caller.hangUp();
        }
    }

    @Test
    void theLongestTimeIsToldBeforeThenComesAGoodbyeAndThenBye() throws Exception {
        SimulatorProbe.play(calls.firefly(), "steps: [{say: greeting}, {say: repeat}]");
        try (Caller caller = Caller.connected(calls.firefly(), "hasty")) {
            long answered = System.nanoTime();
            assertThat(caller.hearsBye(30_000)).isTrue();

            double warning = placeOf(caller, answered, "repeat");
            double goodbye = assertGoodbyeThenBye(caller, answered);
            System.out.println("longest time 12 s: warned at " + warning + " ms, goodbye at " + goodbye + " ms");
            assertThat(warning).isBetween(5_500.0, 9_500.0);
            assertThat(goodbye).isBetween(11_500.0, 15_500.0);
        }
    }

    @Test
    void whoSaysNothingIsAskedTwiceThenHearsAGoodbyeAndThenBye() throws Exception {
        SimulatorProbe.play(calls.firefly(), "steps: [{say: greeting}, {say: repeat}, {say: sorry}]");
        try (Caller caller = Caller.connected(calls.firefly(), "patient")) {
            long answered = System.nanoTime();
            assertThat(caller.hearsBye(40_000)).isTrue();

            double first = placeOf(caller, answered, "repeat");
            double second = placeOf(caller, answered, "sorry");
            double goodbye = assertGoodbyeThenBye(caller, answered);
            System.out.println("silent caller: asked at " + first + " and " + second + " ms, goodbye at " + goodbye);
            assertThat(first).isGreaterThan(sound("greeting").durationMillis() + 1_500.0);
            assertThat(second).isGreaterThan(first + sound("repeat").durationMillis() + 1_500);
            assertThat(goodbye).isGreaterThan(second + sound("sorry").durationMillis() + 1_500);
        }
    }

    private static double assertGoodbyeThenBye(Caller caller, long answered) throws Exception {
        double goodbye = placeOfAll(caller, answered, "goodbye");
        assertThat(goodbye).as("all of the goodbye").isNotNegative();
        assertThat(caller.voice().lastAudibleNanos()).as("and then BYE").isLessThan(caller.byeNanos());
        return goodbye;
    }
}

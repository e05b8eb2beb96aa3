package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.agent.simulator.SimulatorProbe;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.WavFile;
import io.firefly.voip.call.LegDialer;
import io.firefly.voip.freeswitch.Engine;
import io.firefly.voip.freeswitch.FreeSwitchStandIn;
import io.firefly.voip.media.MediaEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a caller hears while an agent uses its tools: measured at the caller's ear. */
@Tag("real-calls")
class AgentToolsTest {
    private static final String SLOW = """
            # Answers after three seconds.
            - route:
                id: tool-look-up
                description: Look something up slowly
                note: The caller hears the comfort sound.
                routeConfigurationId: apologise
                from:
                  uri: agent:tool/look_up
                  parameters:
                    description: Looks something up.
                    fillerAfter: 300ms
                  steps:
                    - delay:
                        id: take-time
                        constant: "3000"
                    - setBody:
                        id: answer
                        constant: '{"found":true}'
            """;

    @Test
    void aSlowToolIsBridgedByAQuietSoundThatStopsWithTheAnswer() throws Exception {
        String script = """
                steps:
                  - {when: opening, call: look_up}
                  - {when: tool, contains: found, say: answer-1}
                """;
        try (ScriptedCalls calls = ScriptedCalls.with(script, List.of(), "tool-look-up.camel.yaml", SLOW);
                Caller caller = Caller.connected(calls.firefly(), "chat")) {
            long answered = System.nanoTime();
            RtpVoice voice = caller.voice();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> RtpVoice.audibleMillis(loud(voice.since(answered))) > 500);

            List<RtpVoice.Frame> heard = voice.since(answered);
            long speech = loud(heard).get(0).nanos();
            List<RtpVoice.Frame> before =
                    heard.stream().filter(frame -> frame.nanos() < speech).toList();
            long quietSound = RtpVoice.audibleMillis(before);
            System.out.println("comfort sound: audible " + quietSound + " ms of the "
                    + TimeUnit.NANOSECONDS.toMillis(speech - answered) + " ms before the answer");
            assertThat(quietSound).as("audible, and mostly pauses").isBetween(200L, 1_500L);
            await().atMost(Duration.ofSeconds(20))
                    .alias("it stays away: silent for longer than it lasts")
                    .until(() -> System.nanoTime() - voice.lastAudibleNanos() > TimeUnit.MILLISECONDS.toNanos(2_300));
            caller.hangUp();
            Rest.awaitRest(calls.firefly(), 10);
        }
    }

    @Test
    void aBridgedTransferJoinsBothVoicesAndEndsWithEitherSide() throws Exception {
        joinsBothVoices(Engine.EMBEDDED);
    }

    @Test
    void aCallerOfFreeSwitchIsBridgedAsWell() throws Exception {
        try (Engine standIn = FreeSwitchStandIn.start()) {
            joinsBothVoices(standIn);
        }
    }

    private static void joinsBothVoices(Engine engine) throws Exception {
        String script = """
                steps:
                  - {when: opening, say: done, call: transfer, arguments: {target: sales}}
                  - {when: tool, say: sorry}
                """;
        try (Answerer sales = new Answerer()) {
            String directory = "default: {targets: [{name: sales, to: \"sip:sales@127.0.0.1:" + sales.port() + "\"}]}";
            try (ScriptedCalls calls = ScriptedCalls.with(engine, script, List.of(), "directory.yaml", directory);
                    Caller caller = Caller.connected(calls.firefly(), "chat")) {
                sales.ring();
                long rings = System.nanoTime();
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> RtpVoice.audibleMillis(caller.voice().since(rings)) > 400);
                sales.answer();
                var count = WavFile.read(Path.of("audio/count.wav"));
                assertThat(count.format()).isEqualTo(AudioFormat.NARROWBAND);
                long answered = System.nanoTime();
                caller.voice().say(count);
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> RtpVoice.audibleMillis(sales.voice().since(answered)) > 1_000);
                caller.voice().hush();
                long spoke = System.nanoTime();
                sales.voice().say(count);
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> RtpVoice.audibleMillis(caller.voice().since(spoke)) > 1_000);

                caller.hangUp();

                sales.awaitBye();
                Rest.awaitRest(calls.firefly(), 10);
                LegDialer dialer = calls.firefly().bean(LegDialer.class);
                await().atMost(Duration.ofSeconds(10)).until(() -> dialer.openLegs() == 0);
                assertThat(calls.firefly().bean(MediaEngine.class).openSessions())
                        .isZero();
            }
        }
    }

    @Test
    void aToolThatWantsConsentRunsWhenTheCallerPressesOneAndNotBefore() throws Exception {
        String refund = """
                # Pays back, when the caller agrees.
                - route:
                    id: tool-refund
                    description: Pay back
                    note: The caller is asked first.
                    routeConfigurationId: apologise
                    from:
                      uri: agent:tool/refund
                      parameters:
                        description: Pays the last order back.
                        confirm: dtmf
                      steps:
                        - setBody:
                            id: answer
                            constant: '{"paid":true}'
                """;
        String script = """
                steps:
                  - {when: opening, call: refund}
                  - {when: tool, contains: paid, say: answer-1}
                  - {when: tool, say: sorry}
                """;
        try (ScriptedCalls calls = ScriptedCalls.with(script, List.of(), "tool-refund.camel.yaml", refund);
                Caller caller = Caller.connected(calls.firefly(), "chat")) {
            long answered = System.nanoTime();
            await().atMost(Duration.ofSeconds(20))
                    .alias("the question is heard")
                    .until(() -> RtpVoice.audibleMillis(caller.voice().since(answered)) > 1_500);
            assertThat(SimulatorProbe.frames(calls.firefly())).doesNotContain("function_call_output");

            caller.press('1');

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> SimulatorProbe.frames(calls.firefly()).contains("paid"));
            caller.hangUp();
            Rest.awaitRest(calls.firefly(), 10);
        }
    }

    @Test
    void aToolThatIsSavedDuringTheCallIsOfferedToTheModelAtOnce() throws Exception {
        String script = "steps: [{when: opening, say: answer-1}]";
        try (ScriptedCalls calls = ScriptedCalls.with(script, List.of("firefly.routes.scan-interval", "200ms"));
                Caller caller = Caller.connected(calls.firefly(), "chat")) {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> SimulatorProbe.frames(calls.firefly()).contains("session.updated"));
            assertThat(SimulatorProbe.frames(calls.firefly())).doesNotContain("a_look_up");

            // Its name comes first: of a frame only the beginning is shown.
            calls.save(
                    "tool-a-look-up.camel.yaml",
                    SLOW.replace("tool-look-up", "tool-a-look-up").replace("tool/look_up", "tool/a_look_up"));

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> SimulatorProbe.frames(calls.firefly()).contains("a_look_up"));
            caller.hangUp();
            Rest.awaitRest(calls.firefly(), 10);
        }
    }

    @Test
    void aPartyThatIsBusyLeavesTheCallerWithTheAgentWhichSaysSo() throws Exception {
        String script = """
                steps:
                  - {when: opening, say: done, call: transfer, arguments: {target: sales}}
                  - {when: tool, contains: busy, say: answer-2}
                """;
        try (Answerer sales = new Answerer()) {
            String directory = "default: {targets: [{name: sales, to: \"sip:sales@127.0.0.1:" + sales.port() + "\"}]}";
            try (ScriptedCalls calls = ScriptedCalls.with(script, List.of(), "directory.yaml", directory);
                    Caller caller = Caller.connected(calls.firefly(), "chat")) {
                sales.refuse("486 Busy Here");
                long busy = System.nanoTime();

                await().atMost(Duration.ofSeconds(10))
                        .until(() -> RtpVoice.audibleMillis(loud(caller.voice().since(busy))) > 500);
                caller.hangUp();
                Rest.awaitRest(calls.firefly(), 10);
            }
        }
    }

    /** Speech; the comfort sound is far below. */
    private static List<RtpVoice.Frame> loud(List<RtpVoice.Frame> frames) {
        return frames.stream().filter(frame -> frame.dbfs() > -24).toList();
    }
}

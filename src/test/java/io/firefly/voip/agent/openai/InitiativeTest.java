package io.firefly.voip.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.firefly.voip.agent.AgentManner;
import io.firefly.voip.agent.AgentManner.CallerSilence;
import io.firefly.voip.agent.AgentManner.TurnDetection;
import io.firefly.voip.agent.AgentStage.Leaving;
import io.firefly.voip.audio.AudioFormat;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an agent does by itself: asks who is silent, protects a greeting, watches the time. */
class InitiativeTest {
    private Rig rig = new Rig();
    private int items;

    @AfterEach
    void close() {
        rig.close();
        assertThat(rig.left).isEqualTo(1);
    }

    private void rig(String... settings) {
        rig.close();
        rig = new Rig(settings);
    }

    private static AgentManner manner(
            @Nullable Boolean protectedGreeting,
            @Nullable CallerSilence silence,
            @Nullable Duration most,
            @Nullable Duration warn) {
        return new AgentManner(null, null, null, protectedGreeting, silence, most, warn);
    }

    private void rig(AgentManner manner) {
        rig.close();
        rig = new Rig(Rig.brief("PCMU", AudioFormat.NARROWBAND, manner));
    }

    private String asked() {
        return rig.last("response.create").path("response").path("instructions").asText();
    }

    private int creates() {
        return rig.sent("response.create").size();
    }

    /** The response that was asked for last, heard to its end. */
    private void isSaid() {
        String id = "resp_x" + ++items;
        rig.responds(id, rig.lastId("response.create"));
        rig.says(id, "item_x" + items, 1_000);
        rig.finishes(id, "item_x" + items, "Words.", "completed");
        rig.mouth.play(1_000);
    }

    @Test
    void aSilentCallerIsAskedTwiceAndThenTheAgentSaysGoodbyeAndLeaves() {
        rig.talking();
        rig.advance(Duration.ofSeconds(19));
        assertThat(creates()).isZero();
        rig.advance(Duration.ofSeconds(2));
        assertThat(creates()).isEqualTo(1);
        assertThat(asked()).startsWith("You are the reception.").contains("still there");
        isSaid();
        rig.advance(Duration.ofSeconds(19));
        assertThat(creates()).isEqualTo(1);
        rig.advance(Duration.ofSeconds(2));
        assertThat(creates()).isEqualTo(2);
        isSaid();
        rig.advance(Duration.ofSeconds(21));

        assertThat(creates()).isEqualTo(3);
        assertThat(asked()).contains("cannot hear them").contains("goodbye");
        assertThat(rig.leavings).as("the goodbye is not generated yet").isEmpty();
        isSaid();
        assertThat(rig.leavings).containsExactly(Leaving.CALLER_SILENT);
        assertThat(rig.failures).isEmpty();
    }

    @Test
    void whoAnswersIsAskedAnewTheNextTime() {
        rig.talking();
        rig.advance(Duration.ofSeconds(21));
        isSaid();
        rig.advance(Duration.ofSeconds(21));
        isSaid();
        rig.speechStarted("item_u");
        rig.speechStopped("item_u", "item_x2");
        rig.callerTranscript("item_u", "Yes.");
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 100);
        rig.done("resp_1", "completed");
        rig.mouth.play(100);
        rig.advance(Duration.ofSeconds(21));

        assertThat(asked()).contains("still there");
        assertThat(rig.leavings).isEmpty();
    }

    @Test
    void aKeyIsAnAnswer() {
        rig("caller-silence.prompts", "0");
        rig.talking();
        rig.advance(Duration.ofSeconds(15));
        rig.session.dtmf('1');
        rig.drain();
        rig.advance(Duration.ofSeconds(10));

        assertThat(asked()).doesNotContain("goodbye");
    }

    @Test
    void nobodyIsSilentWhoHearsTheAgentWaitsForAToolOrIsOnHold() {
        rig.talking();
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 5_000);
        rig.done("resp_1", "completed");
        rig.advance(Duration.ofSeconds(60));
        rig.mouth.play(5_000);
        rig.responds("resp_2", "");
        rig.callsTool("resp_2", "call_a", "transfer", "{}");
        rig.done("resp_2", "completed");
        rig.advance(Duration.ofSeconds(9));
        rig.callerIsAway = true;
        rig.toolAnswers.get(0).complete("ok");
        rig.drain();
        isSaid();
        rig.advance(Duration.ofSeconds(60));

        assertThat(creates()).isEqualTo(1);
        rig.callerIsAway = false;
        rig.advance(Duration.ofSeconds(21));
        assertThat(creates()).isEqualTo(2);
    }

    @Test
    void anAgentMayHaveItsOwnPatience() {
        rig(manner(null, new CallerSilence(Duration.ofSeconds(5), 1), null, null));
        rig.talking();
        rig.advance(Duration.ofSeconds(6));
        assertThat(asked()).contains("still there");
        isSaid();
        rig.advance(Duration.ofSeconds(6));

        assertThat(asked()).contains("goodbye");
    }

    @Test
    void whoIsSetToWaitForeverDoes() {
        rig("caller-silence.after", "0s");
        rig.talking();
        rig.advance(Duration.ofMinutes(10));

        assertThat(creates()).isZero();
    }

    @Test
    void aProtectedGreetingIsHeardToItsEndAndOnlyThenTheCallerIsListenedTo() {
        rig(manner(true, null, null, null));
        rig.ready();
        JsonNode input =
                rig.last("session.update").path("session").path("audio").path("input");
        assertThat(input.has("turn_detection")).isTrue();
        assertThat(input.path("turn_detection").isNull()).isTrue();
        rig.begin();
        rig.responds("resp_greet", rig.lastId("response.create"));
        rig.says("resp_greet", "item_greet", 3_000);
        rig.done("resp_greet", "completed");
        rig.advance(Duration.ofSeconds(2));
        assertThat(rig.sent("session.update")).hasSize(1);
        rig.mouth.play(3_000);
        rig.advance(Duration.ofMillis(100));

        assertThat(rig.sent("input_audio_buffer.clear"))
                .as("what was said meanwhile is no turn")
                .hasSize(1);
        assertThat(rig.sent("session.update")).hasSize(2);
        assertThat(rig.last("session.update")
                        .at("/session/audio/input/turn_detection/type")
                        .asText())
                .isEqualTo("server_vad");
        rig.advance(Duration.ofSeconds(10));
        assertThat(rig.sent("session.update")).hasSize(2);
    }

    @Test
    void aProtectedGreetingThatIsCutOffIsProtectedInTheNextSessionToo() {
        rig(manner(true, null, null, null));
        rig.ready().begin();
        rig.serverCloses(1006, null);
        rig.advance(Duration.ofMillis(150));
        rig.ready();
        assertThat(rig.last("session.update")
                        .at("/session/audio/input/turn_detection")
                        .isNull())
                .isTrue();
        isSaid();
        rig.advance(Duration.ofMillis(100));

        assertThat(rig.last("session.update")
                        .at("/session/audio/input/turn_detection/type")
                        .asText())
                .isEqualTo("server_vad");
    }

    @Test
    void theEndOfTheTimeIsToldBeforeAndComesWithAGoodbye() {
        rig("max-duration", "10m", "warn-before", "2m", "caller-silence.after", "0s");
        rig.talking();
        rig.advance(Duration.ofMinutes(7));
        assertThat(creates()).isZero();
        rig.advance(Duration.ofMinutes(1));
        assertThat(asked()).contains("ends in about 2 minutes");
        isSaid();
        rig.advance(Duration.ofMinutes(2));
        assertThat(creates()).isEqualTo(2);
        assertThat(asked()).contains("longest time").contains("goodbye");
        isSaid();

        assertThat(rig.leavings).containsExactly(Leaving.OUT_OF_TIME);
        assertThat(rig.failures).isEmpty();
    }

    @Test
    void whoIsSpeakingWhenTheTimeIsUpMayFinishWithinReason() {
        rig(manner(null, null, Duration.ofMinutes(1), Duration.ZERO));
        rig.talking();
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 120_000);
        rig.done("resp_1", "completed");
        rig.advance(Duration.ofSeconds(80));
        assertThat(creates()).isZero();
        rig.advance(Duration.ofSeconds(15));

        assertThat(rig.leavings).as("what is being heard is the last of it").containsExactly(Leaving.OUT_OF_TIME);
    }

    @Test
    void aCallThatIsEndedMeanwhileEndsOnce() {
        rig("max-duration", "10m", "warn-before", "0s", "caller-silence.after", "0s");
        rig.talking();
        rig.advance(Duration.ofMinutes(10));
        var told = rig.session.sayGoodbye().toCompletableFuture();
        rig.drain();
        assertThat(told).isNotDone();
        isSaid();

        assertThat(told).isCompleted();
        assertThat(creates()).isEqualTo(1);
        assertThat(rig.failures).isEmpty();
    }

    @Test
    void aProviderThatDiesDuringTheLastWordsEndsTheCallAllTheSame() {
        rig("max-duration", "10m", "warn-before", "0s", "caller-silence.after", "0s");
        rig.talking();
        rig.advance(Duration.ofMinutes(10));
        rig.serverCloses(1006, null);

        assertThat(rig.leavings).containsExactly(Leaving.OUT_OF_TIME);
        assertThat(rig.failures).isEmpty();
        rig.session.close();
    }

    @Test
    void howAnAgentListensAndSpeaksIsItsOwn() {
        rig(new AgentManner(
                new TurnDetection(null, 0.8, null, Duration.ofMillis(900), Duration.ofSeconds(12), null),
                "far_field",
                1.2,
                null,
                null,
                null,
                null));
        rig.ready();

        JsonNode audio = rig.last("session.update").at("/session/audio");
        assertThat(audio.at("/input/turn_detection"))
                .hasToString("{\"type\":\"server_vad\",\"threshold\":0.8,\"prefix_padding_ms\":300,"
                        + "\"silence_duration_ms\":900,\"idle_timeout_ms\":12000,\"create_response\":true,"
                        + "\"interrupt_response\":true}");
        assertThat(audio.at("/input/noise_reduction/type").asText()).isEqualTo("far_field");
        assertThat(audio.at("/output/speed").asDouble()).isEqualTo(1.2);
    }

    @Test
    void theInstallationsSpeedIsSaidOnlyWhenItIsNotOne() {
        assertThat(rig.ready()
                        .last("session.update")
                        .at("/session/audio/output")
                        .has("speed"))
                .isFalse();
        rig("speed", "0.9", "vad.type", "semantic_vad", "vad.eagerness", "low");

        assertThat(rig.ready()
                        .last("session.update")
                        .at("/session/audio/output/speed")
                        .asDouble())
                .isEqualTo(0.9);
        assertThat(rig.last("session.update")
                        .at("/session/audio/input/turn_detection/eagerness")
                        .asText())
                .isEqualTo("low");
    }
}

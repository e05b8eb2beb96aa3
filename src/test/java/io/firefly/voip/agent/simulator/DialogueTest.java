package io.firefly.voip.agent.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.firefly.voip.agent.simulator.sound.Voice;
import io.firefly.voip.agent.simulator.sound.Voice.Encoding;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said, in which events and in which order; on a clock that only moves when told to. */
class DialogueTest {
    private static final List<String> SPOKEN_RESPONSE = List.of(
            "response.created",
            "response.output_item.added",
            "conversation.item.added",
            "response.content_part.added",
            "response.output_audio.done",
            "response.output_audio_transcript.done",
            "response.content_part.done",
            "response.output_item.done",
            "conversation.item.done",
            "response.done",
            "rate_limits.updated");

    private final SessionRig rig = SessionRig.opened();

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void theGreetingIsSpokenInTheOrderedFormat(Encoding encoding) {
        rig.onThePhone(encoding, "");
        rig.send("{'type':'response.create','event_id':'c-1','response':{'instructions':'Greet the caller.'}}");
        rig.pass(10_000);
        assertThat(rig.milestones()).isEqualTo(SPOKEN_RESPONSE);
        String text = "Hello, this is the Firefly receptionist. How can I help you today?";
        assertThat(rig.only("response.output_audio_transcript.done")
                        .path("transcript")
                        .asText())
                .isEqualTo(text);
        StringBuilder deltas = new StringBuilder();
        rig.all("response.output_audio_transcript.delta")
                .forEach(delta -> deltas.append(delta.path("delta").asText()));
        assertThat(deltas).hasToString(text);
        int millis = rig.audioBytes() / encoding.bytesPerMilli();
        assertThat(millis).isBetween(3_000, 6_000);
        assertThat(millis % 50).isZero();
        JsonNode done = rig.only("response.done").path("response");
        assertThat(done.path("status").asText()).isEqualTo("completed");
        assertThat(done.at("/usage/output_token_details/audio_tokens").asInt()).isEqualTo(millis / 50);
        assertThat(done.at("/output/0/content/0/transcript").asText()).isEqualTo(text);
        assertThat(done.toString()).doesNotContain("\"delta\"").hasSizeLessThan(2_000);
    }

    @Test
    void whatHasNoFixedOrderMayBeShuffled() {
        SessionRig shuffled = SessionRig.shuffled();
        Set<List<String>> orders = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            shuffled.frames.clear();
            shuffled.send("{'type':'response.create'}");
            shuffled.pass(10_000);
            assertThat(shuffled.milestones()).containsExactlyInAnyOrderElementsOf(SPOKEN_RESPONSE);
            orders.add(shuffled.milestones());
        }
        assertThat(orders).as("three coins").hasSizeBetween(6, 8);
    }

    @Test
    void speechComesFasterThanItIsPlayed() {
        rig.onThePhone(Encoding.PCMU, "");
        rig.send("{'type':'response.create'}");
        rig.pass(300 + 500);
        assertThat(rig.audioBytes() / 8).isBetween(1_900, 2_300);
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void aCallersTurnIsAnswered(Encoding encoding) {
        rig.onThePhone(encoding, "");
        rig.callerSays(encoding, "answer-3");
        rig.pass(10_000);
        assertThat(rig.milestones().subList(0, 5))
                .containsExactly(
                        "input_audio_buffer.speech_started",
                        "input_audio_buffer.speech_stopped",
                        "input_audio_buffer.committed",
                        "conversation.item.added",
                        "conversation.item.done");
        assertThat(rig.milestones().subList(5, 16)).isEqualTo(SPOKEN_RESPONSE);
        String turn =
                rig.only("input_audio_buffer.speech_started").path("item_id").asText();
        assertThat(rig.only("input_audio_buffer.committed").path("item_id").asText())
                .isEqualTo(turn);
        assertThat(rig.only("response.done")
                        .at("/response/usage/input_token_details/audio_tokens")
                        .asInt())
                .isBetween(20, 35);
        rig.send("{'type':'conversation.item.retrieve','item_id':'" + turn + "'}");
        byte[] heard = Base64.getDecoder()
                .decode(rig.last().at("/item/content/0/audio").asText());
        long from = rig.only("input_audio_buffer.speech_started")
                .path("audio_start_ms")
                .asLong();
        long to = rig.only("input_audio_buffer.speech_stopped")
                .path("audio_end_ms")
                .asLong();
        assertThat((long) heard.length / encoding.bytesPerMilli()).isEqualTo(to - from);
    }

    @Test
    void everyTurnGetsAnotherAnswerAndTheContextGrows() {
        rig.onThePhone(Encoding.PCMU, "");
        rig.send("{'type':'response.create'}");
        rig.pass(10_000);
        for (int i = 0; i < 4; i++) {
            rig.callerSays(Encoding.PCMU, "answer-4");
            rig.pass(10_000);
        }
        assertThat(rig.all("response.output_audio_transcript.done"))
                .extracting(done -> done.path("transcript").asText())
                .doesNotHaveDuplicates()
                .hasSize(5);
        List<Integer> inputs = rig.all("response.done").stream()
                .map(done -> done.at("/response/usage/input_tokens").asInt())
                .toList();
        assertThat(inputs).isSorted();
        assertThat(rig.all("response.done")
                        .get(4)
                        .at("/response/usage/input_token_details/cached_tokens")
                        .asInt())
                .isPositive()
                .satisfies(cached -> assertThat(cached % 64).isZero());
    }

    @Test
    void theCallerIsWrittenDownIfAskedFor() {
        rig.onThePhone(Encoding.PCMU, "");
        rig.send("{'type':'session.update','session':{'type':'realtime','audio':{'input':{'transcription':"
                + "{'model':'gpt-transcribe'}}}}}");
        rig.callerSays(Encoding.PCMU, "answer-3");
        rig.pass(10_000);
        JsonNode completed = rig.only("conversation.item.input_audio_transcription.completed");
        assertThat(completed.path("transcript").asText()).matches("caller turn 1 \\([12]\\.\\d s of speech\\)");
        assertThat(completed.at("/usage/type").asText()).isEqualTo("duration");
        rig.send("{'type':'session.update','session':{'type':'realtime','audio':{'input':{'transcription':"
                + "{'model':'gpt-4o-transcribe'}}}}}");
        rig.callerSays(Encoding.PCMU, "answer-3");
        rig.pass(10_000);
        assertThat(rig.all("conversation.item.input_audio_transcription.completed")
                        .get(1)
                        .at("/usage/type")
                        .asText())
                .isEqualTo("tokens");
    }

    @Test
    void whoSpeaksInterrupts() {
        rig.onThePhone(Encoding.PCMU, "");
        rig.send("{'type':'response.create'}");
        rig.pass(600);
        int sentMillis = rig.audioBytes() / 8;
        rig.callerSays(Encoding.PCMU, "answer-4");
        rig.pass(100);
        List<String> types = rig.milestones();
        int started = types.indexOf("input_audio_buffer.speech_started");
        assertThat(types.subList(started + 1, started + 8))
                .containsExactly(
                        "response.output_audio.done",
                        "response.output_audio_transcript.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "conversation.item.done",
                        "response.done",
                        "rate_limits.updated");
        JsonNode done = rig.all("response.done").get(0).path("response");
        assertThat(done.path("status").asText()).isEqualTo("cancelled");
        assertThat(done.at("/status_details/reason").asText()).isEqualTo("turn_detected");
        assertThat(done.at("/output/0/status").asText()).isEqualTo("incomplete");
        String item = done.at("/output/0/id").asText();
        truncate(item, sentMillis + 1);
        assertThat(rig.error().path("message").asText())
                .isEqualTo("Audio content of " + sentMillis + "ms is already shorter than " + (sentMillis + 1) + "ms");
        truncate(item, 250);
        assertThat(rig.last().path("type").asText()).isEqualTo("conversation.item.truncated");
        rig.send("{'type':'conversation.item.retrieve','item_id':'" + item + "'}");
        JsonNode part = rig.last().at("/item/content/0");
        assertThat(part.has("transcript")).isFalse();
        assertThat(Base64.getDecoder().decode(part.path("audio").asText())).hasSize(250 * 8);
    }

    @Test
    void whoMayNotInterruptIsHeardButNotAnswered() {
        rig.onThePhone(Encoding.PCMU, "");
        rig.send("{'type':'session.update','session':{'type':'realtime','audio':{'input':{'turn_detection':"
                + "{'type':'server_vad','interrupt_response':false}}}}}");
        rig.send("{'type':'response.create'}");
        rig.pass(500);
        rig.callerSays(Encoding.PCMU, "answer-4");
        rig.pass(10_000);
        assertThat(rig.only("response.done").at("/response/status").asText()).isEqualTo("completed");
        assertThat(rig.all("input_audio_buffer.committed")).isNotEmpty();
    }

    @Test
    void anItemWithoutSoundCannotBeTruncated() {
        rig.send("{'type':'conversation.item.create','item':{'id':'a','type':'message','role':'user','content':"
                + "[{'type':'input_text','text':'hello'}]}}");
        truncate("a", 0);
        assertThat(rig.error().path("code").asText()).isEqualTo("unsupported_content_type");
    }

    @Test
    void onlyOneResponseAtATime() {
        rig.send("{'type':'response.create'}");
        String active = rig.last().at("/response/id").asText();
        rig.send("{'type':'response.create','event_id':'c-2'}");
        assertThat(rig.error().path("code").asText()).isEqualTo("conversation_already_has_active_response");
        assertThat(rig.error().path("message").asText()).contains(active);
        assertThat(rig.error().path("event_id").asText()).isEqualTo("c-2");
        rig.pass(10_000);
        rig.only("response.done");
    }

    @Test
    void besidesTheConversationThereMayBeAnother() {
        rig.send("{'type':'response.create'}");
        rig.send("{'type':'response.create','response':{'conversation':'none','metadata':{'purpose':'filler'},"
                + "'input':[{'type':'message','role':'user','content':[{'type':'input_text','text':'wait'}]}]}}");
        JsonNode created = rig.last().path("response");
        assertThat(created.path("conversation_id").isNull()).isTrue();
        assertThat(created.at("/metadata/purpose").asText()).isEqualTo("filler");
        rig.pass(10_000);
        assertThat(rig.all("response.done")).hasSize(2);
        assertThat(rig.all("conversation.item.added")).hasSize(1);
    }

    @Test
    void aNoteIsWrittenBesideTheConversationAndLeavesNoTraceInIt() {
        rig.send("{'type':'response.create'}");
        rig.pass(10_000);
        int items = rig.all("conversation.item.added").size();
        rig.send("{'type':'response.create'}");
        rig.send("{'type':'response.create','event_id':'c-9','response':{'conversation':'none',"
                + "'output_modalities':['text'],'instructions':'Sum up.','tool_choice':'none','max_output_tokens':1000,"
                + "'metadata':{'purpose':'summary','event_id':'c-9'}}}");
        String id = rig.last().at("/response/id").asText();
        int sounds = rig.all("response.output_audio.delta").size();
        rig.pass(1_000);

        JsonNode done = rig.all("response.done").get(1).path("response");
        assertThat(done.path("id").asText())
                .as("it does not wait for what is said")
                .isEqualTo(id);
        assertThat(done.path("conversation_id").isNull()).isTrue();
        assertThat(done.at("/metadata/event_id").asText()).isEqualTo("c-9");
        assertThat(done.at("/output/0/content/0/type").asText()).isEqualTo("output_text");
        assertThat(done.at("/output/0/content/0/text").asText()).startsWith("Turns until now: 1. The latest: ");
        assertThat(done.at("/usage/output_token_details/audio_tokens").asInt()).isZero();
        assertThat(done.at("/usage/output_tokens").asInt()).isPositive();
        assertThat(rig.all("conversation.item.added")).as("only what is said").hasSize(items + 1);
        assertThat(rig.all("response.output_audio.delta").size()).isGreaterThan(sounds);
        rig.pass(10_000);
        assertThat(rig.all("response.done")).hasSize(3);
    }

    @Test
    void aCancelledResponseEndsAtOnce() {
        rig.send("{'type':'response.create'}");
        String id = rig.last().at("/response/id").asText();
        rig.pass(450);
        rig.send("{'type':'response.cancel','response_id':'" + id + "'}");
        JsonNode done = rig.only("response.done").path("response");
        assertThat(done.at("/status_details/reason").asText()).isEqualTo("client_cancelled");
        int frames = rig.frames.size();
        rig.pass(10_000);
        assertThat(rig.frames).hasSize(frames);
        rig.send("{'type':'response.cancel','event_id':'c-3','response_id':'" + id + "'}");
        assertThat(rig.error().path("code").asText()).isEqualTo("response_cancel_not_active");
    }

    @Test
    void textIsWrittenInsteadOfSpoken() {
        rig.send("{'type':'response.create','response':{'output_modalities':['text']}}");
        rig.pass(10_000);
        assertThat(rig.only("response.output_text.done").path("text").asText()).startsWith("Hello");
        assertThat(rig.audioBytes()).isZero();
        assertThat(rig.only("response.done")
                        .at("/response/output/0/content/0/type")
                        .asText())
                .isEqualTo("output_text");
    }

    @Test
    void aTokenLimitCutsTheAnswer() {
        rig.send("{'type':'response.create','response':{'max_output_tokens':20}}");
        rig.pass(10_000);
        JsonNode done = rig.only("response.done").path("response");
        assertThat(done.path("status").asText()).isEqualTo("incomplete");
        assertThat(done.at("/status_details/reason").asText()).isEqualTo("max_output_tokens");
        assertThat(rig.audioBytes()).isEqualTo(1_000 * 48);
    }

    @Test
    void theClientMayDecideTurnsItself() {
        rig.onThePhone(Encoding.PCMU, "");
        rig.send("{'type':'session.update','session':{'type':'realtime','audio':{'input':{'turn_detection':null}}}}");
        rig.frames.clear();
        rig.callerSays(Encoding.PCMU, "answer-4");
        assertThat(rig.frames).isEmpty();
        rig.send("{'type':'input_audio_buffer.commit'}");
        rig.pass(5_000);
        assertThat(rig.types())
                .containsExactly("input_audio_buffer.committed", "conversation.item.added", "conversation.item.done");
        rig.callerSays(Encoding.PCMU, "answer-4");
        rig.send("{'type':'input_audio_buffer.clear'}");
        rig.send("{'type':'input_audio_buffer.commit'}");
        assertThat(rig.error().path("code").asText()).isEqualTo("input_audio_buffer_commit_empty");
    }

    @Test
    void aCommitDuringSpeechTakesTheAnnouncedItemAndEndsTheSpeech() {
        rig.onThePhone(Encoding.PCMU, "");
        short[] speech = Voice.resample(Voice.load(200).recording("answer-4"), Encoding.PCMU);
        rig.hear(Encoding.PCMU, java.util.Arrays.copyOf(speech, 8_000));
        String turn =
                rig.only("input_audio_buffer.speech_started").path("item_id").asText();
        rig.send("{'type':'input_audio_buffer.commit'}");
        assertThat(rig.only("input_audio_buffer.committed").path("item_id").asText())
                .isEqualTo(turn);
        rig.hear(Encoding.PCMU, new short[16_000]);
        assertThat(rig.all("input_audio_buffer.speech_stopped")).isEmpty();
    }

    @Test
    void whoSaysNothingIsAskedAgain() {
        rig.onThePhone(Encoding.PCMU, "");
        rig.send("{'type':'session.update','session':{'type':'realtime','audio':{'input':{'turn_detection':"
                + "{'type':'server_vad','idle_timeout_ms':6000}}}}}");
        rig.send("{'type':'response.create'}");
        rig.pass(6_000);
        rig.hear(Encoding.PCMU, new short[8 * 6_000]);
        assertThat(rig.all("input_audio_buffer.timeout_triggered")).isEmpty();
        rig.pass(6_500);
        rig.only("input_audio_buffer.timeout_triggered");
        assertThat(rig.all("response.created")).hasSize(2);
    }

    @Test
    void aSlowReaderIsWaitedFor() {
        rig.send("{'type':'response.create'}");
        rig.congested = true;
        rig.pass(5_000);
        assertThat(rig.audioBytes()).isZero();
        rig.congested = false;
        rig.pass(10_000);
        rig.only("response.done");
    }

    @Test
    void nothingIsSentAfterTheClose() {
        rig.send("{'type':'response.create'}");
        rig.pass(400);
        rig.session.close();
        int frames = rig.frames.size();
        rig.pass(10_000);
        assertThat(rig.frames).hasSize(frames);
    }

    @Test
    void theJudgeFindsAMisspeltField() {
        String frame =
                "{\"type\":\"input_audio_buffer.speech_started\",\"event_id\":\"e\",\"item_id\":\"i\",\"audio_start_ms\":1,\"audio_ms\":2}";
        assertThatThrownBy(() -> OfficialSdk.judge(frame)).hasMessageContaining("$.audio_ms");
    }

    private void truncate(String item, int millis) {
        rig.send("{'type':'conversation.item.truncate','item_id':'" + item + "','content_index':0,'audio_end_ms':"
                + millis + "}");
    }
}

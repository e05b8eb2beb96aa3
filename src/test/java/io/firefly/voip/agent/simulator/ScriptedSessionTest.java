package io.firefly.voip.agent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.firefly.voip.agent.simulator.sound.Voice.Encoding;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a script makes of a session, on a clock that only moves when told to; the SDK judges every frame. */
class ScriptedSessionTest {
    private static final String PHONE =
            ",'tools':[{'type':'function','name':'transfer','parameters':{'type':'object','properties':{'target':"
                    + "{'type':'string','enum':['sales']}}}}]";

    @Test
    void theScriptsWordsAreSaidAndHeard() {
        SessionRig rig = onThePhone("""
                steps:
                  - {when: opening, say: Good morning. This is a test.}
                  - {heard: I want to talk to sales, say: [done, And one more thing.], call: transfer}
                  - {when: tool, contains: busy, say: They are busy.}
                  - {when: tool, say: You are connected.}
                """);
        rig.send("{'type':'response.create'}");
        rig.pass(10_000);
        assertThat(said(rig)).containsExactly("Good morning. This is a test.");
        assertThat(rig.audioBytes() / 8).as("about 14 letters in a second").isBetween(1_500, 2_500);

        rig.frames.clear();
        rig.callerSays(Encoding.PCMU, "answer-3");
        rig.pass(15_000);
        assertThat(rig.only("conversation.item.input_audio_transcription.completed")
                        .path("transcript")
                        .asText())
                .isEqualTo("I want to talk to sales");
        assertThat(said(rig)).hasSize(2).last().isEqualTo("And one more thing.");
        JsonNode call = rig.only("response.function_call_arguments.done");
        assertThat(call.path("output_index").asInt()).isEqualTo(2);
        assertThat(call.path("arguments").asText())
                .as("made up from the schema")
                .isEqualTo("{\"target\":\"sales\"}");
        assertThat(rig.only("response.done").at("/response/output")).hasSize(3);

        String callId = call.path("call_id").asText();
        rig.frames.clear();
        rig.send("{'type':'conversation.item.create','item':{'type':'function_call_output','call_id':'" + callId
                + "','output':'connected'}}");
        rig.send("{'type':'response.create'}");
        rig.pass(5_000);
        assertThat(said(rig)).containsExactly("You are connected.");
    }

    @Test
    void severalToolsAreCalledInOneResponse() {
        SessionRig rig =
                onThePhone("steps: [{call: [{tool: transfer}, {tool: other, arguments: {a: 1}}], tool-delay: 3s}]");
        rig.send("{'type':'response.create'}");
        rig.pass(3_100);
        assertThat(rig.all("response.function_call_arguments.done")).isEmpty();
        rig.pass(10_000);
        assertThat(rig.all("response.function_call_arguments.done"))
                .extracting(call -> call.path("name").asText())
                .containsExactly("transfer", "other");
    }

    @Test
    void theTranscriptMayComeLateOrNotAtAll() {
        SessionRig rig = onThePhone("""
                steps:
                  - {heard: first, heard-after: response, say: done}
                  - {heard-fails: true, when: turn, say: done}
                """);
        rig.callerSays(Encoding.PCMU, "answer-3");
        rig.pass(10_000);
        List<String> types = rig.types();
        assertThat(types.indexOf("conversation.item.input_audio_transcription.completed"))
                .isGreaterThan(types.indexOf("response.done"));
        rig.callerSays(Encoding.PCMU, "answer-3");
        rig.pass(10_000);
        assertThat(rig.only("conversation.item.input_audio_transcription.failed")
                        .at("/error/message")
                        .asText())
                .isNotBlank();
    }

    @Test
    void anUnfinishedSentenceMakesSemanticDetectionWait() {
        SessionRig rig = SessionRig.playing(
                        "steps: [{when: turn, unfinished: true, say: done}, {when: turn, say: done}]")
                .onThePhone(Encoding.PCMU, "");
        rig.send("{'type':'session.update','session':{'type':'realtime','audio':{'input':{'turn_detection':"
                + "{'type':'semantic_vad','eagerness':'high'}}}}}");
        rig.callerSays(Encoding.PCMU, "done");
        assertThat(rig.all("input_audio_buffer.speech_started")).hasSize(1);
        assertThat(rig.all("input_audio_buffer.speech_stopped"))
                .as("700 ms are over")
                .isEmpty();
        rig.hear(Encoding.PCMU, new short[8 * 2_000]);
        assertThat(rig.all("input_audio_buffer.speech_stopped")).hasSize(1);
        rig.pass(10_000);
        rig.callerSays(Encoding.PCMU, "done");
        assertThat(rig.all("input_audio_buffer.speech_stopped"))
                .as("the next one is finished")
                .hasSize(2);
    }

    @Test
    void someDeltasStillComeAfterABargeIn() {
        SessionRig rig = onThePhone("steps: [{say: answer-1, late-deltas: 3}]");
        rig.send("{'type':'response.create'}");
        rig.pass(500);
        rig.frames.clear();
        rig.callerSays(Encoding.PCMU, "answer-3");
        List<String> types = rig.types();
        int started = types.indexOf("input_audio_buffer.speech_started");
        assertThat(types.subList(started, types.indexOf("response.output_audio.done")))
                .filteredOn("response.output_audio.delta"::equals)
                .hasSize(3);
        assertThat(rig.only("response.done")
                        .at("/response/status_details/reason")
                        .asText())
                .isEqualTo("turn_detected");
    }

    @Test
    void anEmptyBudgetFailsTheNextResponse() {
        SessionRig rig = onThePhone("tokens-per-minute: 100");
        rig.send("{'type':'response.create'}");
        rig.pass(10_000);
        assertThat(rig.only("rate_limits.updated")
                        .at("/rate_limits/0/remaining")
                        .asInt())
                .isZero();
        rig.frames.clear();
        rig.send("{'type':'response.create'}");
        assertThat(rig.milestones()).as("ten seconds refilled a bit").doesNotContain("response.done");
        rig.pass(400);
        rig.send("{'type':'response.cancel'}");
        rig.frames.clear();
        rig.send("{'type':'response.create'}");
        assertThat(rig.only("response.done").at("/response/status").asText()).isEqualTo("failed");
        assertThat(rig.only("response.done")
                        .at("/response/status_details/error/code")
                        .asText())
                .isEqualTo("rate_limit_exceeded");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {at: response, close: 1011, reason: oops} | 1011
        {at: audio, after: 600ms, close: 1006}    | 1006
        {at: response, after: 1s, close: 4000}    | 4000
        {at: done, close: 1012}                   | 1012
        {at: audio, expire: true}                 | 1001
        """)
    void theConnectionEndsWhereTheScriptWantsIt(String fault, int code) {
        SessionRig rig = onThePhone("steps: [{say: answer-1, faults: [" + fault + "]}]");
        rig.send("{'type':'response.create'}");
        rig.pass(20_000);
        assertThat(rig.closeCode).isEqualTo(code);
        assertThat(rig.all("response.done")).isEmpty();
        if (fault.contains("600ms")) assertThat(rig.audioBytes() / 8).isEqualTo(600);
        if (fault.contains("expire"))
            assertThat(rig.error().path("code").asText()).isEqualTo("session_expired");
    }

    @Test
    void aResponseFailsBeforeItsFirstSoundOrInItsMiddle() {
        SessionRig rig = onThePhone("""
                steps:
                  - {say: answer-1, faults: [{fail: insufficient_quota, message: You exceeded your quota.}]}
                  - {say: answer-1, faults: [{at: audio, after: 400ms, fail: server_error}]}
                """);
        rig.send("{'type':'response.create'}");
        rig.pass(5_000);
        JsonNode response = rig.only("response.done").path("response");
        assertThat(response.path("status").asText()).isEqualTo("failed");
        assertThat(response.at("/status_details/error/code").asText()).isEqualTo("insufficient_quota");
        assertThat(response.at("/status_details/error/message").asText()).isEqualTo("You exceeded your quota.");
        assertThat(response.at("/usage/total_tokens").asInt()).isZero();
        assertThat(rig.audioBytes()).isZero();
        rig.frames.clear();
        rig.send("{'type':'response.create'}");
        rig.pass(5_000);
        assertThat(rig.audioBytes() / 8).isEqualTo(400);
        assertThat(rig.only("response.done")
                        .at("/response/status_details/error/type")
                        .asText())
                .isEqualTo("server_error");
        assertThat(rig.closeCode).isZero();
    }

    @Test
    void aStallHoldsEverythingBackInOrder() {
        SessionRig rig = onThePhone("steps: [{say: answer-1, faults: [{at: audio, after: 400ms, stall: 5s}]}]");
        rig.send("{'type':'response.create'}");
        rig.pass(4_000);
        assertThat(rig.audioBytes() / 8).isEqualTo(400);
        rig.pass(2_000);
        assertThat(rig.milestones()).endsWith("response.done", "rate_limits.updated");
        assertThat(rig.audioBytes() / 8).isGreaterThan(2_000);
    }

    @Test
    void eventsAreLostDoubledOrLate() {
        SessionRig rig = onThePhone("""
                steps:
                  - {say: done, faults: [{drop: response.done}]}
                  - {say: done, faults: [{repeat: response.output_audio.done}]}
                  - {say: done, faults: [{hold: response.output_item.added, for: 900ms}, {error: server_error}]}
                """);
        rig.send("{'type':'response.create'}");
        rig.pass(10_000);
        assertThat(rig.all("response.done")).isEmpty();
        rig.send("{'type':'response.create'}");
        rig.pass(10_000);
        assertThat(rig.all("response.output_audio.done")).hasSize(3);
        rig.frames.clear();
        rig.send("{'type':'response.create'}");
        rig.pass(10_000);
        assertThat(rig.only("error").at("/error/type").asText()).isEqualTo("server_error");
        assertThat(rig.types().indexOf("response.output_item.added"))
                .isGreaterThan(rig.types().indexOf("response.output_audio.delta"));
    }

    @Test
    void strangeThingsAreSaid() {
        SessionRig rig = SessionRig.playing("""
                extra-fields: true
                ping-interval: 5s
                created-after: 700ms
                faults:
                  - {after: 1s, send: {type: response.telepathy.delta, thought: 1}}
                  - {after: 1s, send: 'this is no JSON'}
                  - {after: 2s, oversize: 300000}
                  - {after: 3s, deaf: 2s}
                """);
        rig.strict = false;
        assertThat(rig.frames).isEmpty();
        rig.pass(700);
        assertThat(rig.last().path("type").asText()).isEqualTo("session.created");
        assertThat(rig.last().has("simulator_future_field")).isTrue();
        rig.pass(1_000);
        assertThat(rig.strange).containsExactly("this is no JSON");
        assertThat(rig.last().path("type").asText()).isEqualTo("response.telepathy.delta");
        rig.pass(1_000);
        assertThat(rig.last().path("padding").asText()).hasSize(300_000);
        rig.pass(1_000);
        assertThat(rig.reads).isFalse();
        rig.pass(2_000);
        assertThat(rig.reads).isTrue();
        assertThat(rig.pings).isEqualTo(1);
    }

    @Test
    void whatComesAfterTheScriptIsItsChoice() {
        SessionRig repeat = onThePhone("{afterwards: repeat, steps: [{say: Ding.}]}");
        for (int i = 0; i < 3; i++) {
            repeat.send("{'type':'response.create'}");
            repeat.pass(5_000);
        }
        assertThat(said(repeat)).containsExactly("Ding.", "Ding.", "Ding.");
        SessionRig silence = onThePhone("{afterwards: silence, steps: [{say: Ding.}]}");
        silence.send("{'type':'response.create'}");
        silence.pass(5_000);
        silence.frames.clear();
        silence.send("{'type':'response.create'}");
        silence.pass(600_000);
        assertThat(silence.types()).containsExactly("response.created");
    }

    @Test
    void tenMinutesOfTalkPassInAMoment() {
        SessionRig rig = onThePhone("{afterwards: repeat, steps: [{heard: and again, say: answer-2}]}");
        long began = System.nanoTime();
        while (rig.nowMillis() < 600_000) {
            rig.callerSays(Encoding.PCMU, "answer-3");
            rig.pass(10_000);
        }
        assertThat(rig.all("response.done")).hasSize(60);
        System.out.println("ten minutes of talk took " + (System.nanoTime() - began) / 1_000_000 + " ms");
    }

    @Test
    void theLogTellsWhatHappened() {
        SessionRig rig = onThePhone("steps: [{say: done, faults: [{error: server_error}]}]");
        rig.send("{'type':'response.create'}");
        rig.send("{'type':'response.create'}");
        rig.pass(5_000);
        rig.hear(Encoding.PCMU, new short[8 * 1_000]);
        rig.pass(1_000);
        rig.hear(Encoding.PCMU, new short[8 * 20]);
        rig.send("{'type':'conversation.item.truncate','item_id':'x','content_index':0,'audio_end_ms':1}");
        assertThat(rig.session.log().counters())
                .containsEntry("in input_audio_buffer.append", 51L)
                .containsEntry("refused response.create", 1L)
                .containsEntry("refused conversation.item.truncate", 1L)
                .containsEntry("fault error server_error", 1L)
                .containsEntry("out response.done", 1L);
        assertThat(rig.session.log().entries())
                .filteredOn(entry -> entry.type().endsWith(".append"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.count()).isEqualTo(51));
    }

    private static SessionRig onThePhone(String script) {
        SessionRig rig = SessionRig.playing(script);
        rig.send("{'type':'session.update','session':{'type':'realtime','audio':{'input':{'transcription':"
                + "{'model':'gpt-transcribe'}}}}}");
        return rig.onThePhone(Encoding.PCMU, PHONE);
    }

    private static List<String> said(SessionRig rig) {
        return rig.all("response.output_audio_transcript.done").stream()
                .map(done -> done.path("transcript").asText())
                .toList();
    }

    @Test
    void whatIsWantedBesideTheConversationHasStepsOfItsOwn() {
        SessionRig rig = SessionRig.playing("""
                steps:
                  - {say: greeting}
                  - {when: out-of-band, say: All of it., faults: [{fail: server_error}]}
                  - {when: out-of-band, say: All of it.}
                """);
        String beside = "{'type':'response.create','response':{'conversation':'none','output_modalities':['text']}}";
        rig.send("{'type':'response.create'}");
        rig.send(beside);
        rig.pass(20_000);
        rig.send(beside);
        rig.pass(10_000);

        List<JsonNode> done = rig.all("response.done");
        assertThat(done).hasSize(3);
        assertThat(done.get(0).at("/response/status").asText())
                .as("the fault is of the one beside")
                .isEqualTo("failed");
        assertThat(done.get(1).at("/response/status").asText()).isEqualTo("completed");
        assertThat(done.get(2).at("/response/output/0/content/0/text").asText()).isEqualTo("All of it.");
    }
}

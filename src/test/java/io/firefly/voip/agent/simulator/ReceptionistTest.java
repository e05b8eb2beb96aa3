package io.firefly.voip.agent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.firefly.voip.agent.simulator.sound.Voice.Encoding;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the simulated agent calls a tool, and how it says goodbye. */
class ReceptionistTest {
    private static final String HANG_UP =
            ",'tools':[{'type':'function','name':'hang_up','parameters':{'type':'object','properties':"
                    + "{'reason':{'type':'string'}}}},{'type':'function','name':'check_order','parameters':"
                    + "{'type':'object','properties':{'number':{'type':'integer'}}}}]";
    private SessionRig rig = SessionRig.opened();

    @Test
    void atTheThirdTurnTheAgentHangsUpAndSaysGoodbye() {
        rig.onThePhone(Encoding.PCMA, HANG_UP);
        rig.send("{'type':'response.create'}");
        rig.pass(10_000);
        for (int i = 0; i < 3; i++) {
            rig.callerSays(Encoding.PCMA, "answer-4");
            rig.pass(10_000);
        }
        JsonNode arguments = rig.only("response.function_call_arguments.done");
        assertThat(arguments.path("name").asText()).isEqualTo("hang_up");
        assertThat(arguments.path("arguments").asText()).contains("\"reason\":");
        JsonNode item = rig.all("response.done").get(3).at("/response/output/0");
        assertThat(item.path("type").asText()).isEqualTo("function_call");
        assertThat(item.path("status").asText()).isEqualTo("completed");
        answer(item.path("call_id").asText(), "{}");
        rig.pass(10_000);
        assertThat(lastSaid()).isEqualTo("Thank you for calling. Goodbye!");
    }

    @Test
    void theGoodbyeMayComeBeforeTheHangUp() {
        rig = SessionRig.opened(1, true).onThePhone(Encoding.PCMU, HANG_UP);
        rig.callerSays(Encoding.PCMU, "answer-4");
        rig.pass(10_000);
        JsonNode output = rig.only("response.done").at("/response/output");
        assertThat(output).extracting(item -> item.path("type").asText()).containsExactly("message", "function_call");
        assertThat(rig.all("response.output_item.added"))
                .extracting(added -> added.path("output_index").asInt())
                .containsExactly(0, 1);
    }

    @Test
    void withoutTheToolTheAgentTalksOn() {
        rig.onThePhone(Encoding.PCMU, "");
        for (int i = 0; i < 4; i++) {
            rig.callerSays(Encoding.PCMU, "answer-4");
            rig.pass(10_000);
        }
        assertThat(rig.all("response.output_audio.done")).hasSize(4);
        assertThat(rig.all("response.function_call_arguments.done")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        please check_order                 | check_order | {"number":1}
        please check_order {'number':7}    | check_order | {"number":7}
        please hang up                     | hang_up     | {"reason":"the caller has no more questions"}
        """)
    void textThatNamesAToolCallsIt(String text, String tool, String arguments) {
        rig.onThePhone(Encoding.PCMU, HANG_UP);
        rig.send("{'type':'conversation.item.create','item':{'type':'message','role':'user','content':"
                + "[{'type':'input_text','text':'" + text.replace("'", "\\\"") + "'}]}}");
        rig.send("{'type':'response.create'}");
        rig.pass(10_000);
        JsonNode done = rig.only("response.function_call_arguments.done");
        assertThat(done.path("name").asText()).isEqualTo(tool);
        assertThat(done.path("arguments").asText()).isEqualTo(arguments);
    }

    @ParameterizedTest
    @CsvSource({"all good,'Thank you, that is done.'", "error 7,I am afraid that did not work."})
    void aToolsAnswerIsSpokenAbout(String answer, String said) {
        rig.onThePhone(Encoding.PCMU, HANG_UP);
        rig.send("{'type':'response.create','response':{'tool_choice':{'type':'function','name':'check_order'}}}");
        rig.pass(1_000);
        answer(rig.only("response.function_call_arguments.done").path("call_id").asText(), answer);
        rig.pass(10_000);
        assertThat(lastSaid()).isEqualTo(said);
    }

    @Test
    void instructionsCanAskForTheGoodbye() {
        rig.onThePhone(Encoding.PCMU, HANG_UP);
        rig.send("{'type':'response.create','response':{'instructions':'Say one short goodbye.','tool_choice':'none',"
                + "'metadata':{'purpose':'goodbye'}}}");
        rig.pass(10_000);
        assertThat(lastSaid()).isEqualTo("Thank you for calling. Goodbye!");
        assertThat(rig.only("response.done").at("/response/metadata/purpose").asText())
                .isEqualTo("goodbye");
    }

    @Test
    void whatTheSessionSaysAboutGoodbyesIsNoGoodbye() {
        String manual = "Be brief. Call hang_up when the caller says goodbye.";
        rig.onThePhone(Encoding.PCMU, ",'instructions':'" + manual + "'");
        rig.send("{'type':'response.create','response':{'instructions':'" + manual + " Now: greet the caller.'}}");
        rig.pass(10_000);
        assertThat(lastSaid()).startsWith("Hello");
        rig.send("{'type':'response.create','response':{'instructions':'" + manual + " Now: say goodbye.'}}");
        rig.pass(10_000);
        assertThat(lastSaid()).isEqualTo("Thank you for calling. Goodbye!");
    }

    private void answer(String callId, String output) {
        rig.send("{'type':'conversation.item.create','item':{'type':'function_call_output','call_id':'" + callId
                + "','output':'" + output + "'}}");
        rig.send("{'type':'response.create'}");
    }

    private String lastSaid() {
        List<JsonNode> said = rig.all("response.output_audio_transcript.done");
        return said.get(said.size() - 1).path("transcript").asText();
    }
}

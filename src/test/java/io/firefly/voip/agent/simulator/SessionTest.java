package io.firefly.voip.agent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.ThreadMXBean;
import io.firefly.voip.agent.simulator.sound.Voice.Encoding;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a session starts with and what can be changed of it. */
class SessionTest {
    private final SessionRig rig = SessionRig.opened();

    @Test
    void aSessionStartsWithTheDefaultsOfTheRealServer() {
        JsonNode session = rig.only("session.created").path("session");
        assertThat(session.path("id").asText()).matches("sess_[A-Za-z0-9_-]{21}");
        assertThat(session.path("object").asText()).isEqualTo("realtime.session");
        assertThat(session.path("model").asText()).isEqualTo("gpt-realtime-2.1");
        assertThat(session.path("expires_at").asLong()).isEqualTo(2_000_000_000);
        assertThat(session.at("/audio/input/format")).hasToString("{\"type\":\"audio/pcm\",\"rate\":24000}");
        assertThat(session.at("/audio/input/turn_detection/silence_duration_ms").asInt())
                .isEqualTo(200);
        assertThat(session.at("/audio/input/turn_detection/idle_timeout_ms").isNull())
                .isTrue();
        assertThat(session.path("max_output_tokens").asText()).isEqualTo("inf");
        assertThat(rig.last().path("event_id").asText()).matches("event_[A-Za-z0-9_-]{21}");
    }

    @Test
    void anUpdateIsMergedFieldByField() {
        update(
                "'instructions':'Be brief.','tools':[{'type':'function','name':'hang_up','parameters':{'type':'object'}}]");
        update("'audio':{'input':{'turn_detection':{'type':'server_vad','threshold':0.7}}}");
        update("'audio':{'input':{'transcription':{'model':'gpt-transcribe','language':'de'}}}");
        update("'audio':{'input':{'transcription':{'model':'gpt-transcribe','prompt':'names'}}}");
        JsonNode session = rig.last().path("session");
        assertThat(session.path("instructions").asText()).isEqualTo("Be brief.");
        assertThat(session.at("/audio/input/turn_detection/threshold").asDouble())
                .isEqualTo(0.7);
        assertThat(session.at("/audio/input/turn_detection/prefix_padding_ms").asInt())
                .isEqualTo(300);
        assertThat(session.at("/audio/input/transcription/language").asText()).isEqualTo("de");
        assertThat(session.at("/tools/0/name").asText()).isEqualTo("hang_up");
    }

    @Test
    void nullAndEmptyValuesClear() {
        update("'instructions':'Be brief.','tools':[{'type':'function','name':'a'}],"
                + "'audio':{'input':{'noise_reduction':{'type':'near_field'},'transcription':{'model':'whisper-1'}}}");
        update("'instructions':'','tools':[],"
                + "'audio':{'input':{'noise_reduction':null,'transcription':null,'turn_detection':null}}");
        JsonNode session = rig.last().path("session");
        assertThat(session.path("instructions").asText()).isEmpty();
        assertThat(session.path("tools")).isEmpty();
        for (String field : List.of("noise_reduction", "transcription", "turn_detection")) {
            assertThat(session.at("/audio/input/" + field).isNull()).as(field).isTrue();
        }
    }

    @Test
    void anotherKindOfTurnDetectionBringsItsOwnDefaults() {
        update("'audio':{'input':{'turn_detection':{'type':'semantic_vad'}}}");
        assertThat(rig.last().at("/session/audio/input/turn_detection"))
                .hasToString("{\"type\":\"semantic_vad\",\"eagerness\":\"auto\","
                        + "\"create_response\":true,\"interrupt_response\":true}");
    }

    @Test
    void anotherModelIsIgnored() {
        update("'model':'gpt-realtime-mini'");
        assertThat(rig.last().at("/session/model").asText()).isEqualTo("gpt-realtime-2.1");
    }

    @Test
    void everyFieldOfTheTelephoneExampleIsTaken() {
        update("'output_modalities':['audio'],'instructions':'You answer the phone.',"
                + "'audio':{'input':{'format':{'type':'audio/pcma'},'noise_reduction':{'type':'near_field'},"
                + "'transcription':{'model':'gpt-transcribe','language':'de'},"
                + "'turn_detection':{'type':'server_vad','threshold':0.6,'prefix_padding_ms':300,"
                + "'silence_duration_ms':550,'idle_timeout_ms':12000,'create_response':true,'interrupt_response':true}},"
                + "'output':{'format':{'type':'audio/pcma'},'voice':'marin','speed':1.0}},"
                + "'reasoning':{'effort':'low'},'parallel_tool_calls':true,'max_output_tokens':4096,'tracing':null,"
                + "'tools':[{'type':'function','name':'end_call','description':'End the call.',"
                + "'parameters':{'type':'object','properties':{'reason':{'type':'string'}},'required':['reason']}}],"
                + "'tool_choice':'auto','truncation':{'type':'retention_ratio','retention_ratio':0.8}");
        assertThat(rig.last().path("type").asText()).isEqualTo("session.updated");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        'instructions':'x'                                                | missing_required_parameter | session.type
        'type':'realtime','foo':1                                         | unknown_parameter | session.foo
        'type':'realtime','input_audio_format':'g711_ulaw'                | unknown_parameter | session.input_audio_format
        'type':'realtime','audio':{'input':{'formt':{}}}                  | unknown_parameter | session.audio.input.formt
        'type':'realtime','audio':{'input':{'turn_detection':{'type':'server_vad','treshold':1}}} \
          | unknown_parameter | session.audio.input.turn_detection.treshold
        'type':'realtime','audio':{'input':{'turn_detection':{'type':'semantic_vad','threshold':1}}} \
          | unknown_parameter | session.audio.input.turn_detection.threshold
        'type':'realtime','audio':{'output':{'format':{'type':'audio/pcm'}}} \
          | missing_required_parameter | session.audio.output.format.rate
        'type':'realtime','audio':{'output':{'format':{'type':'g711_ulaw'}}} | invalid_value | session.audio.output.format.type
        'type':'realtime','audio':{'output':{'format':{'type':'audio/pcmu','rate':8000}}} \
          | unknown_parameter | session.audio.output.format.rate
        'type':'realtime','audio':{'output':{'speed':1.6}}                | decimal_above_max_value | session.audio.output.speed
        'type':'realtime','audio':{'input':{'turn_detection':{'type':'server_vad','threshold':-0.1}}} \
          | decimal_below_min_value | session.audio.input.turn_detection.threshold
        'type':'realtime','output_modalities':['audio','text']            | invalid_value | session.output_modalities
        'type':'realtime','instructions':7                                | invalid_type | session.instructions
        'type':'realtime','tool_choice':'maybe'                           | invalid_value | session.tool_choice
        'type':'realtime','tools':[{'type':'function','function':{}}]     | missing_required_parameter | session.tools[0].name
        'type':'realtime','max_output_tokens':0                           | decimal_below_min_value | session.max_output_tokens
        'type':'transcription'                                            | invalid_value | session.type
        """)
    void aWrongUpdateNamesThePlaceAndChangesNothing(String session, String code, String param) {
        rig.send("{'type':'session.update','event_id':'c-1','session':{" + session + "}}");
        assertThat(rig.error().path("code").asText()).isEqualTo(code);
        assertThat(rig.error().path("param").asText()).isEqualTo(param);
        assertThat(rig.error().path("event_id").asText()).isEqualTo("c-1");
        update("'output_modalities':['audio']");
        JsonNode now = rig.last().path("session");
        assertThat(now).isEqualTo(rig.frames.get(0).path("session"));
        assertThat(rig.closeCode).isZero();
    }

    @Test
    void aBetaSessionIsTheEnd() {
        rig.send("{'type':'session.update','session':{'modalities':['text','audio'],'voice':'alloy'}}");
        assertThat(rig.error().path("code").asText()).isEqualTo("beta_api_shape_disabled");
        assertThat(rig.closeCode).isEqualTo(4000);
        assertThat(rig.closeReason).isEqualTo("invalid_request_error.beta_api_shape_disabled");
        int frames = rig.frames.size();
        rig.send("{'type':'response.create'}");
        assertThat(rig.frames).hasSize(frames);
    }

    @Test
    void theVoiceIsSettledOnceItIsHeard() {
        update("'audio':{'output':{'voice':'cedar'}}");
        rig.send("{'type':'response.create'}");
        rig.pass(10_000);
        rig.send("{'type':'session.update','session':{'type':'realtime','audio':{'output':{'voice':'marin'}}}}");
        assertThat(rig.error().path("code").asText()).isEqualTo("cannot_update_voice");
        update("'audio':{'output':{'voice':'cedar'}}");
        assertThat(rig.last().path("type").asText()).isEqualTo("session.updated");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        {                                                       | invalid_event
        []                                                      | invalid_event
        {'event_id':'a'}                                        | invalid_event
        {'type':'session.foo'}                                  | invalid_value
        {'type':'session.update'}                               | missing_required_parameter
        {'type':'session.update','session':7}                   | invalid_type
        {'type':'input_audio_buffer.append'}                    | missing_required_parameter
        {'type':'input_audio_buffer.append','audio':7}          | invalid_type
        {'type':'input_audio_buffer.append','audio':'%%%%'}     | invalid_value
        {'type':'input_audio_buffer.append','audio':'AAA='}     | ok
        {'type':'input_audio_buffer.append','audio':'AA=='}     | invalid_value
        {'type':'input_audio_buffer.append','audio':'AAA=','x':1} | unknown_parameter
        {'type':'input_audio_buffer.commit'}                    | input_audio_buffer_commit_empty
        {'type':'output_audio_buffer.clear'}                    | invalid_value
        {'type':'response.cancel'}                              | response_cancel_not_active
        {'type':'response.create','response':{'voice':'a'}}     | unknown_parameter
        {'type':'conversation.item.delete','item_id':'item_x'}  | item_delete_invalid_item_id
        {'type':'conversation.item.retrieve','item_id':'item_x'} | item_retrieve_invalid_item_id
        {'type':'conversation.item.truncate','item_id':'item_x','content_index':0,'audio_end_ms':1} \
          | item_truncate_invalid_item_id
        {'type':'conversation.item.truncate','item_id':'item_x','audio_end_ms':1}   | missing_required_parameter
        {'type':'conversation.item.truncate','item_id':'i','content_index':0,'audio_end_ms':1.5} | invalid_type
        """)
    void aWrongEventIsAnsweredAndTheSessionGoesOn(String event, String code) {
        rig.send(event);
        if (code.equals("ok")) {
            assertThat(rig.frames).hasSize(1);
        } else {
            assertThat(rig.error().path("code").asText()).isEqualTo(code);
        }
        update("'instructions':'still here'");
        assertThat(rig.last().path("type").asText()).isEqualTo("session.updated");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        {'type':'function_call_output','call_id':'call_x','output':'{}'}     | invalid_tool_call_id
        {'type':'function_call_output','call_id':'a/b','output':'{}'}        | invalid_value
        {'type':'message','role':'assistant','content':[{'type':'output_audio','audio':''}]} | invalid_value
        {'type':'message','role':'robot','content':[]}                       | invalid_value
        {'type':'message','role':'user'}                                     | missing_required_parameter
        {'type':'message','role':'user','content':[{'type':'input_text'}]}   | missing_required_parameter
        {'role':'user'}                                                      | missing_required_parameter
        {'type':'message','role':'user','content':[],'foo':1}                | unknown_parameter
        {'type':'message','role':'user','content':[7]}                       | missing_required_parameter
        {'type':'message','role':'user','content':[],'id':7}                 | invalid_type
        {'type':'message','role':'user','content':[],'status':'new'}         | invalid_value
        {'type':'mcp_call'}                                                  | invalid_value
        """)
    void aWrongItemIsRefused(String item, String code) {
        rig.send("{'type':'conversation.item.create','event_id':'c-9','item':" + item + "}");
        assertThat(rig.error().path("code").asText()).isEqualTo(code);
        assertThat(rig.error().path("event_id").asText()).isEqualTo("c-9");
    }

    @Test
    void itemsKeepTheirOrder() {
        item("a", "");
        item("b", ",'previous_item_id':'root'");
        item("c", ",'previous_item_id':'b'");
        assertThat(rig.all("conversation.item.added"))
                .extracting(frame -> frame.path("previous_item_id").asText())
                .containsExactly("null", "null", "b");
        item("d", ",'previous_item_id':'nobody'");
        assertThat(rig.error().path("code").asText()).isEqualTo("item_create_invalid_previous_item_id");
        item("a", "");
        assertThat(rig.error().path("code").asText()).isEqualTo("item_create_duplicate_id");
        rig.send("{'type':'conversation.item.delete','item_id':'b'}");
        assertThat(rig.last().path("type").asText()).isEqualTo("conversation.item.deleted");
        rig.send("{'type':'conversation.item.retrieve','item_id':'b'}");
        assertThat(rig.error().path("code").asText()).isEqualTo("item_retrieve_invalid_item_id");
    }

    @Test
    void theSameSeedGivesTheSameIds() {
        assertThat(SessionRig.opened().frames).isEqualTo(rig.frames);
    }

    @Test
    void afterItsTimeASessionExpires() {
        rig.session.expire();
        assertThat(rig.error().path("code").asText()).isEqualTo("session_expired");
        assertThat(rig.closeCode).isEqualTo(1001);
    }

    @Test
    void anAppendBuildsNoTree() {
        rig.onThePhone(Encoding.PCMU, "");
        byte[] silence = new byte[160];
        Arrays.fill(silence, (byte) 0xFF);
        String append = "{\"type\":\"input_audio_buffer.append\",\"audio\":\""
                + Base64.getEncoder().encodeToString(silence) + "\"}";
        for (int i = 0; i < 2_000; i++) rig.session.receive(append);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1_000; i++) rig.session.receive(append);
        long bytesPerAppend = (threads.getCurrentThreadAllocatedBytes() - before) / 1_000;
        assertThat(bytesPerAppend).isLessThan(2_500);
    }

    private void item(String id, String more) {
        rig.send("{'type':'conversation.item.create','item':{'id':'" + id
                + "','type':'message','role':'user','content':[{'type':'input_text','text':'hello'}]}" + more + "}");
    }

    private void update(String fields) {
        rig.send("{'type':'session.update','session':{'type':'realtime'," + fields + "}}");
    }
}

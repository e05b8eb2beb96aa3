package io.firefly.voip.agent.pipeline.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.pipeline.VoiceBackend.Answer;
import io.firefly.voip.call.CallId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What servers send that are not quite OpenAI. */
class ChatStreamTest {
    private final List<String> pieces = new ArrayList<>();

    /** @param text JSON with single quotes */
    private Answer read(String text) throws IOException {
        byte[] body = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return new ChatStream(new ObjectMapper(), new CallId("c"), pieces::add).read(new ByteArrayInputStream(body));
    }

    @Test
    void aServerThatCannotStreamSendsTheWhole() throws IOException {
        Answer answer = read("""
                {'choices':[{'message':{'content':'Hello.','tool_calls':[
                 {'function':{'name':'hang_up','arguments':{'reason':'done'}}}]}}],
                 'usage':{'prompt_tokens':5,'completion_tokens':6}}""");

        assertThat(answer.text()).isEqualTo("Hello.");
        assertThat(pieces).containsExactly("Hello.");
        assertThat(answer.calls())
                .extracting(ToolCall::toolCallId, ToolCall::name, ToolCall::argumentsJson)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("call_0", "hang_up", "{\"reason\":\"done\"}"));
        assertThat(answer.usage().outputTokens()).isEqualTo(6);
    }

    @Test
    void commentsEmptyLinesAndOtherEventsArePassedOver() throws IOException {
        assertThat(read("""
                        : ping

                        event: chunk
                        data: {'choices':[{'delta':{'role':'assistant','content':null}}]}

                        data:{'choices':[{'delta':{'content':'Hi'}}]}
                        data: {'choices':[],'usage':null}
                        data: [DONE]
                        data: {'choices':[{'delta':{'content':'never'}}]}
                        """).text()).isEqualTo("Hi");
    }

    @Test
    void severalToolsAreKeptApart() throws IOException {
        assertThat(read("""
                        data: {'choices':[{'delta':{'tool_calls':[{'index':0,'id':'a','function':{'name':'x','arguments':'{'}}]}}]}
                        data: {'choices':[{'delta':{'tool_calls':[{'index':1,'id':'b','function':{'name':'y','arguments':'{}'}}]}}]}
                        data: {'choices':[{'delta':{'tool_calls':[{'index':0,'id':null,'function':{'name':'','arguments':'}'}}]}}]}
                        """).calls())
                .extracting(ToolCall::name, ToolCall::argumentsJson)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("x", "{}"), org.assertj.core.groups.Tuple.tuple("y", "{}"));
    }

    @Test
    void anErrorInTheMiddleOfTheStreamIsAFailure() {
        assertThatThrownBy(() -> read("""
                data: {'choices':[{'delta':{'content':'Hi'}}]}
                data: {'error':{'message':'out of memory'}}
                """)).hasMessage("the model failed: out of memory");
    }

    @Test
    void nonsenseIsAFailureAndNoHang() {
        assertThatThrownBy(() -> read("<html>Bad Gateway</html>")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("data: {'choices':")).isInstanceOf(IOException.class);
    }

    @Test
    void whatHasNoEndIsCut() {
        String longLine = "data: {'choices':[{'delta':{'content':'" + "x".repeat(1 << 20) + "'}}]}";
        assertThatThrownBy(() -> read(longLine)).hasMessageContaining("longer than");
        StringBuilder calls = new StringBuilder();
        for (int i = 0; i < 20; i++)
            calls.append("data: {'choices':[{'delta':{'tool_calls':[{'index':" + i + ",'id':'a'}]}}]}\n");
        assertThatThrownBy(() -> read(calls.toString())).hasMessageContaining("more than 16 tools");
    }

    @Test
    void anAnswerOfNothingIsEmpty() throws IOException {
        assertThat(read("data: [DONE]\n").text()).isEmpty();
    }
}

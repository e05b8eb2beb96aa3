package io.firefly.voip.agent.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.pipeline.VoiceBackend.Message;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties.Remember;
import io.firefly.voip.call.CallId;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final ToolCall TIME = new ToolCall(new CallId("c"), "c1", "get_time", "{}");

    private static List<String> texts(History history) {
        return history.messages().stream().map(Message::text).toList();
    }

    @Test
    void theOldestTurnsAreForgottenWithAllThatBelongsToThem() {
        History history = new History("be nice", new Remember(2, 10_000));
        history.agent("greeting", List.of());
        history.caller("first");
        history.agent("", List.of(TIME));
        history.tool("c1", "nine");
        history.agent("it is nine", List.of());
        history.caller("second");
        history.agent("yes", List.of());
        assertThat(texts(history))
                .containsExactly("be nice", "greeting", "first", "", "nine", "it is nine", "second", "yes");

        history.caller("third");

        assertThat(texts(history))
                .as("no answer of a tool without its question")
                .containsExactly("be nice", "second", "yes", "third");
        assertThat(history.forgottenTurns()).isEqualTo(2);
    }

    @Test
    void charactersAreBoundedTooButNeverTheLastTurn() {
        History history = new History("be nice", new Remember(100, 500));
        for (int i = 0; i < 50; i++) {
            history.caller("words " + i + " ".repeat(100));
            history.agent("answer", List.of());
        }
        assertThat(texts(history)).hasSizeLessThan(12).last().isEqualTo("answer");

        history.caller("x".repeat(2_000));
        assertThat(texts(history)).containsExactly("be nice", "x".repeat(2_000));
    }

    @Test
    void whatWasNotHeardWasNeverSaidUnlessItCalledATool() {
        History history = new History("be nice", new Remember(10, 10_000));
        history.caller("hello");
        History.Entry unheard = history.agent("never heard", List.of());
        History.Entry half = history.agent("half of it was", List.of());
        History.Entry tool = history.agent("let me look", List.of(TIME));

        history.correct(unheard, "");
        history.correct(half, "half...");
        history.correct(tool, "");

        assertThat(texts(history)).containsExactly("be nice", "hello", "half...", "");
        assertThat(history.messages().get(3).calls()).containsExactly(TIME);
    }

    @Test
    void theModelIsToldWhoItIsAndWhatIsKnownOfTheCall() {
        Rig rig = Rig.greeted();
        rig.says("hello");

        assertThat(rig.told().get(0))
                .startsWith("SYSTEM: You are the reception.")
                .contains("caller number: +15550100")
                .contains("language: de");
    }
}

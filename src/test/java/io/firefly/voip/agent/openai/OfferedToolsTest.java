package io.firefly.voip.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.ToolDescription.Parameter;
import io.firefly.voip.agent.ToolDescription.Terms;
import io.firefly.voip.agent.Upstream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the model is offered, what changes of it during a call, and what is said while a tool runs. */
class OfferedToolsTest {
    private static final ToolDescription BOOK = new ToolDescription(
            "book",
            "Books.",
            Map.of("seats", new Parameter("integer", true, "how many", List.of(), 1.0, 8.0, null)),
            new Terms(Duration.ofSeconds(30), 0, 0, 0, false, null, null));

    private final Rig rig = new Rig().talking();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aChangeDuringTheCallIsToldByOneSessionUpdateWithNothingElseInIt() {
        rig.session.offer(List.of(BOOK));
        rig.drain();

        JsonNode session = rig.last("session.update").path("session");
        assertThat(session.fieldNames()).toIterable().containsExactlyInAnyOrder("type", "tools", "tool_choice");
        assertThat(session.path("tools")).hasSize(1);
        assertThat(session.at("/tools/0/parameters/properties/seats").toString())
                .isEqualTo("{\"type\":\"integer\",\"description\":\"how many\",\"minimum\":1.0,\"maximum\":8.0}");
        assertThat(session.at("/tools/0/parameters/required/0").asText()).isEqualTo("seats");

        rig.session.offer(List.of());
        rig.drain();
        assertThat(rig.last("session.update").at("/session/tools")).isEmpty();
        assertThat(rig.last("session.update").at("/session/tool_choice").asText())
                .isEqualTo("none");
    }

    @Test
    void aChangeBeforeTheProviderIsReadyIsToldWhenItIs() {
        Rig early = new Rig();
        early.session.offer(List.of(BOOK));
        early.drain();
        assertThat(early.sent("session.update")).isEmpty();

        early.ready();

        assertThat(early.last("session.update").at("/session/tools/0/name").asText())
                .isEqualTo("book");
        early.close();
    }

    @Test
    void aChangeWhileTheProviderLooksAtTheSettingsIsToldRightAfterThem() {
        Rig early = new Rig();
        early.open();
        early.server("{'type':'session.created','event_id':'e1','session':{'id':'sess_1'}}");
        early.session.offer(List.of(BOOK));
        early.drain();

        assertThat(early.sent("session.update")).hasSize(2);
        assertThat(early.last("session.update").at("/session/tools/0/name").asText())
                .isEqualTo("book");
        early.close();
    }

    @Test
    void aChangeWhileAnotherSessionWaitsForAPauseIsToldToThatOneToo() {
        Rig renewed = new Rig("session-limit", "1m", "caller-silence.after", "0s").talking();
        Upstream.Listener first = renewed.listener;
        renewed.advance(Duration.ofMinutes(1));
        Upstream.Listener second = renewed.listener;
        renewed.listener = first;
        renewed.speechStarted("item_u");
        renewed.listener = second;
        renewed.ready();
        assertThat(renewed.sent("session.update")).hasSize(1);

        renewed.session.offer(List.of(BOOK));
        renewed.drain();

        assertThat(renewed.sent("session.update")).as("one for each session").hasSize(3);
        assertThat(renewed.last("session.update").at("/session/tools/0/name").asText())
                .isEqualTo("book");
        renewed.close();
    }

    @Test
    void aToolWithItsOwnTimeIsWaitedForThatLong() {
        rig.session.offer(List.of(BOOK));
        rig.drain();
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "book", "{\"seats\":1}");
        rig.done("resp_1", "completed");

        rig.advance(Duration.ofSeconds(29));
        assertThat(rig.sent("conversation.item.create")).isEmpty();
        rig.advance(Duration.ofSeconds(4));
        assertThat(rig.last("conversation.item.create").at("/item/output").asText())
                .contains("timeout");
    }

    @Test
    void aFillerIsSpokenWhileTheToolRunsAndTheAnswerWaitsForItsEnd() {
        rig.responds("resp_1", "");
        rig.callsTool("resp_1", "call_a", "transfer", "{}");
        rig.done("resp_1", "completed");

        assertThat(rig.session.fill("One moment, please.")).isTrue();
        rig.drain();

        JsonNode filler = rig.last("response.create").path("response");
        assertThat(filler.path("instructions").asText()).endsWith("nothing else: One moment, please.");
        assertThat(filler.path("tool_choice").asText()).isEqualTo("none");
        rig.responds("resp_2", rig.lastId("response.create"));
        rig.toolAnswers.get(0).complete("{\"ok\":true}");
        rig.drain();
        assertThat(rig.sent("response.create")).as("one speaks at a time").hasSize(1);
        rig.says("resp_2", "item_2", 500);
        rig.finishes("resp_2", "item_2", "One moment, please.", "completed");
        assertThat(rig.sent("response.create")).hasSize(2);
        assertThat(rig.last("response.create").path("response").has("instructions"))
                .isFalse();
    }

    @Test
    void nobodyIsTalkedOverByAFiller() {
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 2_000);
        rig.callsTool("resp_1", "call_a", "transfer", "{}");
        rig.done("resp_1", "completed");
        rig.session.fill("One moment, please.");
        rig.drain();
        assertThat(rig.sent("response.create")).as("the agent is still heard").isEmpty();

        rig.mouth.play(2_000);
        rig.speechStarted("item_u");
        rig.session.fill("One moment, please.");
        rig.drain();
        assertThat(rig.sent("response.create")).as("the caller speaks").isEmpty();
    }
}

package io.firefly.voip.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BargeInTest {
    private final Rig rig = new Rig().talking();

    @AfterEach
    void close() {
        rig.close();
    }

    private void agentSays(int millis, int heardMillis) {
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", millis);
        rig.mouth.play(heardMillis);
    }

    @Test
    void silenceComesFirstAndTheServerCancelsByItself() {
        agentSays(3_000, 1_000);

        rig.speechStarted("item_u");

        assertThat(rig.mouth.queuedMillis()).isZero();
        assertThat(rig.mouth.interruptions).isEqualTo(1);
        assertThat(rig.sent("response.cancel")).isEmpty();
        JsonNode truncate = rig.last("conversation.item.truncate");
        assertThat(truncate.path("item_id").asText()).isEqualTo("item_1");
        assertThat(truncate.path("audio_end_ms").asInt()).isEqualTo(1_000);
    }

    @Test
    void anItemNobodyHeardIsTruncatedToNothing() {
        agentSays(3_000, 0);

        rig.speechStarted("item_u");

        assertThat(rig.last("conversation.item.truncate").path("audio_end_ms").asInt(-1))
                .isZero();
    }

    @Test
    void nearTheEndTheTruncationStaysBelowWhatWasReceived() {
        agentSays(1_000, 990);

        rig.speechStarted("item_u");

        assertThat(rig.last("conversation.item.truncate").path("audio_end_ms").asInt())
                .isEqualTo(900);
    }

    @Test
    void anItemThatIsCompleteAndNearlyAllHeardKeepsItsTranscript() {
        agentSays(2_000, 1_900);
        rig.finishes("resp_1", "item_1", "All of it.", "completed");

        rig.speechStarted("item_u");

        assertThat(rig.sent).isEmpty();
        assertThat(rig.words()).contains("AI: All of it.");
    }

    @Test
    void anItemWithoutSoundIsNeverTruncated() {
        rig.responds("resp_1", "");
        rig.server("{'type':'conversation.item.added','item':{'id':'item_1','type':'message','role':'assistant',"
                + "'content':[]}}");

        rig.speechStarted("item_u");

        assertThat(rig.sent).isEmpty();
    }

    @Test
    void eachItemOfAResponseIsTruncatedByItself() {
        agentSays(600, 0);
        rig.says("resp_1", "item_2", 2_000);
        rig.mouth.play(300);

        rig.speechStarted("item_u");

        assertThat(rig.sent("conversation.item.truncate"))
                .extracting(e -> e.path("item_id").asText() + " "
                        + e.path("audio_end_ms").asInt())
                .containsExactly("item_1 300", "item_2 0");
    }

    @Test
    void lateSoundOfAnInterruptedResponseIsDiscardedUntilTheNextOne() {
        agentSays(1_000, 500);
        rig.speechStarted("item_u");

        rig.delta("resp_1", "item_1", 400);
        rig.delta("resp_1", "item_late", 400);
        assertThat(rig.mouth.queuedMillis()).isZero();
        rig.done("resp_1", "cancelled");
        rig.speechStopped("item_u", "item_1");
        rig.responds("resp_2", "");
        rig.says("resp_2", "item_2", 300);

        assertThat(rig.mouth.queuedMillis()).isEqualTo(300);
        assertThat(rig.mouth.itemsDone).doesNotContain("item_1", "item_late");
    }

    @Test
    void aFinishedAnswerThatIsStillPlayedIsTruncatedAndTheNextTurnIsHeard() {
        agentSays(5_000, 1_000);
        rig.finishes("resp_1", "item_1", "a b c d e f g h i j", "completed");

        rig.speechStarted("item_u");
        rig.speechStopped("item_u", "item_1");
        rig.callerTranscript("item_u", "Stop.");
        rig.responds("resp_2", "");
        rig.says("resp_2", "item_2", 300);

        assertThat(rig.last("conversation.item.truncate").path("audio_end_ms").asInt())
                .isEqualTo(1_000);
        assertThat(rig.mouth.queuedMillis()).isEqualTo(300);
        assertThat(rig.words()).containsExactly("AI: Hello.", "AI: a b", "CALLER: Stop.");
    }

    @Test
    void arefusedTruncationIsHarmless() {
        agentSays(1_000, 500);
        rig.speechStarted("item_u");

        rig.error(
                "invalid_value", rig.lastId("conversation.item.truncate"), "Audio content of 450ms is already shorter");
        rig.done("resp_1", "cancelled");
        rig.speechStopped("item_u", "item_1");
        rig.responds("resp_2", "");
        rig.says("resp_2", "item_2", 300);

        assertThat(rig.failures).isEmpty();
        assertThat(rig.mouth.queuedMillis()).isEqualTo(300);
    }

    /** The server's rules for truncation, with the 85 ms by which its idea of a length was seen to fall behind. */
    private static final class ServerModel {
        private final Map<String, Integer> sentMillis = new HashMap<>();
        private final Set<String> truncated = new HashSet<>();
        private int truncations;

        void judge(JsonNode event) {
            if (!event.path("type").asText().equals("conversation.item.truncate")) return;
            String item = event.path("item_id").asText();
            int end = event.path("audio_end_ms").asInt(-1);
            int sent = sentMillis.getOrDefault(item, 0);
            truncations++;
            assertThat(sent).as("audio of " + item).isPositive();
            assertThat(event.path("audio_end_ms").isInt()).isTrue();
            assertThat(end).isBetween(0, Math.max(0, Math.min(sent / 50 * 50, sent - 85)));
            assertThat(truncated.add(item)).as("first truncation of " + item).isTrue();
        }
    }

    @Test
    void aThousandBargeInsNeverProduceAnInvalidTruncation() {
        ServerModel model = new ServerModel();
        rig.server = model::judge;
        Random random = new Random(20260101);

        for (int turn = 0; turn < 1_000; turn++) oneTurn(turn, random, model);

        assertThat(model.truncations).isBetween(300, 2_000);
        assertThat(rig.failures).isEmpty();
        assertThat(rig.mouth.queuedMillis()).isZero();
    }

    private void oneTurn(int turn, Random random, ServerModel model) {
        String response = "resp_" + turn;
        rig.responds(response, "");
        Map<String, Integer> items = new LinkedHashMap<>();
        for (int i = random.nextInt(3); i >= 0; i--) items.put("item_" + turn + "_" + i, 1 + random.nextInt(4));
        boolean interruptedWhileGenerating = random.nextBoolean();
        items.forEach((item, deltas) -> {
            rig.server("{'type':'conversation.item.added','item':{'id':'%s','role':'assistant','content':[]}}", item);
            if (random.nextInt(6) == 0) return;
            for (int i = 0; i < deltas; i++) speak(response, item, random, model);
            if (random.nextInt(3) > 0) rig.mouth.play(random.nextInt(1_200));
            if (!interruptedWhileGenerating)
                rig.server("{'type':'response.output_audio.done','response_id':'%s','item_id':'%s'}", response, item);
        });
        if (!interruptedWhileGenerating) {
            // A response without any sound is a failure of its own.
            if (items.keySet().stream().noneMatch(model.sentMillis::containsKey)) {
                speak(response, items.keySet().iterator().next(), random, model);
            }
            rig.done(response, "completed");
        }
        if (random.nextInt(4) == 0) rig.mouth.play(20_000);
        rig.speechStarted("item_u" + turn);
        if (random.nextInt(5) == 0) rig.speechStarted("item_u" + turn);
        if (interruptedWhileGenerating) {
            for (int i = random.nextInt(4); i > 0; i--) {
                speak(response, items.keySet().iterator().next(), random, model);
            }
            rig.done(response, "cancelled");
        }
        rig.speechStopped("item_u" + turn, "");
    }

    private void speak(String response, String item, Random random, ServerModel model) {
        int millis = 1 + random.nextInt(250);
        model.sentMillis.merge(item, millis, Integer::sum);
        rig.delta(response, item, millis);
    }
}

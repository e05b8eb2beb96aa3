package io.firefly.voip.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DialogueTest {
    private Rig rig = new Rig().talking();

    @AfterEach
    void close() {
        rig.close();
    }

    private void callerTurn(String itemId, String previousItemId) {
        rig.speechStarted(itemId);
        rig.speechStopped(itemId, previousItemId);
    }

    private void agentTurn(String responseId, String itemId, String previousItemId, String text) {
        rig.responds(responseId, "");
        rig.server(
                "{'type':'conversation.item.added','previous_item_id':'%s','item':{'id':'%s','type':'message',"
                        + "'role':'assistant','content':[]}}",
                previousItemId, itemId);
        rig.delta(responseId, itemId, 400);
        rig.finishes(responseId, itemId, text, "completed");
    }

    @Test
    void aLateTranscriptStillComesBeforeTheAnswerToIt() {
        callerTurn("item_u", "item_greet");
        agentTurn("resp_1", "item_1", "item_u", "Fine.");
        rig.mouth.play(400);
        rig.advance(Duration.ofMillis(500));
        assertThat(rig.words()).containsExactly("AI: Hello.");

        rig.callerTranscript("item_u", " How are you? ");

        assertThat(rig.words()).containsExactly("AI: Hello.", "CALLER: How are you?", "AI: Fine.");
    }

    @Test
    void aTranscriptThatDoesNotComeHoldsNothingBackForLong() {
        callerTurn("item_u", "item_greet");
        agentTurn("resp_1", "item_1", "item_u", "Fine.");
        rig.mouth.play(400);

        rig.advance(Duration.ofMillis(2_500));
        assertThat(rig.words()).containsExactly("AI: Hello.", "AI: Fine.");
        rig.callerTranscript("item_u", "Late.");

        assertThat(rig.words()).containsExactly("AI: Hello.", "AI: Fine.", "CALLER: Late.");
    }

    @Test
    void aFailedTranscriptionIsNoFailureOfTheCall() {
        callerTurn("item_u", "item_greet");
        agentTurn("resp_1", "item_1", "item_u", "Fine.");
        rig.mouth.play(400);

        rig.server("{'type':'conversation.item.input_audio_transcription.failed','item_id':'item_u',"
                + "'error':{'code':'audio_unintelligible','message':'x'}}");
        rig.advance(Duration.ofMillis(300));

        assertThat(rig.words()).containsExactly("AI: Hello.", "AI: Fine.");
        assertThat(rig.failures).isEmpty();
    }

    @Test
    void withoutTranscriptionNobodyWaitsForIt() {
        rig.close();
        rig = new Rig("transcription-model", "").talking();
        callerTurn("item_u", "item_greet");
        agentTurn("resp_1", "item_1", "item_u", "Fine.");
        rig.mouth.play(400);
        rig.advance(Duration.ofMillis(300));

        assertThat(rig.words()).containsExactly("AI: Hello.", "AI: Fine.");
    }

    @Test
    void theAgentsWordsAreToldWhenTheyWereHeard() {
        agentTurn("resp_1", "item_1", "item_greet", "One moment.");
        rig.advance(Duration.ofSeconds(5));
        assertThat(rig.words()).doesNotContain("AI: One moment.");

        rig.mouth.play(400);
        rig.advance(Duration.ofMillis(250));

        assertThat(rig.words()).endsWith("AI: One moment.");
    }

    @Test
    void theChainDecidesNotTheArrival() {
        rig.speechStarted("item_u1");
        rig.server("{'type':'input_audio_buffer.committed','previous_item_id':'item_greet','item_id':'item_u1'}");
        rig.server("{'type':'conversation.item.added','previous_item_id':'item_u1','item':{'id':'item_u3',"
                + "'type':'message','role':'user','content':[{'type':'input_audio'}]}}");
        rig.server("{'type':'conversation.item.added','previous_item_id':'item_u1','item':{'id':'item_u2',"
                + "'type':'message','role':'user','content':[{'type':'input_audio'}]}}");
        rig.callerTranscript("item_u3", "three");
        rig.callerTranscript("item_u2", "two");
        rig.callerTranscript("item_u1", "one");

        assertThat(rig.words()).endsWith("CALLER: one", "CALLER: two", "CALLER: three");
    }

    @Test
    void functionCallsDoNotDisturbTheChain() {
        callerTurn("item_u", "item_greet");
        rig.server("{'type':'conversation.item.added','previous_item_id':'item_u','item':{'id':'item_f',"
                + "'type':'function_call','call_id':'call_1','name':'x'}}");
        agentTurn("resp_1", "item_1", "item_f", "Done.");
        rig.mouth.play(400);
        rig.callerTranscript("item_u", "Do it.");
        rig.advance(Duration.ofMillis(300));

        assertThat(rig.words()).containsExactly("AI: Hello.", "CALLER: Do it.", "AI: Done.");
    }

    @Test
    void whatAnInterruptedResponseNeverSaidIsNotTold() {
        rig.responds("resp_1", "");
        rig.server("{'type':'conversation.item.added','item':{'id':'item_1','role':'assistant','content':[]}}");
        rig.speechStarted("item_u");
        rig.transcript("resp_1", "item_1", "never heard");
        rig.done("resp_1", "cancelled");
        rig.advance(Duration.ofSeconds(5));
        rig.session.close();

        assertThat(rig.words()).containsExactly("AI: Hello.");
    }

    @Test
    void anInterruptedTextThatArrivesLaterIsCutByTimeShare() {
        rig.responds("resp_1", "");
        rig.says("resp_1", "item_1", 1_000);
        rig.mouth.play(500);
        rig.speechStarted("item_u");
        rig.delta("resp_1", "item_1", 1_000);
        rig.transcript("resp_1", "item_1", "aaaa bbbb cccc dddd eeee");
        rig.done("resp_1", "cancelled");

        assertThat(rig.words()).containsExactly("AI: Hello.", "AI: aaaa");
    }
}

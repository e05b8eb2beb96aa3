package io.firefly.voip.agent.openai.turns;

import com.fasterxml.jackson.databind.JsonNode;
import io.firefly.voip.agent.AgentMouth.Heard;
import io.firefly.voip.agent.Utterance;
import io.firefly.voip.agent.Utterance.Speaker;
import io.firefly.voip.agent.openai.sound.Speech;
import io.firefly.voip.agent.openai.sound.Speech.Truncation;
import io.firefly.voip.agent.openai.turns.ResponseSequencer.Memory;
import io.firefly.voip.agent.openai.turns.ResponseSequencer.Response;
import io.firefly.voip.agent.openai.wire.ServerEvent;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What both sides say, as sound and as text: brings the agent's sound to the mouth and both transcripts into the
 * dialogue, and keeps them in step when somebody interrupts. Agent's thread only.
 */
final class Words {
    private final Setting setting;
    private final Turns.Line line;
    private final Consumer<Utterance> told;
    private final Speech speech;
    private final Dialogue dialogue;
    private final Memory responses;
    private int bargeIns;

    /** @param told hears both sides, in the order of the dialogue */
    Words(Setting setting, Turns.Line line, Memory responses, Consumer<Utterance> told) {
        this.setting = setting;
        this.line = line;
        this.told = told;
        this.responses = responses;
        this.speech = new Speech(setting.stage().mouth(), setting.codec());
        this.dialogue = new Dialogue(new Hall(), setting.events().callerIsTranscribed());
    }

    Dialogue.Hall hall() {
        return new Hall();
    }

    // The agent's

    void sound(ServerEvent event) {
        byte[] sound = event.audio();
        if (sound == null || event.itemId() == null || event.responseId() == null) return;
        Response response = responses.of(event.responseId());
        dialogue.added(event.itemId(), null, Speaker.AI);
        if (response.discarded) {
            speech.discard(event.itemId(), event.contentIndex(), sound);
        } else {
            response.spoke = true;
            speech.say(event.itemId(), event.contentIndex(), sound);
        }
    }

    void soundDone(ServerEvent event) {
        if (event.itemId() != null && !isDiscarded(event)) speech.done(event.itemId());
    }

    void messageDone(ServerEvent event) {
        if (!isDiscarded(event)) speech.done(event.bodyText("id"));
    }

    private boolean isDiscarded(ServerEvent event) {
        return event.responseId() != null && responses.of(event.responseId()).discarded;
    }

    void text(ServerEvent event) {
        if (event.itemId() != null && event.text() != null) dialogue.agentSays(event.itemId(), event.text());
    }

    void textDone(ServerEvent event) {
        if (event.itemId() == null || event.text() == null) return;
        dialogue.agentSaid(event.itemId(), event.text());
        if (isDiscarded(event)) dialogue.heard(event.itemId(), 0);
    }

    /** Nothing more comes of its items; what an interrupted one had not begun to say was not heard. */
    void settle(JsonNode body, Response response) {
        for (JsonNode item : body.path("output")) {
            String itemId = item.path("id").asText("");
            if (!item.path("role").asText("").equals("assistant") || itemId.isEmpty()) continue;
            if (!response.discarded) speech.done(itemId);
            else dialogue.heard(itemId, 0);
            String transcript = item.path("content").path(0).path("transcript").asText("");
            dialogue.agentSaid(itemId, transcript);
        }
    }

    boolean areHeardNow() {
        return speech.isHeardNow();
    }

    // The caller's

    void added(@Nullable String itemId, @Nullable String previousItemId, @Nullable Speaker speaker) {
        dialogue.added(itemId, previousItemId, speaker);
    }

    void callerSaid(ServerEvent event, @Nullable String text) {
        if (event.itemId() != null) dialogue.callerSaid(event.itemId(), text == null ? "" : text);
    }

    // Interruptions

    /** Silence first, then the bookkeeping; the provider cancels its response by itself (interrupt_response). */
    void silence() {
        int truncated = 0;
        for (Heard heard : speech.interrupt()) {
            dialogue.heard(heard.itemId(), speech.isAsGoodAsHeard(heard) ? Integer.MAX_VALUE : heard.heardMillis());
            Truncation truncation = speech.truncation(heard);
            if (truncation == null) continue;
            truncated++;
            line.send(setting.events().truncate(setting.events().nextId(), truncation));
        }
        dialogue.allElseWasHeard();
        if (truncated > 0) bargeIns++;
    }

    /** The caller is gone: the agent's last words count as far as they were heard. */
    void hungUp() {
        for (Heard heard : speech.interrupt()) dialogue.heard(heard.itemId(), heard.heardMillis());
        dialogue.allElseWasHeard();
    }

    /** The caller is no longer listened to. */
    void nobodyInterrupts() {
        dialogue.nobodyInterrupts();
    }

    /** The session is gone: what came of items is all of them, and is heard to its end. */
    void cut() {
        speech.cut();
        dialogue.cut();
    }

    List<Utterance> untold() {
        return dialogue.untold();
    }

    /** Nothing that was said is still to be written down. */
    boolean areWrittenDown() {
        return dialogue.isWrittenDown();
    }

    /** The conversation is over. What is queued in the mouth may be played to its end. */
    void tellTheRest() {
        dialogue.tellTheRest();
    }

    int bargeIns() {
        return bargeIns;
    }

    long droppedSamples() {
        return speech.droppedSamples();
    }

    private final class Hall implements Dialogue.Hall {
        @Override
        public void told(Utterance utterance) {
            told.accept(utterance);
        }

        @Override
        public int generatedMillis(String itemId) {
            return speech.receivedMillis(itemId);
        }

        @Override
        public boolean agentIsHeardNow() {
            return speech.isHeardNow();
        }

        @Override
        public void after(Duration delay, Runnable task) {
            line.after(delay, task);
        }

        @Override
        public long nanoTime() {
            return line.nanoTime();
        }
    }
}

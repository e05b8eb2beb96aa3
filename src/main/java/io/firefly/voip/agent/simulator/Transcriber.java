package io.firefly.voip.agent.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firefly.voip.agent.simulator.Conversation.Item;
import io.firefly.voip.agent.simulator.ResponseRun.Stage;
import io.firefly.voip.agent.simulator.protocol.ServerEvents;
import io.firefly.voip.agent.simulator.script.Step;
import io.firefly.voip.agent.simulator.script.Step.Heard;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes down what the caller said: the script's words, or else how long the turn was. */
final class Transcriber {
    private static final int TRANSCRIPTION_MILLIS = 200;
    private static final int SHUFFLED_MILLIS = 1_500;

    private final Stage stage;
    private final Receptionist receptionist;
    private final Responses responses;
    private final List<Runnable> afterResponse = new ArrayList<>();

    Transcriber(Stage stage, Receptionist receptionist, Responses responses) {
        this.stage = stage;
        this.receptionist = receptionist;
        this.responses = responses;
    }

    /** A response is over: the transcripts that waited for it. */
    void answered() {
        List<Runnable> due = List.copyOf(afterResponse);
        afterResponse.clear();
        due.forEach(Runnable::run);
    }

    /** Its transcript comes in due time, if nothing goes wrong. */
    void transcribe(Item item, String model, int speechMillis) {
        Step step = responses.nextTurn();
        Heard heard = step == null ? null : step.heard();
        String text = heard != null
                ? heard.text()
                : String.format(
                        Locale.ROOT,
                        "caller turn %d (%.1f s of speech)",
                        receptionist.callerTurns(),
                        speechMillis / 1000.0);
        int heardMillis = item.heardMillis();
        Runnable transcript = heard != null && heard.fails()
                ? () -> sendTranscriptFailed(item)
                : () -> sendTranscript(item, text, transcriptionUsage(model, text, heardMillis));
        if (heard != null && heard.afterResponse()) {
            afterResponse.add(transcript);
            return;
        }
        long usual = stage.shuffled() ? stage.events().below(SHUFFLED_MILLIS) + 1 : TRANSCRIPTION_MILLIS;
        stage.clock().after(heard != null && heard.afterMillis() >= 0 ? heard.afterMillis() : usual, transcript);
    }

    private void sendTranscript(Item item, String text, ObjectNode usage) {
        ((ObjectNode) item.json.path("content").get(0)).put("transcript", text);
        stage.events()
                .send(transcription("delta", item)
                        .put("delta", text)
                        .put("obfuscation", stage.events().obfuscation(text.length())));
        ObjectNode completed = transcription("completed", item).put("transcript", text);
        completed.set("usage", usage);
        stage.events().send(completed);
    }

    private void sendTranscriptFailed(Item item) {
        ObjectNode failed = transcription("failed", item);
        failed.putObject("error")
                .put("type", "transcription_error")
                .put("code", "audio_unintelligible")
                .put("message", "The audio could not be transcribed.");
        stage.events().send(failed);
    }

    private ObjectNode transcription(String end, Item item) {
        return stage.events()
                .event("conversation.item.input_audio_transcription." + end)
                .put("item_id", item.id())
                .put("content_index", 0);
    }

    private static ObjectNode transcriptionUsage(String model, String text, int heardMillis) {
        ObjectNode usage = ServerEvents.JSON.createObjectNode();
        if (!model.startsWith("gpt-4o")) {
            return usage.put("type", "duration").put("seconds", (heardMillis + 999) / 1000);
        }
        long audio = heardMillis / 100;
        long out = Responses.textTokens(text.length());
        usage.put("type", "tokens")
                .put("total_tokens", audio + out)
                .put("input_tokens", audio)
                .put("output_tokens", out);
        usage.putObject("input_token_details").put("text_tokens", 0).put("audio_tokens", audio);
        return usage;
    }
}

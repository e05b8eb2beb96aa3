package io.firefly.voip.agent.openai.turns;

import com.fasterxml.jackson.databind.JsonNode;
import io.firefly.voip.agent.AgentFailure;
import io.firefly.voip.agent.AgentMouth.Heard;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.Utterance;
import io.firefly.voip.agent.Utterance.Speaker;
import io.firefly.voip.agent.openai.sound.Speech;
import io.firefly.voip.agent.openai.sound.Speech.Truncation;
import io.firefly.voip.agent.openai.turns.ResponseSequencer.Goodbye;
import io.firefly.voip.agent.openai.turns.ResponseSequencer.Response;
import io.firefly.voip.agent.openai.turns.ResponseSequencer.State;
import io.firefly.voip.agent.openai.wire.Create;
import io.firefly.voip.agent.openai.wire.Create.Purpose;
import io.firefly.voip.agent.openai.wire.Failures;
import io.firefly.voip.agent.openai.wire.ServerEvent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who speaks when: what to do on each event of a session that is ready. Takes turns between caller and agent, with the
 * barge-in between them, tools and the goodbye; the bookkeeping is next door. Agent's thread only.
 */
public final class Turns {
    private static final Logger log = LoggerFactory.getLogger(Turns.class);
    /** A model that calls tools without end, while nobody speaks, is stopped here. */
    private static final int MAX_CONTINUATIONS = 8;

    /** What the turns need of their session. */
    public interface Line {
        void send(String event);

        /** Runs a task on the agent's thread, unless the session is over by then. */
        void after(Duration delay, Runnable task);

        /** Brings a tool's answer, or an error it can speak about, to the agent's thread. */
        void whenAnswered(CompletionStage<String> answer, Consumer<String> then);

        /** Sends no more of what the caller says. */
        void stopListening();

        /** A fatal failure ends the session before this returns. */
        void failed(AgentFailure failure);

        long nanoTime();
    }

    private final Setting setting;
    private final Line line;
    private final Speech speech;
    private final Dialogue dialogue;
    private final ToolCalls tools;
    private final ResponseSequencer sequencer;
    private final Dialogue.Keys keys;
    private final ResponseSequencer.Memory responses = new ResponseSequencer.Memory();
    private @Nullable Response latest;
    private @Nullable Goodbye goodbye;
    private int continuations;
    private int failuresInARow;
    private boolean greetedAgain;
    private int bargeIns;

    public Turns(Setting setting, Line line) {
        this.setting = setting;
        this.line = line;
        this.speech = new Speech(setting.stage().mouth(), setting.codec());
        Hall hall = new Hall();
        this.dialogue = new Dialogue(hall, setting.events().callerIsTranscribed());
        this.keys = new Dialogue.Keys(hall, this::tellKeys);
        this.tools = new ToolCalls(setting.brief().callId(), new Desk());
        this.sequencer = new ResponseSequencer(new Wire());
    }

    /** The agent speaks first. */
    public void greet() {
        sequencer.request(new Create(Purpose.GREETING, setting.events().greetingInstructions(), true));
    }

    /** Every event but {@code session.*} and {@code error}; what we do not know is none of our business. */
    public void on(ServerEvent event) {
        switch (event.type()) {
            case ServerEvent.AUDIO_DELTA -> speak(event);
            case "response.output_audio.done" -> audioDone(event);
            case "response.output_audio_transcript.done" -> agentTranscribed(event);
            case "response.created" -> responseCreated(event);
            case "response.output_item.done" -> outputItemDone(event);
            case "response.done" -> responseDone(event);
            case "input_audio_buffer.speech_started" -> callerStarted();
            case "input_audio_buffer.speech_stopped" -> callerStopped();
            case "input_audio_buffer.committed" ->
                dialogue.added(event.itemId(), event.previousItemId(), Speaker.CALLER);
            case "conversation.item.added" ->
                dialogue.added(event.bodyText("id"), event.previousItemId(), event.speaker());
            case "conversation.item.input_audio_transcription.completed" -> callerTranscribed(event, event.text());
            case "conversation.item.input_audio_transcription.failed" -> callerTranscribed(event, "");
            default ->
                log.trace("event ignored call={} type={}", setting.brief().callId(), event.type());
        }
    }

    // What the agent says

    private void speak(ServerEvent event) {
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

    private void audioDone(ServerEvent event) {
        if (event.itemId() != null && !isDiscarded(event)) speech.done(event.itemId());
    }

    private boolean isDiscarded(ServerEvent event) {
        return event.responseId() != null && responses.of(event.responseId()).discarded;
    }

    private void agentTranscribed(ServerEvent event) {
        if (event.itemId() == null || event.text() == null) return;
        dialogue.agentSaid(event.itemId(), event.text());
        if (isDiscarded(event)) dialogue.heard(event.itemId(), 0);
    }

    private void callerStarted() {
        if (goodbye != null) return;
        continuations = 0;
        discardActive();
        sequencer.callerSpeaks();
        silence();
    }

    private void discardActive() {
        String active = sequencer.activeId();
        if (active != null) responses.of(active).discarded = true;
    }

    /** Silence first, then the bookkeeping; the provider cancels its response by itself (interrupt_response). */
    private void silence() {
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

    private void callerStopped() {
        if (goodbye == null) sequencer.callerStopped();
    }

    private void callerTranscribed(ServerEvent event, @Nullable String text) {
        if (event.itemId() == null) return;
        dialogue.callerSaid(event.itemId(), text == null ? "" : text);
    }

    /** A key on the phone. */
    public void pressed(char digit) {
        if (goodbye == null) keys.pressed(digit);
    }

    private void tellKeys(String pressed) {
        if (goodbye != null) return;
        String text = "The caller pressed these keys on the phone: " + pressed;
        line.send(setting.events().systemText(setting.events().nextId(), text));
        sequencer.request(new Create(Purpose.CONTINUE, null, true));
    }

    /** The caller is gone: the agent's last words count as far as they were heard, but for a goodbye. */
    public void hungUp() {
        if (goodbye != null) return;
        for (Heard heard : speech.interrupt()) dialogue.heard(heard.itemId(), heard.heardMillis());
        dialogue.allElseWasHeard();
    }

    /** The session ends. What is queued in the mouth may be played to its end. */
    public void tellTheRest() {
        dialogue.tellTheRest();
    }

    private void responseCreated(ServerEvent event) {
        String id = event.bodyText("id");
        if (id.isEmpty() || responses.of(id).created) return;
        Response response = responses.of(id);
        response.created = true;
        latest = response;
        JsonNode createdBy = event.body().path("metadata").path("event_id");
        response.purpose = sequencer.created(id, createdBy.isTextual() ? createdBy.asText() : null);
        if (sequencer.state() == State.CANCELLING) response.discarded = true;
    }

    private void outputItemDone(ServerEvent event) {
        JsonNode item = event.body();
        String kind = item.path("type").asText("");
        if (kind.equals("message") && !isDiscarded(event))
            speech.done(item.path("id").asText(""));
        boolean complete = item.path("status").asText("").equals("completed");
        if (kind.equals("function_call") && complete && event.responseId() != null) {
            tools.called(event.responseId(), item);
        }
    }

    private void responseDone(ServerEvent event) {
        String id = event.bodyText("id");
        Response response = responses.known(id);
        // Done before, or never created before our eyes.
        if (response == null || !id.equals(sequencer.activeId())) return;
        String status = event.bodyText("status");
        settle(event.body(), response);
        if (!event.usage().equals(AgentUsage.NONE)) setting.stage().used(event.usage());
        if (!status.equals("completed") && !status.equals("cancelled")) {
            log.info("response call={} status={}", setting.brief().callId(), Failures.clean(status));
        }
        if (goodbye != null) {
            goodbye.done(response.purpose, response.isHeard() && !status.equals("cancelled"));
        }
        boolean answered = response.spoke || response.discarded || tools.calledBy(id);
        sequencer.done(id);
        tools.responseDone(id, status.equals("completed") || status.equals("incomplete"));
        switch (status) {
            case "failed" -> unanswered(event.failureCode(), Failures.response(event.failureCode()), response.purpose);
            case "completed", "incomplete" -> {
                if (answered) failuresInARow = 0;
                else unanswered("", Failures.empty(event.incompleteReason()), response.purpose);
            }
            default -> {} // cancelled: by us, or because the caller spoke
        }
    }

    /** Nothing more comes of its items; what an interrupted one had not begun to say was not heard. */
    private void settle(JsonNode body, Response response) {
        for (JsonNode item : body.path("output")) {
            String itemId = item.path("id").asText("");
            if (!item.path("role").asText("").equals("assistant") || itemId.isEmpty()) continue;
            if (!response.discarded) speech.done(itemId);
            else dialogue.heard(itemId, 0);
            String transcript = item.path("content").path(0).path("transcript").asText("");
            dialogue.agentSaid(itemId, transcript);
        }
    }

    /**
     * The caller waits for an answer that will not come: once they hear an apology, the second time it is over. Nobody
     * has asked for the greeting: it is tried again first.
     */
    private void unanswered(String code, String why, @Nullable Purpose purpose) {
        if (goodbye != null) return;
        boolean greeting = purpose == Purpose.GREETING;
        if (greeting && !greetedAgain && !Failures.isFatal(code)) {
            greetedAgain = true;
            log.info(
                    "greeting tried again call={} reason=\"{}\"",
                    setting.brief().callId(),
                    why);
            greet();
            return;
        }
        line.failed(new AgentFailure(why, greeting || Failures.isFatal(code) || ++failuresInARow > 1));
    }

    /** An {@code error} about something we sent. @return true when it was taken care of */
    public boolean refused(@Nullable String eventId, String code, String message) {
        boolean alreadyActive = code.equals("conversation_already_has_active_response");
        // A greeting that always finds another response at work need not be repeated: somebody speaks.
        Purpose purpose = alreadyActive ? null : sequencer.pendingPurpose();
        boolean givenUp = sequencer.refused(eventId, alreadyActive, message);
        if (goodbye != null) goodbye.refused(givenUp);
        else if (givenUp) unanswered(code, Failures.response(code), purpose);
        return givenUp || alreadyActive;
    }

    /** The provider owes us an event. */
    public boolean isExpecting() {
        return sequencer.isExpecting();
    }

    /** The caller has begun to speak and not stopped, as far as we were told. */
    public boolean isCallerSpeaking() {
        return sequencer.isCallerSpeaking();
    }

    public boolean isAgentHeardNow() {
        return speech.isHeardNow();
    }

    /** Nobody speaks, and nobody is about to. */
    public boolean isPause() {
        return !isExpecting() && !isCallerSpeaking() && !isAgentHeardNow();
    }

    public void stalled(String why) {
        discardActive();
        sequencer.stalled();
        unanswered("", why, null);
    }

    public int bargeIns() {
        return bargeIns;
    }

    public long droppedSamples() {
        return speech.droppedSamples();
    }

    /**
     * @param told completed when the last sound was handed to the mouth
     * @param outOfTime nobody asked for it: the caller is told why
     */
    public void sayGoodbye(CompletableFuture<Void> told, boolean outOfTime) {
        line.stopListening();
        line.send(setting.events().ignoreCaller(setting.events().nextId()));
        line.after(setting.properties().goodbyeTimeout(), () -> told.complete(null));
        dialogue.nobodyInterrupts();
        sequencer.lastWords();
        goodbye = new Goodbye(sequencer, setting.events().goodbyeInstructions(outOfTime), told);
        goodbye.begin(latest != null && isFarewell(latest));
    }

    /** It spoke, and is still heard, or called the tool that ends the call. */
    private boolean isFarewell(Response response) {
        return response.isHeard() && (speech.isHeardNow() || tools.isOpen(response.id) || tools.hasEnded(response.id));
    }

    private final class Hall implements Dialogue.Hall {
        @Override
        public void told(Utterance utterance) {
            setting.stage().said(utterance);
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

    private final class Wire implements ResponseSequencer.Wire {
        @Override
        public String create(Create create) {
            String eventId = setting.events().nextId();
            line.send(setting.events().responseCreate(eventId, create));
            return eventId;
        }

        @Override
        public void cancel(String responseId) {
            line.send(setting.events().responseCancel(setting.events().nextId(), responseId));
        }
    }

    private final class Desk implements ToolCalls.Desk {
        @Override
        public void run(ToolCall call, Consumer<String> then) {
            line.whenAnswered(setting.stage().call(call), then);
        }

        @Override
        public void answer(String toolCallId, String output) {
            line.send(setting.events().functionCallOutput(setting.events().nextId(), toolCallId, output));
        }

        @Override
        public void allAnswered() {
            boolean withTools = ++continuations <= MAX_CONTINUATIONS;
            sequencer.request(new Create(Purpose.CONTINUE, null, withTools));
        }
    }
}

package io.firefly.voip.agent.openai.turns;

import com.fasterxml.jackson.databind.JsonNode;
import io.firefly.voip.agent.AgentFailure;
import io.firefly.voip.agent.AgentStage.Leaving;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.Utterance;
import io.firefly.voip.agent.Utterance.Speaker;
import io.firefly.voip.agent.openai.settings.Dialect;
import io.firefly.voip.agent.openai.settings.Models.Transcribed;
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
        void whenAnswered(CompletionStage<String> answer, Duration patience, Consumer<String> then);

        /** Sends no more of what the caller says. */
        void stopListening();

        /** Says goodbye by the agent's own wish, and ends the call when that was heard. */
        void leave(Leaving why);

        void used(AgentUsage usage);

        void used(Transcribed usage);

        /** The provider takes no part any more, although it is connected: another connection may help. */
        void reconnect(String why);

        /** A fatal failure ends the session before this returns. */
        void failed(AgentFailure failure);

        long nanoTime();
    }

    private final Setting setting;
    private final Line line;
    private final Words words;
    private final ToolCalls tools;
    private final ResponseSequencer sequencer;
    private final Dialogue.Keys keys;
    private final ResponseSequencer.Memory responses = new ResponseSequencer.Memory();
    private final Unanswered unanswered;
    private final RateLimits rateLimits;
    private final @Nullable Gateway gateway;
    private final Seam seam;
    private final TurnClock clock;
    private @Nullable Response latest;
    private @Nullable Goodbye goodbye;
    private int continuations;
    private int responsesCreated;

    public Turns(Setting setting, Line line) {
        this.setting = setting;
        this.line = line;
        this.gateway = setting.properties().dialect() == Dialect.COMPATIBLE ? new Gateway() : null;
        this.words = new Words(setting, line, responses, this::said);
        this.keys = new Dialogue.Keys(words.hall(), this::tellKeys);
        this.tools = new ToolCalls(setting.brief().callId(), new Desk());
        this.sequencer = new ResponseSequencer(new Wire());
        this.seam = new Seam(setting, line, new Seam.Parts(words, sequencer, tools, responses));
        this.unanswered = new Unanswered(setting, line, new Again());
        this.clock = new TurnClock(setting, this, sequencer, line);
        this.rateLimits = new RateLimits(setting.brief().callId());
    }

    private void said(Utterance utterance) {
        seam.said(utterance);
        setting.stage().said(utterance);
    }

    /** The agent speaks first. */
    public void greet() {
        sequencer.request(new Create(Purpose.GREETING, setting.events().greetingInstructions(), true));
        clock.begin();
    }

    /** A short phrase while a tool runs: only when nobody speaks, or is about to. */
    public void fill(String phrase) {
        if (goodbye != null || isExpecting() || isCallerSpeaking() || isAgentHeardNow()) return;
        sequencer.request(new Create(Purpose.CONTINUE, setting.events().fillerInstructions(phrase), false));
    }

    /** Every event but {@code session.*} and {@code error}; what we do not know is none of our business. */
    public void on(ServerEvent event) {
        if (seam.takes(event)) return;
        if (gateway == null) take(event);
        else gateway.complete(event).forEach(this::take);
    }

    private void take(ServerEvent event) {
        switch (event.type()) {
            case ServerEvent.AUDIO_DELTA -> words.sound(event);
            case "response.output_audio.done" -> words.soundDone(event);
            case "response.output_audio_transcript.delta" -> words.text(event);
            case "response.output_audio_transcript.done" -> words.textDone(event);
            case "response.created" -> responseCreated(event);
            case "response.output_item.done" -> outputItemDone(event);
            case "response.done" -> responseDone(event);
            case "input_audio_buffer.speech_started" -> callerStarted();
            case "input_audio_buffer.speech_stopped" -> callerStopped();
            case "input_audio_buffer.committed" -> words.added(event.itemId(), event.previousItemId(), Speaker.CALLER);
            case "conversation.item.added" ->
                words.added(event.bodyText("id"), event.previousItemId(), event.speaker());
            case "conversation.item.input_audio_transcription.completed" -> {
                words.callerSaid(event, event.text());
                line.used(event.transcribed());
            }
            case "conversation.item.input_audio_transcription.failed" -> words.callerSaid(event, "");
            case "rate_limits.updated" -> rateLimits.updated(event.body());
            default -> {} // none of our business
        }
    }

    // What the caller does

    private void callerStarted() {
        if (goodbye != null) return;
        continuations = 0;
        clock.callerIsThere();
        discardActive();
        sequencer.callerSpeaks();
        words.silence();
    }

    private void discardActive() {
        String active = sequencer.activeId();
        if (active != null) responses.of(active).discarded = true;
    }

    private void callerStopped() {
        if (goodbye == null) sequencer.callerStopped();
    }

    /** A key on the phone. */
    public void pressed(char digit) {
        clock.callerIsThere();
        if (goodbye == null) keys.pressed(digit);
    }

    private void tellKeys(String pressed) {
        if (goodbye != null) return;
        seam.tell("The caller pressed these keys on the phone: " + pressed);
        sequencer.request(new Create(Purpose.CONTINUE, null, true));
    }

    /** The caller is gone: the agent's last words count as far as they were heard, but for a goodbye. */
    public void hungUp() {
        if (goodbye == null) words.hungUp();
    }

    /** The session ends. What is queued in the mouth may be played to its end. */
    public void tellTheRest() {
        words.tellTheRest();
    }

    // Responses

    private void responseCreated(ServerEvent event) {
        String id = event.bodyText("id");
        if (id.isEmpty() || responses.of(id).created) return;
        Response response = responses.of(id);
        response.created = true;
        responsesCreated++;
        latest = response;
        JsonNode createdBy = event.body().path("metadata").path("event_id");
        response.purpose = sequencer.created(id, createdBy.isTextual() ? createdBy.asText() : null);
        if (sequencer.state() == State.CANCELLING) response.discarded = true;
    }

    private void outputItemDone(ServerEvent event) {
        JsonNode item = event.body();
        String kind = item.path("type").asText("");
        if (kind.equals("message")) words.messageDone(event);
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
        words.settle(event.body(), response);
        if (!event.usage().equals(AgentUsage.NONE)) line.used(event.usage());
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
            case "failed" -> failed(event, response.purpose);
            case "completed", "incomplete" -> {
                if (answered) unanswered.answered();
                else unanswered("", Failures.empty(event.incompleteReason()), response.purpose);
            }
            default -> {} // cancelled: by us, or because the caller spoke
        }
    }

    private void failed(ServerEvent event, @Nullable Purpose purpose) {
        if (goodbye != null) return;
        String code = event.failureCode();
        boolean limited = code.equals("rate_limit_exceeded");
        Duration wait = limited ? rateLimits.toWait(event.failureMessage()) : null;
        unanswered.happened(code, Failures.response(code), purpose, wait);
    }

    private void unanswered(String code, String why, @Nullable Purpose purpose) {
        if (goodbye == null) unanswered.happened(code, why, purpose, null);
    }

    /** An {@code error} about something we sent. @return true when it was taken care of */
    public boolean refused(@Nullable String eventId, String code, String message) {
        if (seam.refused(eventId, code)) return true;
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
        return words.areHeardNow();
    }

    /** Nobody speaks, and nobody is about to. */
    public boolean isPause() {
        return !isExpecting() && !isCallerSpeaking() && !isAgentHeardNow() && !tools.isBusy();
    }

    public void stalled(String why) {
        if (goodbye == null && unanswered.isToReconnect()) {
            if (!isExpecting() && !isCallerSpeaking()) seam.callerWentUnheard();
            line.reconnect(why);
            return;
        }
        discardActive();
        sequencer.stalled();
        unanswered("", why, null);
    }

    // From one session to the next

    public Seam seam() {
        return seam;
    }

    /** Whether the caller can interrupt the agent, or a greeting that is not to be interrupted is due. */
    public boolean isInterruptible() {
        return !clock.isProtecting();
    }

    /** There is no session at the moment. */
    public boolean isCut() {
        return seam.isCut();
    }

    /** All that was said can be told to another session, and nobody would notice that it takes over. */
    public boolean isSeamless() {
        return goodbye == null && isPause() && words.areWrittenDown();
    }

    public int bargeIns() {
        return words.bargeIns();
    }

    public long droppedSamples() {
        return words.droppedSamples();
    }

    /**
     * @param told completed when the last sound was handed to the mouth
     * @param why nobody asked for it: the caller is told; null when somebody did
     */
    public void sayGoodbye(CompletableFuture<Void> told, @Nullable Leaving why) {
        line.stopListening();
        line.send(setting.events().ignoreCaller(setting.events().nextId()));
        line.after(setting.properties().goodbyeTimeout(), () -> told.complete(null));
        words.nobodyInterrupts();
        sequencer.lastWords();
        goodbye = new Goodbye(sequencer, setting.events().goodbyeInstructions(why), told);
        goodbye.begin(latest != null && isFarewell(latest));
    }

    /** It spoke, and is still heard, or called the tool that ends the call. */
    private boolean isFarewell(Response response) {
        return response.isHeard() && (isAgentHeardNow() || tools.isOpen(response.id) || tools.hasEnded(response.id));
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
            seam.called(call);
            line.whenAnswered(setting.stage().call(call), setting.events().patienceWith(call.name()), then);
        }

        @Override
        public void answer(String toolCallId, String output) {
            if (seam.answered(toolCallId, output)) return;
            line.send(setting.events().functionCallOutput(setting.events().nextId(), toolCallId, output));
        }

        @Override
        public void allAnswered() {
            sequencer.request(new Create(Purpose.CONTINUE, null, ++continuations <= MAX_CONTINUATIONS));
        }
    }

    private final class Again implements Unanswered.Speaker {
        @Override
        public void tryAgain(@Nullable Purpose purpose) {
            if (goodbye != null) return;
            if (purpose == Purpose.GREETING) greet();
            else sequencer.request(new Create(Purpose.CONTINUE, null, true));
        }

        @Override
        public int responses() {
            return responsesCreated;
        }
    }
}

package io.firefly.voip.agent.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firefly.voip.agent.simulator.Conversation.Item;
import io.firefly.voip.agent.simulator.ResponseRun.Stage;
import io.firefly.voip.agent.simulator.Saboteur.Ways;
import io.firefly.voip.agent.simulator.protocol.AppendReader;
import io.firefly.voip.agent.simulator.protocol.ProtocolError;
import io.firefly.voip.agent.simulator.protocol.ServerEvents;
import io.firefly.voip.agent.simulator.protocol.SessionRules;
import io.firefly.voip.agent.simulator.protocol.SessionSettings;
import io.firefly.voip.agent.simulator.script.Fault;
import io.firefly.voip.agent.simulator.script.Step;
import io.firefly.voip.agent.simulator.script.Tempo;
import io.firefly.voip.agent.simulator.script.Victim;
import io.firefly.voip.agent.simulator.script.Visit;
import io.firefly.voip.agent.simulator.sound.InputAudio;
import io.firefly.voip.agent.simulator.sound.InputAudio.Segment;
import io.firefly.voip.agent.simulator.sound.InputAudio.TurnDetection;
import io.firefly.voip.agent.simulator.sound.Voice;
import io.firefly.voip.agent.simulator.wire.Clock;
import io.firefly.voip.agent.simulator.wire.FrameLog;
import io.firefly.voip.agent.simulator.wire.Line;
import io.firefly.voip.agent.simulator.wire.Wire;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection: takes the client's events, answers them, and listens for turns. One thread: its event loop. */
final class RealtimeSession implements InputAudio.Listener {
    /** The caller's sound may lag so far behind the clock before it counts as a gap. */
    private static final int GAP_MILLIS = 100;

    private final Line line;
    private final Clock clock;
    private final Setup setup;
    private final FrameLog log;
    private final Wire wire;
    private final Saboteur saboteur;
    private final ServerEvents events;
    private final SessionSettings settings;
    private final Conversation conversation;
    private final Receptionist receptionist;
    private final Responses responses;
    private final Transcriber transcriber;
    private final InputAudio input = new InputAudio(this);
    private final AppendReader appends = new AppendReader();
    private boolean opened;
    private long firstSoundMillis = Long.MIN_VALUE;
    private long lagMillis;
    private boolean closed;
    private String turnItemId = "";
    private long turnStartMillis;
    private int idleWatch;

    RealtimeSession(Setup setup, Line line, Clock time) {
        this.setup = setup;
        this.line = line;
        this.clock = guarded(time);
        this.log = new FrameLog(time);
        this.wire = new Wire(line, clock, log, setup.visit().terms().extraFields());
        this.events = new ServerEvents(setup.seed(), this::send);
        this.saboteur = new Saboteur(this, new Ways(line, wire, clock, log), events);
        this.settings = new SessionSettings(events.id("sess_"), setup.model(), setup.expiresAtEpochSecond());
        this.conversation = new Conversation(events);
        this.receptionist = new Receptionist(setup.hangUpAfterTurns(), setup.preamble());
        Stage stage = new Stage(
                events,
                conversation,
                setup.voice(),
                setup.visit().tempo().or(setup.tempo()),
                setup.shuffled(),
                clock,
                line::congested,
                saboteur::commit);
        this.responses = new Responses(stage, receptionist, setup.visit(), this::answered);
        this.transcriber = new Transcriber(stage, receptionist, responses);
    }

    /**
     * What a session is made with.
     *
     * @param tempo complete; the script's goes before it
     */
    record Setup(
            long seed,
            String model,
            long expiresAtEpochSecond,
            Voice voice,
            Tempo tempo,
            boolean shuffled,
            int hangUpAfterTurns,
            boolean preamble,
            Visit visit) {}

    /** Nothing happens any more once the session is over. */
    private Clock guarded(Clock time) {
        return new Clock() {
            @Override
            public long nowMillis() {
                return time.nowMillis();
            }

            @Override
            public void after(long millis, Runnable task) {
                time.after(millis, () -> {
                    if (!closed) task.run();
                });
            }
        };
    }

    /** Begins with {@code session.created}, in due time. */
    void open() {
        input.use(settings.inputEncoding(), settings.turnDetection());
        Visit visit = setup.visit();
        clock.after(visit.terms().createdAfterMillis(), () -> {
            opened = true;
            sendSession("session.created");
            for (Fault fault : visit.faults()) saboteur.commit(fault);
        });
        if (visit.terms().pingMillis() > 0) ping(visit.terms().pingMillis());
    }

    /** One text frame of the client. */
    void receive(String frame) {
        if (closed || !opened) return;
        String eventId = null;
        String type = "";
        try {
            if (appends.read(frame)) {
                append(frame);
                return;
            }
            JsonNode event = ServerEvents.JSON.readTree(frame);
            eventId = event.path("event_id").textValue();
            type = event.path("type").asText();
            log.in(type, frame);
            handle(SessionRules.checkEvent(event), (ObjectNode) event);
        } catch (JsonProcessingException e) {
            log.in("", frame);
            refuse(
                    ProtocolError.of("invalid_event", "The event is not valid JSON: " + e.getOriginalMessage(), null),
                    null);
        } catch (ProtocolError e) {
            log.count("refused " + type);
            refuse(e, eventId);
        }
    }

    /** What was said both ways. */
    FrameLog log() {
        return log;
    }

    /** Audio written since the session began. */
    long writtenMillis() {
        return input.writtenMillis();
    }

    boolean isSpeaking() {
        return input.isSpeaking();
    }

    /** Done from outside, now. */
    void suffer(String told, Consumer<Victim> deed) {
        if (!closed) saboteur.commitNow(new Fault(Fault.At.OPEN, 0, deed, told));
    }

    void failResponse(String code, String message) {
        responses.fail(code, message);
    }

    /** The socket is gone, whoever closed it. */
    void close() {
        closed = true;
        responses.close();
        input.clear();
    }

    void expireAfter(long limitMillis) {
        clock.after(limitMillis, this::expire);
    }

    /** Tells the client that it stayed for too long, and hangs up. */
    void expire() {
        String message = "Your session hit the maximum duration of 60 minutes.";
        events.error(ProtocolError.of("session_expired", message, null), null);
        close();
        line.close(1001, message);
    }

    @Override
    public void speechStarted(long audioStartMillis) {
        idleWatch++;
        turnItemId = events.id("item_");
        turnStartMillis = audioStartMillis;
        events.send(events.event("input_audio_buffer.speech_started")
                .put("audio_start_ms", audioStartMillis)
                .put("item_id", turnItemId));
        Step next = responses.nextTurn();
        if (next != null && next.unfinished()) {
            input.use(settings.inputEncoding(), settings.patientTurnDetection());
        }
        if (settings.interruptsResponses()) responses.interrupt();
    }

    @Override
    public void speechStopped(long audioEndMillis) {
        events.send(events.event("input_audio_buffer.speech_stopped")
                .put("audio_end_ms", audioEndMillis)
                .put("item_id", turnItemId));
        TurnDetection rules = settings.turnDetection();
        int padding = rules == null ? 0 : rules.prefixPaddingMillis() + rules.silenceMillis();
        input.use(settings.inputEncoding(), rules);
        commit(turnItemId, (int) Math.max(0, audioEndMillis - turnStartMillis - padding));
        if (settings.createsResponses()) responses.createAfterTurn(settings.object());
    }

    private void handle(String type, ObjectNode event) throws ProtocolError {
        switch (type) {
            case "session.update" -> updateSession((ObjectNode) event.get("session"));
            case "input_audio_buffer.commit" -> commitByHand();
            case "input_audio_buffer.clear" -> {
                input.clear();
                events.send(events.event("input_audio_buffer.cleared"));
            }
            case "conversation.item.create" -> conversation.create(event);
            case "conversation.item.retrieve" -> conversation.retrieve(event);
            case "conversation.item.delete" -> conversation.delete(event);
            case "conversation.item.truncate" -> conversation.truncate(event);
            case "response.create" -> {
                idleWatch++;
                responses.create(settings.object(), event.path("response"));
            }
            case "response.cancel" -> responses.cancel(event.path("response_id"));
            case AppendReader.TYPE ->
                throw ProtocolError.of("invalid_value", "Invalid 'audio': expected base64.", "audio");
            default -> throw ProtocolError.of("invalid_value", "'" + type + "' is not for websockets.", "type");
        }
    }

    private void updateSession(ObjectNode changes) throws ProtocolError {
        settings.update(changes, responses.voiceIsHeard());
        input.use(settings.inputEncoding(), settings.turnDetection());
        sendSession("session.updated");
    }

    private void commitByHand() throws ProtocolError {
        int heldMillis = input.heldMillis();
        if (heldMillis < InputAudio.MIN_COMMIT_MILLIS) {
            throw ProtocolError.of(
                    "input_audio_buffer_commit_empty",
                    "Error committing input audio buffer: buffer too small. Expected at least "
                            + InputAudio.MIN_COMMIT_MILLIS + "ms of audio, but buffer only has " + heldMillis
                            + ".00ms of audio.",
                    null);
        }
        commit(input.isSpeaking() ? turnItemId : events.id("item_"), heldMillis);
    }

    /** What the buffer holds becomes the caller's next turn. */
    private void commit(String itemId, int speechMillis) {
        Segment segment = input.take();
        events.send(events.event("input_audio_buffer.committed")
                .put("previous_item_id", conversation.lastId())
                .put("item_id", itemId));
        ObjectNode json = ServerEvents.JSON
                .createObjectNode()
                .put("id", itemId)
                .put("object", "realtime.item")
                .put("type", "message")
                .put("status", "completed")
                .put("role", "user");
        json.putArray("content").addObject().put("type", "input_audio").putNull("transcript");
        Item item = new Item(json);
        item.heard = segment;
        receptionist.heard(speechMillis);
        conversation.add(item);
        String model = settings.transcriptionModel();
        if (model != null) transcriber.transcribe(item, model, speechMillis);
    }

    private void append(String frame) throws ProtocolError {
        log.in(AppendReader.TYPE, frame);
        if (!input.isWhole(appends.size())) {
            throw ProtocolError.of(
                    "invalid_value",
                    "Invalid 'audio': audio/pcm needs an even number of bytes, got " + appends.size() + ".",
                    "audio");
        }
        input.append(appends.bytes(), appends.size());
        long now = clock.nowMillis();
        if (firstSoundMillis == Long.MIN_VALUE) firstSoundMillis = now - input.writtenMillis();
        long lag = now - firstSoundMillis - input.writtenMillis();
        if (lag > lagMillis + GAP_MILLIS) {
            log.count("gaps in the caller's sound");
            lagMillis = lag;
        }
    }

    private void ping(long everyMillis) {
        clock.after(everyMillis, () -> {
            line.ping();
            ping(everyMillis);
        });
    }

    /** A response of the conversation is over, but may still be playing for so long. */
    private void answered(int unplayedMillis) {
        transcriber.answered();
        watchForSilence(unplayedMillis);
    }

    /** Starts the idle timeout: the caller has heard everything and says nothing. */
    private void watchForSilence(int unplayedMillis) {
        int idleMillis = settings.idleTimeoutMillis();
        if (idleMillis == 0) return;
        int watch = ++idleWatch;
        long startMillis = input.writtenMillis();
        clock.after((long) unplayedMillis + idleMillis, () -> {
            if (watch == idleWatch && !responses.isActive() && !input.isSpeaking()) timeOut(startMillis);
        });
    }

    private void timeOut(long startMillis) {
        String itemId = events.id("item_");
        events.send(events.event("input_audio_buffer.timeout_triggered")
                .put("audio_start_ms", startMillis)
                .put("audio_end_ms", input.writtenMillis())
                .put("item_id", itemId));
        commit(itemId, 0);
        responses.createAfterTurn(settings.object());
    }

    private void sendSession(String type) {
        ObjectNode event = events.event(type);
        event.set("session", settings.object());
        events.send(event);
    }

    private void refuse(ProtocolError error, @Nullable String eventId) {
        events.error(error, eventId);
        if (error.closeCode() == 0) return;
        close();
        line.close(error.closeCode(), error.closeReason());
    }

    private void send(String frame) {
        if (!closed) wire.send(frame);
    }
}

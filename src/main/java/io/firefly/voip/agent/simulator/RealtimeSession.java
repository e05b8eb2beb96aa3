package io.firefly.voip.agent.simulator;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firefly.voip.agent.simulator.Conversation.Item;
import io.firefly.voip.agent.simulator.ResponseRun.Pace;
import io.firefly.voip.agent.simulator.ResponseRun.Stage;
import io.firefly.voip.agent.simulator.ResponseRun.Timer;
import io.firefly.voip.agent.simulator.protocol.ProtocolError;
import io.firefly.voip.agent.simulator.protocol.ServerEvents;
import io.firefly.voip.agent.simulator.protocol.SessionRules;
import io.firefly.voip.agent.simulator.protocol.SessionSettings;
import io.firefly.voip.agent.simulator.sound.InputAudio;
import io.firefly.voip.agent.simulator.sound.InputAudio.Segment;
import io.firefly.voip.agent.simulator.sound.InputAudio.TurnDetection;
import io.firefly.voip.agent.simulator.sound.Voice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One connection: takes the client's events, answers them, and listens for turns. One thread: its event loop. */
final class RealtimeSession implements InputAudio.Listener {
    private static final String APPEND = "input_audio_buffer.append";
    private static final int TRANSCRIPTION_MILLIS = 200;
    private static final int SCRATCH_BYTES = 64 << 10;

    private final Line line;
    private final Timer timer;
    private final ServerEvents events;
    private final SessionSettings settings;
    private final Conversation conversation;
    private final Receptionist receptionist;
    private final Responses responses;
    private final InputAudio input = new InputAudio(this);
    private Scratch scratch = new Scratch();
    private boolean closed;
    private String turnItemId = "";
    private long turnStartMillis;
    private int idleWatch;

    RealtimeSession(Setup setup, Line line, Timer clock) {
        this.line = line;
        this.timer = (millis, task) -> clock.after(millis, () -> {
            if (!closed) task.run();
        });
        this.events = new ServerEvents(setup.seed(), this::send);
        this.settings = new SessionSettings(events.id("sess_"), setup.model(), setup.expiresAtEpochSecond());
        this.conversation = new Conversation(events);
        this.receptionist = new Receptionist(setup.hangUpAfterTurns(), setup.preamble());
        Stage stage = new Stage(events, conversation, setup.voice(), setup.pace(), timer, line::congested);
        this.responses = new Responses(stage, receptionist, this::watchForSilence);
    }

    /** What a session is made with. */
    record Setup(
            long seed,
            String model,
            long expiresAtEpochSecond,
            Voice voice,
            Pace pace,
            int hangUpAfterTurns,
            boolean preamble) {}

    /** The connection to the client. */
    interface Line {
        void send(String frame);

        void close(int code, String reason);

        /** True while the client reads too slowly. */
        boolean congested();
    }

    /** First event of a connection. */
    void open() {
        input.use(settings.inputEncoding(), settings.turnDetection());
        sendSession("session.created");
    }

    /** One text frame of the client. */
    void receive(String frame) {
        if (closed) return;
        String eventId = null;
        try {
            if (appended(frame)) return;
            JsonNode event = ServerEvents.JSON.readTree(frame);
            eventId = event.path("event_id").textValue();
            handle(SessionRules.checkEvent(event), (ObjectNode) event);
        } catch (JsonProcessingException e) {
            refuse(
                    ProtocolError.of("invalid_event", "The event is not valid JSON: " + e.getOriginalMessage(), null),
                    null);
        } catch (ProtocolError e) {
            refuse(e, eventId);
        }
    }

    /** The socket is gone, whoever closed it. */
    void close() {
        closed = true;
        responses.close();
        input.clear();
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
        if (settings.interruptsResponses()) responses.interrupt();
    }

    @Override
    public void speechStopped(long audioEndMillis) {
        events.send(events.event("input_audio_buffer.speech_stopped")
                .put("audio_end_ms", audioEndMillis)
                .put("item_id", turnItemId));
        TurnDetection rules = settings.turnDetection();
        int padding = rules == null ? 0 : rules.prefixPaddingMillis() + rules.silenceMillis();
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
            case APPEND -> throw ProtocolError.of("invalid_value", "Invalid 'audio': expected base64.", "audio");
            default -> throw ProtocolError.of("invalid_value", "'" + type + "' is not for websockets.", "type");
        }
    }

    private void updateSession(ObjectNode changes) throws ProtocolError {
        settings.update(changes, responses.voiceIsHeard());
        input.use(settings.inputEncoding(), settings.turnDetection());
        sendSession("session.updated");
    }

    /**
     * The fast path of the one event that comes fifty times a second: no tree is built.
     *
     * @return false when this is another event, or one with a mistake in it
     */
    private boolean appended(String frame) throws ProtocolError, JsonProcessingException {
        if (!frame.contains(APPEND)) return false;
        boolean isAppend = false;
        boolean hasAudio = false;
        scratch.reset();
        try (JsonParser parser = ServerEvents.JSON.createParser(frame)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) return false;
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                if (parser.nextToken() != JsonToken.VALUE_STRING) return false;
                switch (name) {
                    case "type" -> isAppend = parser.getText().equals(APPEND);
                    case "audio" -> hasAudio = decoded(parser);
                    case "event_id" -> parser.getText();
                    default -> {
                        return false;
                    }
                }
            }
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot fail to be read", e);
        }
        if (!isAppend || !hasAudio) return false;
        if (!input.isWhole(scratch.size())) {
            throw ProtocolError.of(
                    "invalid_value",
                    "Invalid 'audio': audio/pcm needs an even number of bytes, got " + scratch.size() + ".",
                    "audio");
        }
        input.append(scratch.bytes(), scratch.size());
        if (scratch.size() > SCRATCH_BYTES) scratch = new Scratch();
        return true;
    }

    private boolean decoded(JsonParser parser) throws IOException {
        try {
            parser.readBinaryValue(Base64Variants.MIME_NO_LINEFEEDS, scratch);
            return true;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            // Not base64: the slow path says so, with the client's event id.
            return false;
        }
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
        transcribe(item, speechMillis);
    }

    private void transcribe(Item item, int speechMillis) {
        String model = settings.transcriptionModel();
        if (model == null) return;
        String text = String.format(
                Locale.ROOT, "caller turn %d (%.1f s of speech)", receptionist.callerTurns(), speechMillis / 1000.0);
        int heardMillis = item.heardMillis();
        timer.after(TRANSCRIPTION_MILLIS, () -> {
            ((ObjectNode) item.json.path("content").get(0)).put("transcript", text);
            String family = "conversation.item.input_audio_transcription.";
            events.send(events.event(family + "delta")
                    .put("item_id", item.id())
                    .put("content_index", 0)
                    .put("delta", text)
                    .put("obfuscation", events.obfuscation(text.length())));
            ObjectNode completed = events.event(family + "completed")
                    .put("item_id", item.id())
                    .put("content_index", 0)
                    .put("transcript", text);
            completed.set("usage", transcriptionUsage(model, text, heardMillis));
            events.send(completed);
        });
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

    /** Starts the idle timeout: the caller has heard everything and says nothing. */
    private void watchForSilence(int unplayedMillis) {
        int idleMillis = settings.idleTimeoutMillis();
        if (idleMillis == 0) return;
        int watch = ++idleWatch;
        long startMillis = input.writtenMillis();
        timer.after((long) unplayedMillis + idleMillis, () -> {
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
        if (!closed) line.send(frame);
    }

    /** Decoded audio of one append, without a copy. */
    private static final class Scratch extends ByteArrayOutputStream {
        byte[] bytes() {
            return buf;
        }
    }
}

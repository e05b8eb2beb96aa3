package io.firefly.voip.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * As much of the OpenAI Realtime protocol as latencies need. One event loop serves all sockets, and notes when each frame
 * of a caller arrives.
 */
final class FakeProvider implements AutoCloseable {
    private static final String APPEND = "{\"type\":\"input_audio_buffer.append\",\"audio\":\"";
    private static final int DELTA_FRAMES = 10;
    private static final int PERIOD_MILLIS = 400;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What it says, and when. */
    enum Manner {
        /** 200 ms of stamped sound each 400 ms, so that every delta finds an empty queue. */
        TALKS,
        /**
         * 6 s of stamped sound at once, 200 ms after a caller has ended; it notices a caller who talks over it with
         * the fifth frame, 80 ms after the first. The stamp of an answer is when the caller ended plus what was the provider's own time.
         */
        TAKES_TURNS
    }

    private static final int NOTICED_FRAMES = 5;
    private static final int ENDED_FRAMES = 10;
    private static final int ANSWER_DELTAS = 30;

    private final Manner manner;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Samples arrival = new Samples();
    private volatile boolean measuring;

    FakeProvider(int port, Manner manner) throws IOException, InterruptedException {
        this.manner = manner;
        HttpServerOptions options = new HttpServerOptions().setTcpNoDelay(true);
        try {
            vertx.createHttpServer(options)
                    .webSocketHandler(socket -> new Session(socket).open())
                    .listen(port, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the fake provider cannot listen on port " + port, e);
        }
    }

    void measure(boolean on) {
        measuring = on;
    }

    /** From the caller's socket to here: on the wire, in the server, on the websocket. Read after {@link #close}. */
    Samples arrival() {
        return arrival;
    }

    private final class Session {
        private final ServerWebSocket socket;
        private final byte[] sound = new byte[DELTA_FRAMES * Stamp.FRAME];
        private int responses;
        private long timer = -1;
        private int speechFrames;
        private int silentFrames;
        private long lastStamp;
        private long lastArrival;

        private Session(ServerWebSocket socket) {
            this.socket = socket;
        }

        private void open() {
            socket.textMessageHandler(this::take);
            socket.closeHandler(gone -> vertx.cancelTimer(timer));
            say("{\"type\":\"session.created\",\"event_id\":\"e1\",\"session\":{\"id\":\"sess_bench\"}}");
        }

        private void take(String text) {
            if (text.startsWith(APPEND)) {
                heard(text, System.nanoTime());
                return;
            }
            try {
                JsonNode event = JSON.readTree(text);
                String type = event.path("type").asText();
                if (type.equals("session.update")) {
                    say("{\"type\":\"session.updated\",\"event_id\":\"e2\",\"session\":{\"id\":\"sess_bench\"}}");
                } else if (type.equals("response.create") && responses++ == 0) {
                    respond(event.path("response").path("metadata"));
                }
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("Firefly sent what is no JSON: " + text, e);
            }
        }

        private void heard(String text, long now) {
            byte[] frame = Base64.getDecoder().decode(text.substring(APPEND.length(), text.length() - 2));
            long stamp = Stamp.read(frame, 0, frame.length);
            if (stamp != Stamp.NONE && measuring) arrival.add(Stamp.age(stamp, now));
            if (manner == Manner.TAKES_TURNS && responses > 0) follow(stamp, now);
        }

        private void follow(long stamp, long now) {
            if (stamp != Stamp.NONE) {
                silentFrames = 0;
                lastStamp = now - Stamp.age(stamp, now);
                lastArrival = now;
                if (++speechFrames == NOTICED_FRAMES) {
                    turn("speech_started", "\"audio_start_ms\":0");
                    say("{\"type\":\"response.done\",\"event_id\":\"e6\",\"response\":{\"id\":\"resp_" + responses
                            + "\",\"status\":\"cancelled\",\"status_details\":{\"type\":\"cancelled\","
                            + "\"reason\":\"turn_detected\"},\"output\":[]}}");
                }
            } else if (speechFrames >= NOTICED_FRAMES && ++silentFrames == ENDED_FRAMES) {
                speechFrames = 0;
                turn("speech_stopped", "\"audio_end_ms\":0");
                turn("committed", "\"previous_item_id\":null");
                responses++;
                begin("null");
                long answered = System.nanoTime();
                for (int i = 0; i < ANSWER_DELTAS; i++) speak(lastStamp + answered - lastArrival);
            }
        }

        private void turn(String what, String more) {
            say("{\"type\":\"input_audio_buffer." + what + "\",\"event_id\":\"e7\",\"item_id\":\"turn_" + responses + "\","
                    + more + "}");
        }

        private void respond(JsonNode metadata) {
            begin(metadata.isObject() ? metadata.toString() : "null");
            if (manner == Manner.TALKS) timer = vertx.setPeriodic(PERIOD_MILLIS, tick -> speak(System.nanoTime()));
        }

        private void begin(String metadata) {
            say("{\"type\":\"response.created\",\"event_id\":\"e3\",\"response\":{\"id\":\"resp_" + responses
                    + "\",\"status\":\"in_progress\",\"metadata\":" + metadata + "}}");
            say("{\"type\":\"conversation.item.added\",\"event_id\":\"e4\",\"item\":{\"id\":\"item_" + responses
                    + "\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[]}}");
        }

        private void speak(long stamp) {
            for (int i = 0; i < DELTA_FRAMES; i++) Stamp.write(sound, i * Stamp.FRAME, stamp);
            say("{\"type\":\"response.output_audio.delta\",\"event_id\":\"e5\",\"response_id\":\"resp_" + responses
                    + "\",\"item_id\":\"item_" + responses + "\",\"output_index\":0,\"content_index\":0,\"delta\":\""
                    + Base64.getEncoder().encodeToString(sound) + "\"}");
        }

        private void say(String event) {
            socket.writeTextMessage(event).onFailure(gone -> vertx.cancelTimer(timer));
        }
    }

    @Override
    public void close() throws IOException {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the fake provider does not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

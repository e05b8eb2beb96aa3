package io.firefly.voip.agent.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.firefly.voip.agent.simulator.SimulatorServer.Options;
import io.firefly.voip.agent.simulator.protocol.ServerEvents;
import io.firefly.voip.agent.simulator.script.ScriptFormatException;
import io.firefly.voip.agent.simulator.script.ScriptReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What scripts and the control desk do to real sockets. */
@Timeout(30)
class SimulatorFaultsTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> journal = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init") // every test starts its own
    private SimulatorServer simulator;

    @AfterEach
    void stop() {
        if (simulator != null) simulator.close();
    }

    @Test
    void connectionsAreReceivedOneByOneAsTheScriptSays() throws Exception {
        start("""
                connections:
                  - {handshake: 429, retry-after: 2s}
                  - {handshake: 403}
                  - {handshake: invalid-key}
                  - {handshake: silent}
                  - {handshake-delay: 300ms}
                """, false);
        HttpResponse<?> busy = refusal();
        assertThat(busy.statusCode()).isEqualTo(429);
        assertThat(busy.headers().firstValue("Retry-After")).contains("2");
        assertThat(refusal().statusCode()).isEqualTo(403);
        Ear wrongKey = new Ear();
        open(wrongKey);
        assertThat(wrongKey.next().at("/error/code").asText()).isEqualTo("invalid_api_key");
        assertThat(wrongKey.closed.get(5, TimeUnit.SECONDS)).startsWith("3000");
        CompletableFuture<WebSocket> unanswered = connect(new Ear());
        await().until(() -> journal.contains("a connection is left without an answer"));
        long asked = System.nanoTime();
        Ear ear = new Ear();
        open(ear);
        assertThat(System.nanoTime() - asked).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(300));
        assertThat(ear.next().path("type").asText()).isEqualTo("session.created");
        assertThat(unanswered).isNotDone();
        assertThat(journal).contains("a connection is turned away with 429", "session 1 opened, model m");
    }

    @Test
    void aCutConnectionEndsWithoutACloseFrame() throws Exception {
        start("faults: [{after: 100ms, close: 1006}]", false);
        Ear ear = new Ear();
        open(ear);
        String end = ear.closed
                .handle((close, lost) -> lost == null ? close : "lost")
                .get(5, TimeUnit.SECONDS);
        assertThat(end).as("as the client tells it").matches("1006 .*|lost");
    }

    @Test
    void aPolitelyClosedConnectionSaysWhy() throws Exception {
        start("faults: [{after: 100ms, close: 1012, reason: restart}]", false);
        Ear ear = new Ear();
        open(ear);
        assertThat(ear.closed.get(5, TimeUnit.SECONDS)).isEqualTo("1012 restart");
    }

    @Test
    void theControlDeskTellsTheStateAndDoesFaults() throws Exception {
        start("{}", false);
        Ear ear = new Ear();
        WebSocket socket = open(ear);
        ear.next();
        socket.sendText("{\"type\":\"response.cancel\"}", true).join();
        ear.next();
        JsonNode state = json(control("GET", "/control/state", ""));
        assertThat(state.at("/sessions/0/counters/refused response.cancel").asInt())
                .isEqualTo(1);
        JsonNode frames = json(control("GET", "/control/frames?session=1", ""));
        assertThat(frames.toString()).contains("response_cancel_not_active");
        assertThat(control("GET", "/control/frames?session=7", "").body().strip())
                .isEqualTo("[ ]");

        assertThat(control("POST", "/control/fault", "error: server_error").statusCode())
                .isEqualTo(200);
        assertThat(ear.next().at("/error/code").asText()).isEqualTo("server_error");
        HttpResponse<String> wrong = control("POST", "/control/fault", "eror: server_error");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("fault:1:1").contains("unknown key");
        control("POST", "/control/fault?session=1", "{\"close\": 1011}");
        assertThat(ear.closed.get(5, TimeUnit.SECONDS)).startsWith("1011");

        assertThat(control("POST", "/control/script", "handshake: 503").statusCode())
                .isEqualTo(200);
        assertThat(refusal().statusCode()).isEqualTo(503);
        assertThat(control("POST", "/control/clock?advance=5", "").statusCode()).isEqualTo(409);
        assertThat(control("GET", "/control/what", "").statusCode()).isEqualTo(404);
    }

    @Test
    void theControlDeskIsNotForBrowsers() throws Exception {
        start("{}", false);
        HttpRequest page = HttpRequest.newBuilder(at("http", "/control/state"))
                .header("Origin", "https://example.com")
                .build();
        assertThat(http.send(page, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(403);
    }

    @Test
    void onAManualClockTenMinutesPassInAMoment() throws Exception {
        start("session-limit: 10m", true);
        Ear ear = new Ear();
        open(ear);
        assertThat(ear.next().path("type").asText()).isEqualTo("session.created");
        long began = System.nanoTime();
        assertThat(json(control("POST", "/control/clock?advance=599000", ""))
                        .path("now_ms")
                        .asInt())
                .isEqualTo(599_000);
        assertThat(ear.closed).isNotDone();
        control("POST", "/control/clock?advance=1000", "");
        assertThat(ear.next().at("/error/code").asText()).isEqualTo("session_expired");
        assertThat(ear.closed.get(5, TimeUnit.SECONDS)).startsWith("1001");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(control("POST", "/control/clock?advance=soon", "").statusCode())
                .isEqualTo(400);
    }

    private void start(String yaml, boolean manualClock) throws ScriptFormatException {
        Options options =
                new Options(ScriptReader.read("test.yaml", yaml, Path.of("")), null, manualClock, journal::add);
        simulator = SimulatorServer.start(SimulatorProperties.defaults().onPort(0), options);
    }

    private HttpResponse<?> refusal() {
        CompletionException refused = catchThrowableOfType(
                CompletionException.class,
                () -> connect(new Ear()).orTimeout(10, TimeUnit.SECONDS).join());
        if (refused.getCause() instanceof WebSocketHandshakeException told) return told.getResponse();
        throw new AssertionError("not refused by the handshake", refused);
    }

    private WebSocket open(Ear ear) {
        return connect(ear).orTimeout(10, TimeUnit.SECONDS).join();
    }

    private CompletableFuture<WebSocket> connect(Ear ear) {
        return http.newWebSocketBuilder()
                .header("Authorization", "Bearer k")
                .buildAsync(at("ws", "/v1/realtime?model=m"), ear);
    }

    private HttpResponse<String> control(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(at("http", path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return ServerEvents.JSON.readTree(answer.body());
    }

    private URI at(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + simulator.port() + path);
    }

    /** What a plain websocket hears. */
    private static final class Ear implements WebSocket.Listener {
        private final LinkedBlockingQueue<String> frames = new LinkedBlockingQueue<>();
        private final StringBuilder frame = new StringBuilder();
        private final CompletableFuture<String> closed = new CompletableFuture<>();

        JsonNode next() throws Exception {
            String next = frames.poll(10, TimeUnit.SECONDS);
            assertThat(next).as("a frame within ten seconds").isNotNull();
            return ServerEvents.JSON.readTree(next);
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            frame.append(data);
            if (last) {
                frames.add(frame.toString());
                frame.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
            closed.complete(statusCode + " " + reason);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}

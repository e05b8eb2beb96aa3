package io.firefly.voip.agent.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.helpers.RealtimeConnection;
import com.openai.helpers.RealtimeWebSocketOptions;
import com.openai.models.realtime.RealtimeResponse;
import com.openai.models.realtime.RealtimeServerEvent;
import io.firefly.voip.agent.simulator.sound.Voice;
import io.firefly.voip.agent.simulator.sound.Voice.Encoding;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server behind its socket: OpenAI's own client holds a conversation, strangers are turned away. */
@Timeout(30)
class SimulatorServerTest {
    private final SimulatorServer simulator =
            SimulatorServer.start(SimulatorProperties.defaults().onPort(0));
    private final Voice voice = Voice.load(200);

    @AfterEach
    void stop() {
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource({"PCMU,'{\"type\":\"audio/pcmu\"}'", "PCM,'{\"type\":\"audio/pcm\",\"rate\":24000}'"})
    void theOfficialClientHoldsAConversation(Encoding encoding, String format) throws Exception {
        try (RealtimeConnection client = connect()) {
            until(client, RealtimeServerEvent::isSessionCreated);
            send(client, sessionUpdate(format));
            until(client, RealtimeServerEvent::isSessionUpdated);
            send(client, "{\"type\":\"response.create\"}");
            assertThat(said(client)).startsWith("Hello, this is the Firefly receptionist.");

            speak(client, encoding, "answer-4");
            until(client, RealtimeServerEvent::isInputAudioBufferSpeechStarted);
            until(client, RealtimeServerEvent::isInputAudioBufferSpeechStopped);
            String item = until(client, RealtimeServerEvent::isResponseOutputAudioDelta)
                    .asResponseOutputAudioDelta()
                    .itemId();

            speak(client, encoding, "answer-4");
            until(client, RealtimeServerEvent::isInputAudioBufferSpeechStarted);
            assertThat(until(client, RealtimeServerEvent::isResponseDone)
                            .asResponseDone()
                            .response()
                            .status())
                    .contains(RealtimeResponse.Status.CANCELLED);
            send(
                    client,
                    "{\"type\":\"conversation.item.truncate\",\"item_id\":\"" + item
                            + "\",\"content_index\":0,\"audio_end_ms\":120}");
            until(client, RealtimeServerEvent::isConversationItemTruncated);
            assertThat(said(client)).startsWith("Your order left our warehouse");

            speak(client, encoding, "answer-4");
            String callId = until(client, RealtimeServerEvent::isResponseFunctionCallArgumentsDone)
                    .asResponseFunctionCallArgumentsDone()
                    .callId();
            until(client, RealtimeServerEvent::isResponseDone);
            send(
                    client,
                    "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"function_call_output\","
                            + "\"call_id\":\"" + callId + "\",\"output\":\"{}\"}}");
            send(client, "{\"type\":\"response.create\"}");
            assertThat(said(client)).isEqualTo("Thank you for calling. Goodbye!");
            assertThat(simulator.openSessions()).isEqualTo(1);
        }
        await().atMost(Duration.ofSeconds(5)).until(() -> simulator.openSessions() == 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ?model=m                 | none              | 3000 | invalid_api_key
        ?model=m                 | Bearer            | 3000 | invalid_api_key
        ''                       | Bearer k          | 4000 | missing_model
        ?model=                  | Bearer k          | 4000 | missing_model
        ?model=m&intent=x        | Bearer k          | 4000 | invalid_intent
        ?model=m&call_id=rtc_1   | Bearer k          | 4000 | invalid_call_id
        ?intent=                 | Bearer k          | 4000 | invalid_intent
        ?call_id=rtc_1           | Bearer k          | 4000 | invalid_call_id
        """)
    void strangersHearWhyTheyAreTurnedAway(String query, String authorization, int code, String reason)
            throws Exception {
        WebSocket.Builder knock = HttpClient.newHttpClient().newWebSocketBuilder();
        if (!authorization.equals("none")) knock.header("Authorization", authorization);
        Ear ear = new Ear();
        knock.buildAsync(at("/v1/realtime" + query), ear).join();
        assertThat(ear.next()).contains("\"type\":\"error\"").contains("\"code\":\"" + reason + "\"");
        assertThat(ear.closed.get(5, TimeUnit.SECONDS)).isEqualTo(code + " invalid_request_error." + reason);
        await().atMost(Duration.ofSeconds(5)).until(() -> simulator.openSessions() == 0);
    }

    @Test
    void theBetaHeaderIsTheEnd() throws Exception {
        Ear ear = new Ear();
        HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer k")
                .header("OpenAI-Beta", "realtime=v1")
                .buildAsync(at("/v1/realtime?model=m"), ear)
                .join();
        assertThat(ear.closed.get(5, TimeUnit.SECONDS)).isEqualTo("4000 invalid_request_error.beta_api_shape_disabled");
    }

    @Test
    void browsersMayShowTheirKeyAsASubprotocol() throws Exception {
        Ear ear = new Ear();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("realtime", "openai-insecure-api-key.k")
                .buildAsync(at("/v1/realtime?model=m"), ear)
                .join();
        assertThat(socket.getSubprotocol()).isEqualTo("realtime");
        assertThat(ear.next()).contains("session.created");
        socket.abort();
        await().atMost(Duration.ofSeconds(5)).until(() -> simulator.openSessions() == 0);
    }

    @Test
    void otherPathsAreNotServed() {
        assertThatThrownBy(() -> HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .header("Authorization", "Bearer k")
                        .buildAsync(at("/v1/live/sessions"), new Ear())
                        .join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(WebSocketHandshakeException.class, refused -> assertThat(
                                refused.getResponse().statusCode())
                        .isEqualTo(404));
    }

    @Test
    void theLargestLegalAppendIsTaken() throws Exception {
        Ear ear = new Ear();
        WebSocket socket = open(ear);
        assertThat(ear.next()).contains("session.created");
        String silence = Base64.getEncoder().encodeToString(new byte[15 << 20]);
        socket.sendText("{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + silence + "\"}", true)
                .join();
        socket.sendText("{\"type\":\"input_audio_buffer.clear\"}", true).join();
        assertThat(ear.next()).contains("input_audio_buffer.cleared");
        socket.abort();
    }

    @Test
    void stoppingTheServerEndsEverySession() throws Exception {
        Ear ear = new Ear();
        open(ear);
        assertThat(ear.next()).contains("session.created");
        simulator.close();
        assertThat(ear.closed.get(5, TimeUnit.SECONDS)).startsWith("1001");
        assertThat(simulator.openSessions()).isZero();
        simulator.close();
    }

    @Test
    void aBusyPortStopsTheStartWithTheNameOfTheKey() {
        SimulatorProperties taken = SimulatorProperties.defaults().onPort(simulator.port());
        assertThatThrownBy(() -> SimulatorServer.start(taken)).hasMessageContaining("firefly.simulator.port");
    }

    private WebSocket open(Ear ear) {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer k")
                .buildAsync(at("/v1/realtime?model=m"), ear)
                .join();
    }

    private URI at(String pathAndQuery) {
        return URI.create("ws://127.0.0.1:" + simulator.port() + pathAndQuery);
    }

    @SuppressWarnings("MustBeClosedChecker") // the caller closes the client and with it the options
    private RealtimeConnection connect() {
        ClientOptions options = ClientOptions.builder()
                .httpClient(OkHttpClient.builder().build())
                .baseUrl("http://127.0.0.1:" + simulator.port() + "/v1")
                .apiKey("sk-test")
                .responseValidation(true)
                .build();
        return RealtimeConnection.connect(
                options,
                RealtimeWebSocketOptions.builder().model("gpt-realtime-2.1").build());
    }

    private static String sessionUpdate(String format) {
        return "{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"audio\":{\"input\":{\"format\":"
                + format
                + ",\"transcription\":{\"model\":\"gpt-transcribe\"},\"turn_detection\":{\"type\":\"server_vad\","
                + "\"threshold\":0.6,\"silence_duration_ms\":500}},\"output\":{\"format\":" + format
                + "}},\"tools\":[{\"type\":\"function\",\"name\":\"hang_up\"}]}}";
    }

    /** The official client refuses a frame while the one before it is still being written. */
    private static void send(RealtimeConnection client, String event) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .ignoreExceptionsMatching(
                        refused -> String.valueOf(refused.getMessage()).contains("buffer is full"))
                .until(() -> {
                    client.send(OfficialSdk.clientEvent(event));
                    return true;
                });
    }

    private void speak(RealtimeConnection client, Encoding encoding, String prompt) {
        short[] speech = Voice.resample(voice.recording(prompt), encoding);
        byte[] bytes = encoding.encode(Arrays.copyOf(speech, speech.length + 700 * encoding.samplesPerMilli()));
        int frame = 200 * encoding.bytesPerMilli();
        for (int at = 0; at < bytes.length; at += frame) {
            byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + frame));
            send(
                    client,
                    "{\"type\":\"input_audio_buffer.append\",\"audio\":\""
                            + Base64.getEncoder().encodeToString(piece) + "\"}");
        }
    }

    /** Passes over events until one is wanted; an error is never passed over. */
    private static RealtimeServerEvent until(RealtimeConnection client, Predicate<RealtimeServerEvent> wanted) {
        while (true) {
            RealtimeServerEvent event = client.receive();
            if (wanted.test(event)) return event;
            assertThat(event.isError()).as(event.toString()).isFalse();
        }
    }

    /** The next sentence that is said to its end. */
    private static String said(RealtimeConnection client) {
        String transcript = until(client, RealtimeServerEvent::isResponseOutputAudioTranscriptDone)
                .asResponseOutputAudioTranscriptDone()
                .transcript();
        until(client, RealtimeServerEvent::isResponseDone);
        return transcript;
    }

    /** What a plain websocket hears. */
    private static final class Ear implements WebSocket.Listener {
        private final LinkedBlockingQueue<String> frames = new LinkedBlockingQueue<>();
        private final StringBuilder frame = new StringBuilder();
        private final CompletableFuture<String> closed = new CompletableFuture<>();

        String next() throws InterruptedException {
            String next = frames.poll(10, TimeUnit.SECONDS);
            assertThat(next).as("a frame within ten seconds").isNotNull();
            return String.valueOf(next);
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

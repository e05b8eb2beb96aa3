package io.firefly.voip.speech;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.firefly.voip.agent.pipeline.http.Waves;
import io.firefly.voip.speech.Program.ProgramException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Three endpoints as OpenAI has them, on the loopback interface. Four requests at a time. */
final class SpeechServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SpeechServer.class);
    private static final int MAX_BODY_BYTES = 8 << 20;
    private static final int MAX_INPUT_CHARS = 4_096;
    private static final int THREADS = 4;
    private static final int BARE_RATE_HZ = 16_000;
    private static final String JSON = "application/json";

    private final ObjectMapper json = new ObjectMapper();
    private final Synthesiser synthesiser;
    private final Recogniser recogniser;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "speech-server");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param port 0 takes any free one
     * @param voice of espeak-ng
     */
    SpeechServer(int port, String voice, Path grammar) throws IOException {
        synthesiser = new Synthesiser(voice);
        recogniser = new Recogniser(grammar);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    /**
     * What is missing, as a sentence that names the packages; null when nothing is.
     *
     * @param folders as in PATH
     */
    static @Nullable String missing(String folders) {
        List<String> missing = List.of(Synthesiser.PROGRAM, Recogniser.PROGRAM).stream()
                .filter(program -> !Program.isInstalled(program, folders))
                .toList();
        return missing.isEmpty()
                ? null
                : String.join(" and ", missing) + " not found: apt install espeak-ng pocketsphinx pocketsphinx-en-us";
    }

    String baseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String what =
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
            if (body.length > MAX_BODY_BYTES) {
                hearOut(exchange.getRequestBody());
                refuse(exchange, 413, "the body is larger than " + MAX_BODY_BYTES + " bytes");
                return;
            }
            try {
                answer(exchange, what, body);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ProgramException e) {
                log.warn("{}: {}", what, e.getMessage());
                refuse(exchange, 500, e.getMessage());
            } catch (JsonProcessingException e) {
                refuse(exchange, 400, "the body is not the JSON of this endpoint: " + e.getOriginalMessage());
            } catch (IOException e) {
                refuse(exchange, 400, e.getMessage());
            }
        }
    }

    private void answer(HttpExchange exchange, String what, byte[] body) throws IOException, InterruptedException {
        switch (what) {
            case "POST /v1/audio/transcriptions" -> transcribe(exchange, body);
            case "POST /v1/chat/completions" -> chat(exchange, json.readTree(body));
            case "POST /v1/audio/speech" -> speak(exchange, json.readTree(body));
            default ->
                refuse(
                        exchange,
                        404,
                        what + " is not there; POST /v1/audio/transcriptions, /v1/chat/completions and"
                                + " /v1/audio/speech are");
        }
    }

    private void transcribe(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        String text = recogniser.recognise(Waves.read(FormFile.in(body), BARE_RATE_HZ));
        log.info("heard \"{}\"", text);
        send(exchange, 200, JSON, json.writeValueAsBytes(Map.of("text", text)));
    }

    private void chat(HttpExchange exchange, JsonNode request) throws IOException {
        if (request.path("messages").isEmpty()) throw new IOException("messages are missing");
        Receptionist.Answer answer = Receptionist.answer(request);
        log.info("answered \"{}\"", answer.text());
        boolean streams = request.path("stream").asBoolean();
        byte[] body = Completion.of(json, answer, streams).getBytes(StandardCharsets.UTF_8);
        send(exchange, 200, streams ? "text/event-stream" : JSON, body);
    }

    private void speak(HttpExchange exchange, JsonNode request) throws IOException, InterruptedException {
        String input = request.path("input").asText().strip();
        if (input.isEmpty() || input.length() > MAX_INPUT_CHARS) {
            throw new IOException("input must be a text of 1 to " + MAX_INPUT_CHARS + " characters");
        }
        double speed = Math.max(0.25, Math.min(4, request.path("speed").asDouble(1.0)));
        send(exchange, 200, "audio/wav", Waves.write(synthesiser.speak(input, speed)));
    }

    /** Who is still sending hears no answer: a closed connection takes it away. Twice as much is enough patience. */
    private static void hearOut(InputStream body) throws IOException {
        byte[] piece = new byte[1 << 16];
        long heard = 0;
        for (int read = 0; read >= 0 && heard < 2L * MAX_BODY_BYTES; heard += read) read = body.read(piece);
    }

    private void refuse(HttpExchange exchange, int status, @Nullable String message) throws IOException {
        String words = message == null ? "the request cannot be read" : message;
        send(exchange, status, JSON, json.writeValueAsBytes(Map.of("error", Map.of("message", words))));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

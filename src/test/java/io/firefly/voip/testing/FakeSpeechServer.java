package io.firefly.voip.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.firefly.voip.agent.pipeline.http.Waves;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.Tones;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Three OpenAI-compatible endpoints that do as they are told: words without ears, tones instead of a voice. */
public final class FakeSpeechServer implements AutoCloseable {
    public static final String TRANSCRIBE = "/v1/audio/transcriptions";
    public static final String GENERATE = "/v1/chat/completions";
    public static final String SPEAK = "/v1/audio/speech";
    /** How long one character takes to say. */
    public static final int MILLIS_PER_CHARACTER = 40;

    private static final AudioFormat RATE = AudioFormat.REALTIME_PCM;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<String> transcripts = new ConcurrentLinkedQueue<>();
    private final Queue<List<String>> answers = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> failing = new ConcurrentHashMap<>();
    private final Map<String, Long> delays = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Supplier<Fault> faults = () -> Fault.NONE;

    /** What may become of a request. */
    public enum Fault {
        NONE,
        /** 503. */
        REFUSED,
        /** Nothing comes for as long as the server lives. */
        STALLED,
        /** The connection breaks in the middle of the answer. */
        BROKEN
    }

    /** What was asked.
     *
     * @param text the body, a character per byte */
    public record Request(String path, String authorization, String text) {}

    public FakeSpeechServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("no port", e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    public String baseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /** What the next turn of the caller will have been; without one it is "hello". */
    public FakeSpeechServer hears(String text) {
        transcripts.add(text);
        return this;
    }

    /** The lines of the next answer after {@code data:}; without one the words come back. */
    public FakeSpeechServer answers(String... chunks) {
        answers.add(List.of(chunks));
        return this;
    }

    /** A chunk of text. */
    public static String text(String words) {
        return "{\"choices\":[{\"delta\":{\"content\":\"" + words.replace("\"", "\\\"") + "\"}}]}";
    }

    /** A chunk that calls a function, or goes on with it. */
    public static String tool(String id, String name, String arguments) {
        String escaped = arguments.replace("\"", "\\\"");
        return "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"" + id + "\",\"function\":{\"name\":\""
                + name + "\",\"arguments\":\"" + escaped + "\"}}]}}]}";
    }

    /** That endpoint answers so many times with 503. */
    public FakeSpeechServer fails(String path, int times) {
        failing.put(path, times);
        return this;
    }

    /** Asked for every request. */
    public FakeSpeechServer faults(Supplier<Fault> source) {
        faults = source;
        return this;
    }

    public FakeSpeechServer delays(String path, long millis) {
        delays.put(path, millis);
        return this;
    }

    public List<Request> requests(String path) {
        return requests.stream().filter(request -> request.path().equals(path)).toList();
    }

    /** The conversation as the model was told it last. */
    public JsonNode messages() {
        try {
            List<Request> asked = requests(GENERATE);
            return json.readTree(asked.get(asked.size() - 1).text()).path("messages");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] body = exchange.getRequestBody().readAllBytes();
            String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            requests.add(new Request(path, authorization, new String(body, StandardCharsets.ISO_8859_1)));
            Fault fault = faults.get();
            if (fault == Fault.STALLED)
                LockSupport.parkNanos(Duration.ofMinutes(5).toNanos());
            if (fault == Fault.BROKEN) {
                exchange.getResponseHeaders().add("Content-Type", "audio/wav");
                exchange.sendResponseHeaders(200, 100_000);
                exchange.getResponseBody().write(new byte[1_000]);
                return;
            }
            LockSupport.parkNanos(delays.getOrDefault(path, 0L) * 1_000_000);
            if (fault == Fault.REFUSED || failing.merge(path, -1, Integer::sum) >= 0) {
                send(exchange, 503, "{\"error\":{\"message\":\"as it was told to\"}}".getBytes(StandardCharsets.UTF_8));
                return;
            }
            switch (path) {
                case TRANSCRIBE -> {
                    String text = transcripts.isEmpty() ? "hello" : transcripts.remove();
                    send(exchange, 200, json.writeValueAsBytes(Map.of("text", text)));
                }
                case GENERATE -> chat(exchange, json.readTree(body));
                case SPEAK -> send(exchange, 200, speech(json.readTree(body)));
                default -> send(exchange, 404, new byte[0]);
            }
        }
    }

    private void chat(HttpExchange exchange, JsonNode asked) throws IOException {
        JsonNode messages = asked.path("messages");
        String last = messages.path(messages.size() - 1).path("content").asText();
        List<String> chunks = answers.isEmpty()
                ? List.of(text("You said "), text(last + ". "), text("What else?"))
                : answers.remove();
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            for (String chunk : chunks) {
                out.write(("data: " + chunk + "\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
            String usage = "{\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7}}";
            out.write(("data: " + usage + "\n\ndata: [DONE]\n\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static byte[] speech(JsonNode asked) {
        int millis = asked.path("input").asText().length() * MILLIS_PER_CHARACTER;
        return Waves.write(new Sound(RATE, Tones.sine(RATE, 440, -12, millis)));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

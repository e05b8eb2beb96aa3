package io.firefly.voip.agent.pipeline.http;

import io.firefly.voip.agent.pipeline.settings.PipelineProperties.Access;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** Sends requests and tries again where that is safe: before anything came back. Any thread; waits. */
final class HttpCaller {
    private static final Set<Integer> WORTH_ANOTHER_TRY = Set.of(408, 429, 500, 502, 503, 504);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final long PAUSE_MILLIS = 150;
    private static final int MAX_QUOTE_BYTES = 2_000;
    private static final int MAX_QUOTE_CHARS = 160;
    private static final Pattern SECRET = Pattern.compile("(sk|ek)[-_][A-Za-z0-9*_.-]+");

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            // An upgrade to HTTP/2 in clear (RFC 7540 3.2) makes several of these servers answer 400.
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /** What is to be sent. */
    record Call(Access access, String path, String contentType, BodyPublisher body) {}

    /**
     * The body of a 200, which the caller closes.
     *
     * @throws IOException naming what the server answered, or that it did not
     */
    InputStream post(Call call) throws IOException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            boolean last = attempt >= call.access().retries();
            try {
                HttpResponse<InputStream> response = client.send(request(call), BodyHandlers.ofInputStream());
                if (response.statusCode() == 200) return new Answer(response.body(), call.access());
                String words = quote(response);
                if (last || !WORTH_ANOTHER_TRY.contains(response.statusCode())) {
                    throw new RefusedException(call.access(), response.statusCode(), words);
                }
            } catch (RefusedException e) {
                throw e;
            } catch (IOException e) {
                if (last)
                    throw new IOException("no answer from " + call.access().baseUrl() + " (" + reason(e) + ")", e);
            }
            pause(attempt);
        }
    }

    /** What breaks off says whose it was. */
    private static final class Answer extends FilterInputStream {
        private final Access access;

        Answer(InputStream body, Access access) {
            super(body);
            this.access = access;
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException e) {
                throw brokenOff(e);
            }
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            try {
                return super.read(to, offset, length);
            } catch (IOException e) {
                throw brokenOff(e);
            }
        }

        private IOException brokenOff(IOException e) {
            return new IOException("the answer from " + access.baseUrl() + " broke off (" + reason(e) + ")", e);
        }
    }

    /** What a server said instead of doing it. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(Access access, int status, String words) {
            super(access.baseUrl().getHost() + " answered HTTP " + status + words + hint(access, status));
        }

        private static String hint(Access access, int status) {
            return switch (status) {
                case 401, 403 -> ": check the API key (firefly.pipeline.api-key or of the stage)";
                case 404 -> ": check the base-url, which ends in /v1, and the model " + access.model();
                case 429 -> ": rate limit or quota";
                default -> "";
            };
        }
    }

    private static HttpRequest request(Call call) {
        Access access = call.access();
        String base = access.baseUrl().toString().replaceAll("/+$", "");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + call.path()))
                .timeout(access.timeout())
                .header("Content-Type", call.contentType())
                .POST(call.body());
        if (!access.apiKey().isBlank()) request.header("Authorization", "Bearer " + access.apiKey());
        return request.build();
    }

    private static void pause(int attempt) throws InterruptedException {
        long millis = (PAUSE_MILLIS << attempt) + ThreadLocalRandom.current().nextLong(PAUSE_MILLIS);
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
        if (Thread.interrupted()) throw new InterruptedException("no further try");
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }

    /** Foreign text for one log line: no key, no control characters, bounded. */
    private static String quote(HttpResponse<InputStream> response) throws IOException {
        try (InputStream body = response.body()) {
            String text = new String(body.readNBytes(MAX_QUOTE_BYTES), StandardCharsets.UTF_8);
            String harmless = SECRET.matcher(text)
                    .replaceAll("***")
                    .replaceAll("[\\p{Cntrl}\\s]+", " ")
                    .strip();
            if (harmless.isEmpty()) return "";
            boolean fits = harmless.length() <= MAX_QUOTE_CHARS;
            return " (" + (fits ? harmless : harmless.substring(0, MAX_QUOTE_CHARS) + "...") + ")";
        }
    }
}

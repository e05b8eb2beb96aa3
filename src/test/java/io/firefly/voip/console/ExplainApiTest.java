package io.firefly.voip.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firefly.voip.camel.reload.RouteLibrary;
import io.firefly.voip.sip.SipFront;
import io.firefly.voip.testing.RunningFirefly;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.Environment;

/** {@code POST /api/routes/explain} of a running exchange: its own routes, tenants and settings, and no call. */
class ExplainApiTest {
    private final HttpClient http = HttpClient.newHttpClient();

    private HttpRequest request(RunningFirefly firefly, String question) {
        String port = firefly.bean(Environment.class).getProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/routes/explain"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(question))
                .build();
    }

    private HttpResponse<String> ask(RunningFirefly firefly, String question) throws IOException, InterruptedException {
        return http.send(request(firefly, question), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void theRoutesThatServeNowAreExplained(@TempDir Path routes) throws Exception {
        copyRoutes(routes);
        try (RunningFirefly firefly = RunningFirefly.with(
                "firefly.routes.directory", routes.toString(), "firefly.routes.versions", routes + "/../versions")) {
            JsonNode echo = json(ask(firefly, "{\"to\": \"echo\", \"at\": \"2026-12-24T18:00\"}"));
            assertThat(echo.path("outcome").asText()).isEqualTo("echo");
            assertThat(echo.path("trusted").asBoolean()).isTrue();
            JsonNode stranger = json(ask(firefly, "{\"to\": \"echo\", \"source\": \"203.0.113.7\"}"));
            assertThat(stranger.path("status").asInt()).isEqualTo(401);

            Path file = routes.resolve("callflow-echo.camel.yaml");
            Files.writeString(file, Files.readString(file).replace("uri: call:echo", "uri: call:end"));
            RouteLibrary library = firefly.bean(RouteLibrary.class);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> library.lastResult().orElseThrow().summary().contains("callflow-echo")
                            && !library.lastResult().orElseThrow().summary().contains("inbound"));
            assertThat(json(ask(firefly, "{\"to\": \"echo\"}")).path("outcome").asText())
                    .isEqualTo("ends normal");

            badQuestions(firefly);
            manyAtOnce(firefly);
            assertThat(firefly.bean(SipFront.class).openDialogs()).isZero();
        }
    }

    private void badQuestions(RunningFirefly firefly) throws Exception {
        for (String[] each : List.of(
                new String[] {"{}", "'to' is missing"},
                new String[] {"{\"tto\": \"echo\"}", "did you mean 'to'?"},
                new String[] {"{\"to\": \"echo\", \"at\": \"soon\"}", "'at' must be a time"},
                new String[] {"{\"to\": \"echo\", \"source\": \"example.com\"}", "must be an IP address"},
                new String[] {"{\"to\": \"echo\", \"headers\": {\"a\": null}}", "must be text"},
                new String[] {"nonsense", "not the JSON"},
                new String[] {"null", "must be a JSON object"})) {
            HttpResponse<String> answer = ask(firefly, each[0]);
            assertThat(answer.statusCode()).as(each[0]).isEqualTo(400);
            assertThat(answer.body()).contains(each[1]);
        }
    }

    private void manyAtOnce(RunningFirefly firefly) {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(http.sendAsync(request(firefly, "{\"to\": \"chat\"}"), HttpResponse.BodyHandlers.ofString()));
        }
        assertThat(answers)
                .extracting(answer -> answer.join().statusCode())
                .contains(200)
                .isSubsetOf(200, 503);
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }

    private static void copyRoutes(Path target) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.filter(Files::isRegularFile).toList())
                Files.copy(file, target.resolve(Objects.requireNonNull(file.getFileName())));
        }
    }
}

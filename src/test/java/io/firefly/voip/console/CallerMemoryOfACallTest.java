package io.firefly.voip.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.memory.CallerMemory;
import io.firefly.voip.memory.CallerMemory.Caller;
import io.firefly.voip.testing.RunningFirefly;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.Environment;

/** {@code /api/callers} of a running exchange, with its database. */
class CallerMemoryOfACallTest {
    private final HttpClient http = HttpClient.newHttpClient();

    private HttpResponse<String> ask(RunningFirefly firefly, String method, String path)
            throws IOException, InterruptedException {
        String port = firefly.bean(Environment.class).getProperty("local.server.port");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/callers/" + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void whatACallLeftIsReadAndDeletedOverHttp() throws Exception {
        try (RunningFirefly firefly = RunningFirefly.with("firefly.caller-memory.enabled", "true")) {
            Caller anna = new Caller("acme", "+15550100");
            CallerMemory memory = firefly.bean(CallerMemory.class);
            memory.keep(anna, List.of("caller: my name is Anna"));
            memory.keep(new Caller("acme", "sip user & son"), List.of("caller: hello"));

            assertThat(ask(firefly, "GET", "acme/+15550100/memory"))
                    .returns(200, HttpResponse::statusCode)
                    .satisfies(
                            answer -> assertThat(answer.body()).contains("\"caller: my name is Anna\"", "\"at\":\"20"));
            assertThat(ask(firefly, "GET", "acme/sip%20user%20&%20son/memory").statusCode())
                    .isEqualTo(200);
            assertThat(ask(firefly, "GET", "acme/%00/memory").statusCode()).isEqualTo(400);
            assertThat(ask(firefly, "GET", "acme/..%2F..%2Froutes/memory").statusCode())
                    .isEqualTo(400);
            assertThat(ask(firefly, "POST", "acme/+15550100/memory").statusCode())
                    .isEqualTo(405);
            assertThat(ask(firefly, "DELETE", "acme/+15550100/memory").statusCode())
                    .isEqualTo(204);
            assertThat(ask(firefly, "DELETE", "acme/+15550100/memory").statusCode())
                    .isEqualTo(404);
            assertThat(memory.recall(anna)).isEmpty();
        }
    }
}

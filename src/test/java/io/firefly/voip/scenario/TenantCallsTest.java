package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.callcontrol.CallController;
import io.firefly.voip.tenant.TenantBook;
import io.firefly.voip.testing.RunningFirefly;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;

/** Tenants of a database, called by telephone. */
class TenantCallsTest {
    private RunningFirefly firefly;

    @BeforeEach
    void start() {
        firefly = RunningFirefly.with(
                "firefly.tenants.source", "sql",
                "firefly.tenants.refresh", "100ms",
                "firefly.usage.settle-interval", "100ms",
                "spring.datasource.url", url());
    }

    String url() {
        return "jdbc:h2:mem:tenant-calls";
    }

    @AfterEach
    void stop() {
        if (firefly == null) return;
        await().until(() -> firefly.bean(CallController.class).calls().isEmpty());
        firefly.close();
    }

    @Test
    void whatATenantMayNotHaveItHearsInTheRightCode() throws IOException {
        var jdbc = firefly.bean(JdbcTemplate.class);
        jdbc.update("INSERT INTO tenant (id, callflow, concurrent_calls) VALUES ('full', 'echo', 1)");
        jdbc.update("INSERT INTO tenant (id, callflow, calls_per_second) VALUES ('fast', 'echo', 1)");
        jdbc.update("INSERT INTO tenant (id, callflow, minutes_per_day) VALUES ('spent', 'echo', 1)");
        jdbc.update("INSERT INTO tenant_number VALUES ('full', 'number', '5551')");
        jdbc.update("INSERT INTO tenant_number VALUES ('fast', 'number', '5552')");
        jdbc.update("INSERT INTO tenant_number VALUES ('spent', 'number', '5553')");
        jdbc.update("INSERT INTO tenant_minutes VALUES ('spent', ?, 60000)", LocalDate.now(ZoneOffset.UTC));
        jdbc.update("UPDATE directory_version SET version = version + 1");
        await().until(() -> firefly.bean(TenantBook.class).tenants().size() == 4);

        try (Caller first = Caller.connected(firefly, "5551")) {
            assertThat(answerTo("5551")).startsWith("SIP/2.0 486 ");
            first.hangUp();
        }
        await().untilAsserted(() -> assertThat(answerTo("5551")).startsWith("SIP/2.0 200 "));
        List<String> atOnce = answersAtOnceTo("5552", 4);
        assertThat(atOnce).anyMatch(answer -> answer.startsWith("SIP/2.0 200 "));
        assertThat(atOnce)
                .anyMatch(answer -> answer.startsWith("SIP/2.0 503 ")
                        && !Caller.header(answer, "Retry-After").isEmpty());
        await().untilAsserted(() -> assertThat(answerTo("5553")).startsWith("SIP/2.0 480 "));
        assertThat(jdbc.queryForObject("SELECT talk_millis FROM tenant_minutes WHERE tenant_id = 'full'", Long.class))
                .isPositive();
        assertThat(firefly.bean(MeterRegistry.class)
                        .get("firefly.tenant.refusals")
                        .tags("tenant", "fast", "reason", "too-fast")
                        .counter()
                        .count())
                .isPositive();
    }

    private List<String> answersAtOnceTo(String number, int calls) throws IOException {
        List<Caller> callers = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        try {
            for (int i = 0; i < calls; i++) callers.add(new Caller(firefly, number));
            for (Caller caller : callers) caller.invite();
            for (Caller caller : callers) {
                String answer = caller.awaitFinal("INVITE");
                answers.add(answer);
                if (!answer.startsWith("SIP/2.0 200")) continue;
                caller.ack();
                caller.hangUp();
            }
        } finally {
            for (Caller caller : callers) caller.close();
        }
        return answers;
    }

    /** The final response; what is answered is hung up. */
    private String answerTo(String number) throws IOException {
        try (Caller caller = new Caller(firefly, number)) {
            caller.invite();
            String answer = caller.awaitFinal("INVITE");
            if (answer.startsWith("SIP/2.0 200")) {
                caller.ack();
                caller.hangUp();
            }
            return answer;
        }
    }

    @Test
    void theSchemasAreServed() throws Exception {
        String port = firefly.bean(Environment.class).getProperty("local.server.port");
        for (String name : new String[] {"tenants", "agents"}) {
            var answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/schema/" + name + ".json"))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type")).contains("application/json");
            assertThat(answer.body()).contains("\"additionalProperties\": false");
        }
    }
}

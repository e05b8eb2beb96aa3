package io.firefly.voip.ops.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.firefly.voip.call.Call;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.Source;
import io.firefly.voip.callcontrol.CallController;
import io.firefly.voip.registrar.LocationService;
import io.firefly.voip.registrar.Registrar;
import io.firefly.voip.tenant.TenantBook;
import io.firefly.voip.testing.Calls;
import io.firefly.voip.testing.Operator;
import io.firefly.voip.testing.RunningFirefly;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.Environment;

/** Calls, registrations, sources and the node as an operator sees them through Jolokia. */
@ExtendWith(OutputCaptureExtension.class)
class CallMBeansTest {
    private static final String NODE = "io.firefly:type=Node";
    private static final String REGISTRATIONS = "io.firefly:type=Registrations";
    private static RunningFirefly firefly;
    private static CallController calls;
    private static Operator operator;

    @BeforeAll
    static void start() {
        firefly = RunningFirefly.with("firefly.management.password", "a-word-for-tests");
        calls = firefly.bean(CallController.class);
        String port = firefly.bean(Environment.class).getProperty("local.management.port");
        operator = new Operator("http://127.0.0.1:" + port, "admin", "a-word-for-tests");
    }

    @AfterAll
    static void stop() {
        firefly.close();
    }

    @AfterEach
    void allCallsEndAndNoMBeanStays() {
        calls.calls().forEach(call -> calls.end(call.id(), HangupCause.SERVER_ERROR));
        await().untilAsserted(() -> assertThat(mbeans()).isZero());
    }

    private static int mbeans() {
        return operator.search("io.firefly:type=Call,*").size();
    }

    private static Call offer(String user) {
        var incoming = Calls.incoming(user);
        calls.offer(incoming);
        return calls.calls().stream()
                .filter(call -> call.id().equals(incoming.id()))
                .findFirst()
                .orElseThrow();
    }

    private static String name(Call call) {
        return "io.firefly:type=Call,name=" + call.id();
    }

    private static JsonNode shown(Call call) {
        await().until(() -> operator.read(name(call)).path("status").asInt() == 200);
        return operator.read(name(call)).path("value");
    }

    @Test
    void fiftyFiveCallsAreFiftyFiveMBeansAndNoneIsLeft() {
        for (int i = 0; i < 55; i++) offer("echo");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(mbeans()).isEqualTo(55));
        assertThat(operator.read(NODE, "Calls").path("value").asInt()).isEqualTo(55);
        calls.calls().forEach(call -> calls.end(call.id(), HangupCause.SERVER_ERROR));
        await().untilAsserted(() -> assertThat(mbeans()).isZero());
    }

    @Test
    void aCallIsShownWithWhoWhereAndWhat() {
        Call call = offer("echo");
        await().untilAsserted(
                        () -> assertThat(shown(call).path("Flow").asText()).isEqualTo("echo"));
        JsonNode seen = shown(call);
        assertThat(seen.path("From").asText()).isEqualTo("+15550100");
        assertThat(seen.path("To").asText()).isEqualTo("echo");
        assertThat(seen.path("Source").asText()).isEqualTo("udp 127.0.0.1:5060");
        assertThat(seen.path("Tenant").asText()).isEqualTo("default");
        assertThat(seen.path("Trusted").asBoolean()).isTrue();
        assertThat(seen.path("PacketsLost").asLong()).isZero();
        JsonNode sources = operator.read("io.firefly:type=Sources").path("value");
        assertThat(sources.path("TrustedNetworks").toString()).contains("127.0.0.0/8");
        assertThat(sources.path("Sources").path(0).path("alive").asInt()).isEqualTo(1);
    }

    @Test
    void aTrunkIsShownWithItsTenantsAndCalls() throws IOException {
        TenantBook tenants = firefly.bean(TenantBook.class);
        String shipped = Files.readString(Path.of("routes/tenants.yaml"));
        tenants.replace(
                shipped + "\ntrunks:\n  - id: carrier\n    addresses: [127.0.0.0/8]\n    tenants: [acme]\n", "t.yaml");
        try {
            Call call = offer("echo");
            shown(call);
            JsonNode trunk = operator.read("io.firefly:type=Sources", "Trunks")
                    .path("value")
                    .path(0);
            assertThat(trunk.path("id").asText()).isEqualTo("carrier");
            assertThat(trunk.path("networks").path(0).asText()).isEqualTo("127.0.0.0/8");
            assertThat(trunk.path("tenants").path(0).asText()).isEqualTo("acme");
            assertThat(trunk.path("alive").asInt()).isEqualTo(1);
            assertThat(trunk.path("offered").asInt()).isPositive();
        } finally {
            tenants.replace(shipped, "tenants.yaml");
        }
    }

    @Test
    void anOperatorHangsUpAndTheLogSaysWhoAndWhy(CapturedOutput printed) {
        Call call = offer("echo");
        shown(call);
        assertThat(operator.exec(name(call), "hangUp", " ").path("error").asText())
                .contains("a reason");
        assertThat(calls.calls()).contains(call);
        assertThat(operator.exec(name(call), "hangUp", "rings for\nhours")
                        .path("status")
                        .asInt())
                .isEqualTo(200);
        await().untilAsserted(() -> assertThat(calls.calls()).doesNotContain(call));
        assertThat(printed.getOut())
                .contains("operator admin: hang up call=" + call.id())
                .contains("because: rings for hours");
    }

    @Test
    void theNodeIsDrainedAndTakenBack() {
        assertThat(operator.exec(NODE, "drain", "").path("status").asInt()).isEqualTo(500);
        assertThat(operator.read(NODE, "Draining").path("value").asBoolean()).isFalse();
        operator.exec(NODE, "drain", "new cable");
        assertThat(operator.read(NODE, "Draining").path("value").asBoolean()).isTrue();
        calls.offer(Calls.incoming("echo"));
        assertThat(calls.calls()).isEmpty();
        operator.exec(NODE, "undrain", "cable is there");
        assertThat(operator.read(NODE, "Draining").path("value").asBoolean()).isFalse();
        offer("echo");
    }

    @Test
    void aUserIsUnregistered() {
        Source phone =
                new Source("udp", new InetSocketAddress(InetAddress.getLoopbackAddress(), 5070), "linphone", false);
        int status = firefly.bean(Registrar.class)
                .register(new Registrar.Request(
                        "linphone", "call-1", 1, List.of("<sip:linphone@127.0.0.1:5070>"), "600", List.of(), phone))
                .status();
        assertThat(status).isEqualTo(200);
        assertThat(operator.read(REGISTRATIONS, "Users").path("value").asInt()).isEqualTo(1);
        JsonNode contact = operator.exec(REGISTRATIONS, "bindingsOf", "linphone")
                .path("value")
                .path(0);
        assertThat(contact.path("uri").asText()).isEqualTo("sip:linphone@127.0.0.1:5070");
        assertThat(contact.path("expiresInSeconds").asInt()).isBetween(500, 600);
        assertThat(operator.read(REGISTRATIONS, "Contacts").path("value")).hasSize(1);
        assertThat(operator.exec(REGISTRATIONS, "unregister", "nobody", "just because")
                        .path("error")
                        .asText())
                .contains("nobody is registered as 'nobody'");
        operator.exec(REGISTRATIONS, "unregister", "linphone", "the phone was stolen");
        assertThat(firefly.bean(LocationService.class).lookup("linphone")).isEmpty();
    }

    @Test
    void everyAttributeAndOperationSaysWhatItIs() {
        for (String mbean : List.of("Node", "Registrations", "Sources")) {
            JsonNode described = operator.jolokia(JsonNodeFactory.instance
                            .objectNode()
                            .put("type", "list")
                            .put("path", "io.firefly/type=" + mbean))
                    .path("value");
            assertThat(described.path("desc").asText()).isNotBlank();
            described.path("attr").forEach(attribute -> assertThat(
                            attribute.path("desc").asText())
                    .as(mbean + " " + attribute)
                    .isNotBlank());
            described.path("op").forEach(operation -> assertThat(
                            operation.path("desc").asText())
                    .as(mbean + " " + operation)
                    .isNotBlank());
        }
    }
}

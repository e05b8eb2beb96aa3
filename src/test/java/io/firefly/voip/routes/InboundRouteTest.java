package io.firefly.voip.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.tenant.Tenant;
import io.firefly.voip.tenant.TenantDirectory.TenantMatch;
import io.firefly.voip.testing.Calls;
import io.firefly.voip.testing.RouteUnderTest;
import io.firefly.voip.testing.Tenants;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InboundRouteTest {
    private final RouteUnderTest route = new RouteUnderTest("inbound", "callflow-echo", "callflow-welcome")
            .with("tenants", new Tenants(Tenants.withFlow("welcome")))
            .when("call:admit", InboundRouteTest::unwrapTenant);

    @AfterEach
    void stop() {
        route.close();
    }

    /** What the real step does when it admits a call. */
    private static void unwrapTenant(Exchange exchange) {
        TenantMatch match = Objects.requireNonNull(exchange.getVariable("tenant", TenantMatch.class));
        exchange.setVariable("tenant", match.tenant());
    }

    @Test
    void aNumberGoesToTheFlowOfItsTenant() throws Exception {
        Exchange done = route.send("call:incoming", Calls.to("+442079460000"));

        route.expectSteps(
                "call:admit",
                "call:flow",
                "call:ring",
                "call:answer",
                "call:play?file=audio/welcome.wav&tempo=1.0",
                "call:end");
        assertThat(done.getVariable("callflow")).isEqualTo("welcome");
        assertThat(done.getException()).isNull();
    }

    @Test
    void whileItsTenantIsClosedANumberGoesToTheClosedFlow() throws Exception {
        Tenant open = Tenants.withFlow("welcome");
        route.with(
                "tenants",
                new Tenants(new Tenant(
                        open.id(),
                        open.callflow(),
                        "echo",
                        open.agent(),
                        open.limits(),
                        false,
                        0,
                        open.timeZone(),
                        null,
                        false)));

        Exchange done = route.send("call:incoming", Calls.to("+442079460000"));

        assertThat(done.getVariable("callflow")).isEqualTo("echo");
    }

    @Test
    void theUserEchoIsATestCallWhateverTheTenantWants() throws Exception {
        Exchange done = route.send("call:incoming", Calls.to("echo"));

        route.expectSteps("call:admit", "call:flow", "call:answer", "call:echo");
        assertThat(done.getVariable("callflow")).isEqualTo("echo");
    }

    @Test
    void aRefusedCallGoesNoFurther() throws Exception {
        route.when("call:admit", exchange -> exchange.setRouteStop(true));

        route.send("call:incoming", Calls.to("echo"));

        route.expectSteps("call:admit");
    }

    @Test
    void aFlowNobodyWroteEndsTheCall() throws Exception {
        route.with("tenants", new Tenants(Tenants.withFlow("nobody-wrote-it")));

        Exchange done = route.send("call:incoming", Calls.to("+442079460000"));

        route.expectSteps("call:admit", "call:flow", "call:end?cause=server-error");
        assertThat(done.getException()).isNull();
    }

    @Test
    void aFailingStepInAFlowEndsTheCallOnce() throws Exception {
        route.failing("call:answer");

        Exchange done = route.send("call:incoming", Calls.to("echo"));

        route.expectSteps("call:admit", "call:flow", "call:answer", "call:end?cause=server-error");
        assertThat(done.getException()).isNull();
    }
}

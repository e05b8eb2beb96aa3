package io.firefly.voip.routes;

import static io.firefly.voip.call.HangupCause.OVER_LIMIT;
import static io.firefly.voip.call.HangupCause.SERVER_ERROR;
import static io.firefly.voip.testkit.Caller.call;

import io.firefly.voip.tenant.Tenant;
import io.firefly.voip.testing.Tenants;
import io.firefly.voip.testkit.RouteUnderTest;
import org.junit.jupiter.api.Test;

class InboundRouteTest {
    private static final RouteUnderTest INBOUND =
            RouteUnderTest.files("routes", "inbound", "callflow-echo", "callflow-welcome");

    @Test
    void aNumberGoesToTheFlowOfItsTenant() {
        INBOUND.incoming(call().to("+442079460000"))
                .belongsTo("default")
                .followsCallflow("welcome")
                .finds("is-it-a-test-call", false)
                .thenRings()
                .thenAnswers()
                .thenPlays("audio/welcome.wav")
                .then("call:end");
    }

    @Test
    void aForwardedCallBelongsToWhoForwardedIt() {
        INBOUND.incoming(call().to("echo").diversion("+44 20 7946 0123"))
                .belongsTo("acme")
                .because("diversion +442079460123");
    }

    @Test
    void whileItsTenantIsClosedANumberGoesToTheClosedFlow() {
        Tenant open = Tenants.withFlow("welcome");
        Tenant closed = new Tenant(
                open.id(),
                open.callflow(),
                "echo",
                open.agent(),
                open.limits(),
                false,
                0,
                open.timeZone(),
                null,
                false);

        INBOUND.with("tenants", new Tenants(closed))
                .incoming(call().to("+442079460000"))
                .followsCallflow("echo");
    }

    @Test
    void theUserEchoIsATestCallWhateverTheTenantWants() {
        INBOUND.incoming(call().to("echo"))
                .followsCallflow("echo")
                .thenAnswers()
                .thenEchoes();
    }

    @Test
    void aRefusedCallGoesNoFurther() {
        INBOUND.refusing("call:admit", OVER_LIMIT)
                .incoming(call().to("echo"))
                .thenEnds(OVER_LIMIT)
                .neverReaches("note-flow");
    }

    @Test
    void aFlowNobodyWroteEndsTheCall() {
        INBOUND.with("tenants", new Tenants(Tenants.withFlow("nobody-wrote-it")))
                .incoming(call())
                .thenEnds(SERVER_ERROR);
    }

    @Test
    void aFailingStepInAFlowEndsTheCallOnce() {
        INBOUND.failing("call:answer").incoming(call().to("echo")).thenEnds(SERVER_ERROR);
    }
}

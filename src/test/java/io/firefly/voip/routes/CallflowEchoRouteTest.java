package io.firefly.voip.routes;

import io.firefly.voip.testing.Calls;
import io.firefly.voip.testing.RouteUnderTest;
import org.junit.jupiter.api.Test;

class CallflowEchoRouteTest {
    @Test
    void theCallerHearsThemselvesAtOnce() throws Exception {
        try (RouteUnderTest route = new RouteUnderTest("callflow-echo")) {
            route.send("direct:callflow-echo", Calls.to("echo"));

            route.expectSteps("call:answer", "call:echo");
        }
    }

    @Test
    void aFailureEndsTheCall() throws Exception {
        try (RouteUnderTest route = new RouteUnderTest("callflow-echo").failing("call:echo")) {
            route.send("direct:callflow-echo", Calls.to("echo"));

            route.expectSteps("call:answer", "call:echo", "call:end?cause=server-error");
        }
    }
}

package io.firefly.voip.routes;

import io.firefly.voip.testing.Calls;
import io.firefly.voip.testing.RouteUnderTest;
import io.firefly.voip.testing.Tenants;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallflowChatRouteTest {
    private static final Map<String, Object> TENANT = Map.of("tenant", Tenants.withFlow("chat"));

    @Test
    void theTenantsAgentIsConnected() throws Exception {
        try (RouteUnderTest route = new RouteUnderTest("callflow-chat")) {
            route.send("direct:callflow-chat", Calls.to("chat"), TENANT);

            route.expectSteps("call:ring", "call:answer", "agent:reception");
        }
    }

    @Test
    void anAgentThatCannotBeConnectedEndsTheCall() throws Exception {
        try (RouteUnderTest route = new RouteUnderTest("callflow-chat").failing("agent:reception")) {
            route.send("direct:callflow-chat", Calls.to("chat"), TENANT);

            route.expectSteps("call:ring", "call:answer", "agent:reception", "call:end?cause=server-error");
        }
    }
}

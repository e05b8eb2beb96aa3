package io.firefly.voip.routes;

import static io.firefly.voip.testkit.Caller.call;

import io.firefly.voip.testkit.RouteUnderTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The routes that carry an agent's socket and its tools: agent-upstream, agent-downstream, tool-hang-up. */
class AgentRouteTest {
    private static final RouteUnderTest AGENT =
            RouteUnderTest.files("routes", "agent-upstream", "agent-downstream", "tool-hang-up");

    @Test
    void everyOrderOfAnAgentReachesItsSocket() {
        AGENT.sent("direct:agent-downstream", call(), Map.of("UpstreamOrder", "send"))
                .reaches("send-frame");
        AGENT.sent("direct:agent-downstream", call(), Map.of("UpstreamOrder", "connect"))
                .reaches("dial-provider");
        AGENT.sent("direct:agent-downstream", call(), Map.of("UpstreamOrder", "close"))
                .reaches("close-socket");
    }

    @Test
    void whatAProviderSaysOfAConversationThatIsGoneClosesItsSocket() {
        AGENT.sent("websocket:client/agent", call(), Map.of("WebsocketKey", "k", "WebsocketEvent", "TEXT"))
                .reaches("deliver", "close-socket");
    }

    @Test
    void theAgentHangsUpAfterItsGoodbye() {
        AGENT.tool("hang_up", "{}").thenEndsAfterGoodbye().tells("{\"status\":\"ending\"}");
    }

    @Test
    void aToolThatFailsIsApologisedFor() {
        AGENT.failing("end-after-goodbye")
                .tool("hang_up", "{\"reason\":\"done\"}")
                .isServedByPolicy("apologise")
                .tells("{\"error\":\"That did not work. Apologise briefly and go on without it.\"}");
    }

    @Test
    void argumentsThatTheToolDoesNotHaveAreToldToTheAgent() {
        AGENT.tool("hang_up", "{\"rson\":1}").tells("{\"error\":\"there is no parameter 'rson'; there are reason\"}");
    }
}

package io.firefly.voip.routes;

import static io.firefly.voip.call.HangupCause.SERVER_ERROR;
import static io.firefly.voip.testkit.Caller.call;

import io.firefly.voip.testkit.RouteUnderTest;
import org.junit.jupiter.api.Test;

class CallflowChatRouteTest {
    private static final RouteUnderTest CHAT = RouteUnderTest.files("routes", "callflow-chat");

    @Test
    void theTenantsAgentIsConnected() {
        CHAT.sent("direct:callflow-chat", call().to("+44 20 7946 0200"))
                .thenRings()
                .thenAnswers()
                .thenConnectsAgent("acme")
                .thenNothing();
    }

    @Test
    void anAgentThatCannotBeConnectedEndsTheCall() {
        CHAT.failing("agent:reception")
                .sent("direct:callflow-chat", call())
                .thenRings()
                .thenAnswers()
                .thenEnds(SERVER_ERROR)
                .isServedByPolicy("end-politely");
    }
}

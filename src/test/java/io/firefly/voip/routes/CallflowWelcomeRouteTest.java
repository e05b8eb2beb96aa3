package io.firefly.voip.routes;

import io.firefly.voip.testing.Calls;
import io.firefly.voip.testing.RouteUnderTest;
import org.junit.jupiter.api.Test;

class CallflowWelcomeRouteTest {
    @Test
    void theWelcomeIsPlayedAtTheTempoOfTheSettings() throws Exception {
        try (RouteUnderTest route =
                new RouteUnderTest("callflow-welcome").withSetting("firefly.audio.test-tempo", "1.25")) {
            route.send("direct:callflow-welcome", Calls.to("welcome"));

            route.expectSteps("call:ring", "call:answer", "call:play?file=audio/welcome.wav&tempo=1.25", "call:end");
        }
    }

    @Test
    void aFailureEndsTheCall() throws Exception {
        try (RouteUnderTest route = new RouteUnderTest("callflow-welcome").failing("call:ring")) {
            route.send("direct:callflow-welcome", Calls.to("welcome"));

            route.expectSteps("call:ring", "call:end?cause=server-error");
        }
    }
}

package io.firefly.voip.routes;

import static io.firefly.voip.call.HangupCause.NORMAL;
import static io.firefly.voip.call.HangupCause.SERVER_ERROR;
import static io.firefly.voip.testkit.Caller.call;

import io.firefly.voip.testkit.RouteUnderTest;
import org.junit.jupiter.api.Test;

class CallflowWelcomeRouteTest {
    private static final RouteUnderTest WELCOME = RouteUnderTest.files("routes", "callflow-welcome");

    @Test
    void theWelcomeIsPlayedAtTheTempoOfTheSettings() {
        WELCOME.withSetting("firefly.audio.test-tempo", "1.25")
                .sent("direct:callflow-welcome", call())
                .thenRings()
                .thenAnswers()
                .then("call:play?file=audio/welcome.wav&tempo=1.25")
                .thenEnds(NORMAL);
    }

    @Test
    void aFailureEndsTheCall() {
        WELCOME.failing("call:ring").sent("direct:callflow-welcome", call()).thenEnds(SERVER_ERROR);
    }
}

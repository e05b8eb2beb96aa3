package io.firefly.voip.routes;

import static io.firefly.voip.call.HangupCause.SERVER_ERROR;
import static io.firefly.voip.testkit.Caller.call;

import io.firefly.voip.testkit.RouteUnderTest;
import org.junit.jupiter.api.Test;

class CallflowEchoRouteTest {
    private static final RouteUnderTest ECHO = RouteUnderTest.files("routes", "callflow-echo");

    @Test
    void theCallerHearsThemselvesAtOnce() {
        ECHO.sent("direct:callflow-echo", call()).thenAnswers().thenEchoes().thenNothing();
    }

    @Test
    void aFailureEndsTheCall() {
        ECHO.failing("call:echo")
                .sent("direct:callflow-echo", call())
                .thenAnswers()
                .thenEnds(SERVER_ERROR);
    }
}

package io.firefly.voip.routes;

import static io.firefly.voip.testkit.Caller.call;

import io.firefly.voip.testkit.RouteUnderTest;
import org.junit.jupiter.api.Test;

class FreeSwitchCallsRouteTest {
    private static final RouteUnderTest HANDED = RouteUnderTest.files("routes", "freeswitch-calls");

    @Test
    void whatFreeSwitchHandsOverBecomesACall() {
        HANDED.sent("freeswitch:calls", call()).reaches("offer-handed-call");
    }

    @Test
    void aFailureIsLeftToTheDoorToAnswer() {
        HANDED.failing("call:offer").sent("freeswitch:calls", call()).isServedByPolicy("refuse");
    }
}

package io.firefly.voip.routes;

import static io.firefly.voip.testkit.Caller.call;

import io.firefly.voip.testkit.Caller;
import io.firefly.voip.testkit.RouteUnderTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The routes sip-publish and sip-subscribe. */
class PresenceRouteTest {
    private static final RouteUnderTest DOOR = RouteUnderTest.files("routes", "sip-publish", "sip-subscribe");

    private static Caller outside() {
        return call().source("203.0.113.7");
    }

    @ParameterizedTest
    @CsvSource({"PUBLISH, publish-for-a-trunk", "SUBSCRIBE, subscribe-for-a-trunk"})
    void aTrustedAddressNeedsNoPassword(String method, String step) {
        DOOR.request(method, call())
                .reaches(step)
                .neverReaches("registrar:challenge")
                .hearsStatus(200);
    }

    @ParameterizedTest
    @CsvSource({"PUBLISH, publish-for-a-subscriber", "SUBSCRIBE, subscribe-for-a-subscriber"})
    void everybodyElseProvesWhoTheyAre(String method, String step) {
        DOOR.request(method, outside().subscriber("linphone"))
                .reaches("registrar:challenge", step)
                .hearsStatus(200);
    }

    @ParameterizedTest
    @CsvSource({"PUBLISH, presence:publish", "SUBSCRIBE, presence:subscribe"})
    void aStrangerGetsNoFurther(String method, String step) {
        DOOR.request(method, outside()).neverReaches(step).hearsStatus(401);
    }
}

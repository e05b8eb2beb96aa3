package io.firefly.voip.routes;

import static io.firefly.voip.testkit.Caller.call;

import io.firefly.voip.testkit.Caller;
import io.firefly.voip.testkit.RouteUnderTest;
import org.junit.jupiter.api.Test;

/** The routes at the front door: sip-invite, sip-register, sip-options. */
class SipRouteTest {
    private static final RouteUnderTest DOOR =
            RouteUnderTest.files("routes", "sip-invite", "sip-register", "sip-options");

    private static Caller outside() {
        return call().source("203.0.113.7");
    }

    @Test
    void aTrunkNeedsNoPassword() {
        DOOR.incoming(call()).reaches("offer-trunk-call").neverReaches("registrar:challenge");
    }

    @Test
    void everybodyElseProvesWhoTheyAre() {
        DOOR.incoming(outside().subscriber("linphone")).reaches("prove-who-you-are", "offer-subscriber-call");
    }

    @Test
    void aStrangerIsNotOffered() {
        DOOR.incoming(outside())
                .reaches("prove-who-you-are")
                .neverReaches("call:offer")
                .hearsStatus(401);
    }

    @Test
    void aFailureIsLeftToTheFrontDoorToAnswer() {
        DOOR.failing("call:offer").incoming(call()).isServedByPolicy("refuse").hearsStatus(500);
    }

    @Test
    void contactsAreSavedForWhoProvedThemselves() {
        DOOR.request("REGISTER", outside().subscriber("linphone"))
                .reaches("registrar:challenge", "registrar:save")
                .hearsStatus(200);
    }

    @Test
    void nothingIsSavedForAStranger() {
        DOOR.request("REGISTER", outside()).neverReaches("registrar:save").hearsStatus(401);
    }

    @Test
    void aPingHearsWhetherWeTakeCalls() {
        DOOR.request("OPTIONS", call()).hearsStatus(200);
        DOOR.notReady().request("OPTIONS", call()).hearsStatus(503);
    }
}

package io.firefly.voip.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.call.Party;
import io.firefly.voip.call.Source;
import io.firefly.voip.sip.SipRequest;
import io.firefly.voip.testing.RouteUnderTest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The routes at the front door: sip-invite, sip-register, sip-options. */
class SipRouteTest {
    private static final Party SOMEBODY = new Party("a", "example.com", "sip:a@example.com", null);

    private static SipRequest request(String method, boolean trusted) {
        Source source = new Source("udp", new InetSocketAddress(InetAddress.getLoopbackAddress(), 5060), null, trusted);
        return new SipRequest(
                method, SOMEBODY.uri(), SOMEBODY, SOMEBODY, SOMEBODY, "id", 1, Map.of(), null, "", source, null);
    }

    @Test
    void aTrunkNeedsNoPassword() throws Exception {
        try (RouteUnderTest route = new RouteUnderTest("sip-invite")) {
            route.send("sip:edge?methods=INVITE", request("INVITE", true));

            route.expectSteps("call:offer");
        }
    }

    @Test
    void everybodyElseProvesWhoTheyAre() throws Exception {
        try (RouteUnderTest route = new RouteUnderTest("sip-invite")) {
            route.send("sip:edge?methods=INVITE", request("INVITE", false));

            route.expectSteps("registrar:challenge", "call:offer");
        }
    }

    @Test
    void aStrangerIsNotOffered() throws Exception {
        try (RouteUnderTest route =
                new RouteUnderTest("sip-invite").when("registrar:challenge", exchange -> exchange.setRouteStop(true))) {
            route.send("sip:edge?methods=INVITE", request("INVITE", false));

            route.expectSteps("registrar:challenge");
        }
    }

    @Test
    void aFailureIsLeftToTheFrontDoorToAnswer() throws Exception {
        try (RouteUnderTest route = new RouteUnderTest("sip-invite").failing("call:offer")) {
            Exchange done = route.send("sip:edge?methods=INVITE", request("INVITE", true));

            assertThat(done.getException()).hasMessageContaining("call:offer");
            route.expectSteps("call:offer");
        }
    }

    @Test
    void contactsAreSavedForWhoProvedThemselves() throws Exception {
        try (RouteUnderTest route = new RouteUnderTest("sip-register")) {
            route.send("sip:edge?methods=REGISTER", request("REGISTER", false));

            route.expectSteps("registrar:challenge", "registrar:save");
        }
    }

    @Test
    void nothingIsSavedForAStranger() throws Exception {
        try (RouteUnderTest route = new RouteUnderTest("sip-register")
                .when("registrar:challenge", exchange -> exchange.setRouteStop(true))) {
            route.send("sip:edge?methods=REGISTER", request("REGISTER", false));

            route.expectSteps("registrar:challenge");
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 200", "false, 503"})
    void aPingHearsWhetherWeTakeCalls(boolean ready, int status) throws Exception {
        try (RouteUnderTest route = new RouteUnderTest("sip-options").with("readiness", new Rule(ready))) {
            Exchange done = route.send("sip:edge?methods=OPTIONS", request("OPTIONS", false));

            assertThat(done.getException()).isNull();
            assertThat(done.getMessage().getHeader("SipStatus", Integer.class)).isEqualTo(status);
        }
    }

    /** Stands in for {@code ops.Readiness}. */
    public record Rule(boolean isReady) {}
}

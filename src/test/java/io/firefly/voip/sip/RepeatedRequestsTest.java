package io.firefly.voip.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Requests outside of calls that come again: with a transaction, and without one. */
class RepeatedRequestsTest {
    private static final String CREDENTIALS = "Authorization: Digest username=\"a\"\r\n";
    private static final SipProperties.Limits FIVE_TRANSACTIONS =
            new SipProperties.Limits(100, 5, 16384, 1000, 1000, Duration.ofMinutes(5), 10, 10);

    /** Challenges who brings no credentials, as a registrar does. */
    private static void challenge(FrontUnderTest front) {
        front.front.handle(Set.of("REGISTER", "OPTIONS"), (request, responder) -> {
            front.requests.add(request);
            boolean challenged =
                    request.method().equals("REGISTER") && !request.headers().containsKey("authorization");
            responder.respond(
                    challenged
                            ? SipResponse.of(401, null, Map.of("WWW-Authenticate", List.of("Digest realm=\"r\"")))
                            : SipResponse.of(200));
        });
    }

    @Test
    void requestsThatMayBeDoneTwiceFillNoTable() throws Exception {
        try (FrontUnderTest front = new FrontUnderTest(
                        FrontUnderTest.properties(List.of(), FIVE_TRANSACTIONS), FrontUnderTest.HURRY);
                SipPeer peer = front.udp()) {
            challenge(front);

            for (int i = 0; i < 30; i++) {
                peer.send(peer.dialog().text("REGISTER", "", ""));
                assertThat(peer.receive()).startsWith("SIP/2.0 401 ");
                peer.send(peer.dialog().text("OPTIONS", "", ""));
                assertThat(peer.receive()).startsWith("SIP/2.0 200 ").contains("Allow: ");
            }
        }
    }

    @Test
    void aRepeatedRegisterHearsTheSameTagWithoutATransaction() throws Exception {
        try (FrontUnderTest front = FrontUnderTest.untrusting();
                SipPeer peer = front.udp()) {
            challenge(front);
            String register = peer.dialog().text("REGISTER", "", "");

            peer.send(register);
            String first = peer.receive("SIP/2.0 401");
            peer.send(register);
            String second = peer.receive("SIP/2.0 401");

            assertThat(SipPeer.header(first, "To")).contains("tag=").isEqualTo(SipPeer.header(second, "To"));
        }
    }

    /** By UDP: over TCP nobody repeats, and the transaction does not outlive its answer (RFC 3261 17.2.2, Timer J). */
    @Test
    void aRepeatedRegisterWithCredentialsIsDoneOnce() throws Exception {
        try (FrontUnderTest front = FrontUnderTest.untrusting();
                SipPeer peer = front.udp()) {
            challenge(front);
            String register = peer.dialog().text("REGISTER", CREDENTIALS, "");

            peer.send(register);
            String first = peer.receive("SIP/2.0 200");
            peer.send(register);

            assertThat(peer.receive("SIP/2.0 200")).isEqualTo(first);
            assertThat(front.requests).hasSize(1);
            assertThat(front.front.counters()).containsEntry("repeated", 1L);
        }
    }

    /** Five at a time: it was 503 or silence for the sixth, and is the first's being forgotten now. */
    @Test
    void nobodyIsRefusedBecauseManyWereServed() throws Exception {
        try (FrontUnderTest front = new FrontUnderTest(
                        FrontUnderTest.properties(List.of(), FIVE_TRANSACTIONS), FrontUnderTest.HURRY);
                SipPeer peer = front.udp()) {
            challenge(front);

            for (int i = 0; i < 30; i++) {
                peer.send(peer.dialog().text("REGISTER", CREDENTIALS, ""));
                assertThat(peer.receive()).startsWith("SIP/2.0 200 ");
            }
        }
    }

    @Test
    void aRequestKeepsHeadersTheStackNeverSaw() throws Exception {
        try (FrontUnderTest front = FrontUnderTest.inAHurry();
                SipPeer peer = front.udp()) {
            challenge(front);
            String odd =
                    "Authorization: Digest broken=\"\r\nSupported: path,\r\n  outbound\r\nUser-Agent: x\r\nDate: no date\r\n";

            peer.send(peer.dialog().text("REGISTER", odd, ""));

            assertThat(peer.receive()).startsWith("SIP/2.0 200 ");
            assertThat(front.requests.get(0).headers())
                    .containsEntry("authorization", List.of("Digest broken=\""))
                    .containsEntry("supported", List.of("path, outbound"))
                    .containsEntry("date", List.of("no date"));
        }
    }

    @Test
    void aBodyIsTakenAsItWasSentWhateverTheHeaders() throws Exception {
        try (FrontUnderTest front = FrontUnderTest.inAHurry();
                SipPeer peer = front.udp()) {
            front.front.handle(Set.of("MESSAGE"), (request, responder) -> {
                front.requests.add(request);
                responder.respond(SipResponse.of(200));
            });
            String body = "Grüße\r\n\r\nVia: no header\n";

            peer.send(peer.dialog().text("MESSAGE", "X-Long: " + "x".repeat(900) + "\r\n", body));

            assertThat(peer.receive()).startsWith("SIP/2.0 200 ");
            assertThat(front.requests.get(0).body()).isEqualTo(body);
        }
    }
}

package io.firefly.voip.sip;

import static io.firefly.voip.sip.DialedPeer.ANSWER;
import static io.firefly.voip.sip.DialedPeer.OFFER;
import static io.firefly.voip.sip.SipPeer.body;
import static io.firefly.voip.sip.SipPeer.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.DialedLeg;
import io.firefly.voip.call.DialedLeg.Reply;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.sip.digest.DigestAlgorithm;
import io.firefly.voip.sip.digest.DigestCredentials;
import io.firefly.voip.sip.digest.HeaderReading;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of ours, answered by a peer that says what a test tells it. */
class DialedLegsTest {
    private static final String CHALLENGE = ": Digest realm=\"carrier\",nonce=\"n1\",qop=\"auth\",algorithm=MD5\r\n";

    private FrontUnderTest front;
    private DialedPeer peer;
    private final DialedPeer.Heard heard = new DialedPeer.Heard();

    @BeforeEach
    void open() throws IOException {
        front = FrontUnderTest.inAHurry();
        peer = DialedPeer.udp(front.port());
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        front.close();
    }

    private void over(String transport) throws IOException {
        peer.close();
        peer = transport.equals("udp")
                ? DialedPeer.udp(front.port())
                : DialedPeer.tcp(front.front.ports().getOrDefault("tcp", -1));
    }

    private DialedLeg dial() {
        return front.front.dialer().dial(peer.invitation(OFFER), heard);
    }

    private void nothingIsLeft() {
        await().untilAsserted(() -> assertThat(front.front.dialer().openLegs()).isZero());
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void aCallIsAnsweredHeldAndHungUp(String transport) throws Exception {
        over(transport);
        DialedLeg leg = dial();
        String invite = peer.receive("INVITE " + peer.uri() + " SIP/2.0");
        assertThat(header(invite, "X-Firefly-Call")).isEqualTo("c1");
        assertThat(header(invite, "From")).matches("<sip:firefly@127.0.0.1:\\d+>;tag=[0-9a-f]{24}");
        assertThat(header(invite, "Session-Expires")).isEmpty();
        assertThat(body(invite)).isEqualTo(OFFER);
        peer.answer(invite, "100 Trying", "", null);
        peer.answer(invite, "180 Ringing", "", null);
        assertThat(heard.next()).isEqualTo("progress 180");
        peer.ok(invite, ANSWER);
        assertThat(heard.next()).isEqualTo("answered ");
        String ack = peer.receive("ACK " + peer.uri() + " SIP/2.0");
        assertThat(header(ack, "CSeq")).isEqualTo("1 ACK");
        assertThat(header(ack, "To")).endsWith(";tag=bob");
        assertThat(header(ack, "Via")).isNotEqualTo(header(invite, "Via"));

        CompletableFuture<Reply> held = leg.reoffer(SipPeer.sdp(50002)).toCompletableFuture();
        String again = peer.receive("INVITE");
        assertThat(header(again, "CSeq")).isEqualTo("2 INVITE");
        assertThat(body(again)).isEqualTo(SipPeer.sdp(50002));
        peer.ok(again, ANSWER);
        assertThat(held.get(5, TimeUnit.SECONDS)).isEqualTo(new Reply(200, ANSWER));
        assertThat(header(peer.receive("ACK"), "CSeq")).isEqualTo("2 ACK");

        leg.end(HangupCause.NORMAL);
        String bye = peer.receive("BYE");
        assertThat(header(bye, "CSeq")).isEqualTo("3 BYE");
        assertThat(header(bye, "Reason")).isEqualTo("Q.850;cause=16;text=\"normal\"");
        assertThat(front.front.dialer().openLegs()).isOne();
        peer.ok(bye, null);
        nothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void aRefusalIsTold(String transport) throws Exception {
        over(transport);
        dial();
        String invite = peer.receive("INVITE");
        peer.answer(invite, "486 Busy Here", "", null);
        String ack = peer.receive("ACK");
        assertThat(header(ack, "Via")).isEqualTo(header(invite, "Via"));
        assertThat(heard.next()).isEqualTo("refused 486 Busy Here");
        nothingIsLeft();
    }

    @ParameterizedTest
    @CsvSource({
        "401 Unauthorized, WWW-Authenticate, Authorization",
        "407 Wanted, Proxy-Authenticate, Proxy-Authorization"
    })
    void whoWantsToKnowWhoCallsIsToldOnceAndAnswers(String status, String asks, String tells) throws Exception {
        asFirefly();
        DialedLeg leg = dial();
        String first = peer.receive("INVITE");
        assertThat(first).doesNotContain("uthorization:");
        peer.answer(first, "183 Wait", "", ANSWER);
        peer.answer(first, status, asks + CHALLENGE, null);
        peer.receive("ACK");
        String second = peer.receive("INVITE");
        assertThat(header(second, "CSeq")).isEqualTo("2 INVITE");
        assertThat(header(second, "Via")).isNotEqualTo(header(first, "Via"));
        assertProves(header(second, tells), peer.uri());
        peer.ok(second, ANSWER);
        assertThat(header(peer.receive("ACK"), "CSeq")).isEqualTo("2 ACK");
        assertThat(heard.next()).isEqualTo("progress 183 with sdp");
        assertThat(heard.next()).isEqualTo("answered ");
        leg.end(HangupCause.NORMAL);
        String bye = peer.receive("BYE");
        assertThat(header(bye, "CSeq")).isEqualTo("3 BYE");
        peer.ok(bye, null);
        nothingIsLeft();
    }

    @Test
    void whoDoesNotBelieveUsHasRefused() throws Exception {
        asFirefly();
        dial();
        peer.answer(peer.receive("INVITE"), "401 Unauthorized", "WWW-Authenticate" + CHALLENGE, null);
        peer.answer(peer.receive("INVITE"), "401 Unauthorized", "WWW-Authenticate" + CHALLENGE, null);
        assertThat(heard.next()).isEqualTo("refused 401 Unauthorized");
        nothingIsLeft();
    }

    @Test
    void aStrangerIsNotToldWhoWeAre() throws Exception {
        dial();
        peer.answer(peer.receive("INVITE"), "401 Unauthorized", "WWW-Authenticate" + CHALLENGE, null);
        assertThat(heard.next()).isEqualTo("refused 401 Unauthorized");
        assertThat(peer.all(300)).allMatch(message -> message.startsWith("ACK"));
        nothingIsLeft();
    }

    @Test
    void aCallThatIsGivenUpWhileItIsAskedAgainHearsCancelOfThatInvite() throws Exception {
        asFirefly();
        DialedLeg leg = dial();
        peer.answer(peer.receive("INVITE"), "401 Unauthorized", "WWW-Authenticate" + CHALLENGE, null);
        String second = peer.receive("INVITE");
        leg.end(HangupCause.CANCELLED);
        peer.answer(second, "180 Ringing", "", null);
        String cancel = peer.receive("CANCEL");
        assertThat(header(cancel, "CSeq")).isEqualTo("2 CANCEL");
        assertThat(header(cancel, "Via")).isEqualTo(header(second, "Via"));
        peer.answer(cancel, "200 OK", "", null);
        peer.answer(second, "487 Request Terminated", "", null);
        assertThat(header(peer.receive("ACK"), "CSeq")).isEqualTo("2 ACK");
        nothingIsLeft();
    }

    /** Loopback is a carrier that knows us by that name. */
    private void asFirefly() throws Exception {
        close();
        front = FrontUnderTest.inAHurryAs("firefly", "secret");
        peer = DialedPeer.udp(front.port());
    }

    private static void assertProves(String authorization, String uri) {
        var read = (HeaderReading.Value<DigestCredentials>) DigestCredentials.parse(authorization);
        DigestCredentials credentials = read.value();
        assertThat(credentials.uri()).isEqualTo(uri);
        String ha1 = DigestAlgorithm.MD5.ha1("firefly", "carrier", "secret");
        assertThat(credentials.response()).isEqualTo(credentials.expectedResponse(DigestAlgorithm.MD5, ha1, "INVITE"));
    }

    @Test
    void theFarEndHangsUp() throws Exception {
        dial();
        String invite = peer.receive("INVITE");
        peer.ok(invite, ANSWER);
        peer.receive("ACK");
        assertThat(heard.next()).isEqualTo("answered ");
        peer.request("BYE", 1, invite, "Reason: Q.850;cause=41;text=\"x\"\r\n", null);
        peer.receive("SIP/2.0 200");
        assertThat(heard.next()).isEqualTo("hungUp 41");
        nothingIsLeft();
    }
}

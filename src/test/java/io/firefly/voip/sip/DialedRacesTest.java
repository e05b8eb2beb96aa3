package io.firefly.voip.sip;

import static io.firefly.voip.sip.DialedPeer.ANSWER;
import static io.firefly.voip.sip.DialedPeer.OFFER;
import static io.firefly.voip.sip.SipPeer.body;
import static io.firefly.voip.sip.SipPeer.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.DialedLeg;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.LegDialer.Invitation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The INVITE of a leg that we dial: what gets lost, crosses, comes twice or never. */
class DialedRacesTest {
    private FrontUnderTest front;
    private DialedPeer peer;
    private final DialedPeer.Heard heard = new DialedPeer.Heard();

    @BeforeEach
    void open() throws IOException {
        front = FrontUnderTest.untrusting();
        peer = DialedPeer.udp(front.port());
    }

    @AfterEach
    void close() throws Exception {
        await().untilAsserted(() -> assertThat(front.front.dialer().openLegs()).isZero());
        assertThat(heard.events).as("events nobody expected").isEmpty();
        peer.close();
        front.close();
    }

    private DialedLeg dial(@Nullable String offer) {
        return front.front.dialer().dial(peer.invitation(offer), heard);
    }

    private DialedLeg dial(Duration patience) {
        return front.front.dialer().dial(peer.invitation(OFFER, patience), heard);
    }

    private void hungUp() throws IOException {
        peer.ok(peer.receive("BYE"), null);
    }

    @Test
    void everyCopyOfThe200HearsTheSameAck() throws Exception {
        DialedLeg leg = dial(OFFER);
        String invite = peer.receive("INVITE");
        peer.ok(invite, ANSWER);
        String ack = peer.receive("ACK");
        assertThat(heard.next()).isEqualTo("answered ");
        peer.ok(invite, ANSWER);
        assertThat(peer.receive("ACK")).isEqualTo(ack);
        leg.end(HangupCause.NORMAL);
        String bye = peer.receive("BYE");
        peer.ok(invite, ANSWER);
        assertThat(peer.receive("ACK")).isEqualTo(ack);
        peer.ok(bye, null);
    }

    @Test
    void withoutOfferTheAckWaitsForOurAnswer() throws Exception {
        DialedLeg leg = dial((String) null);
        String invite = peer.receive("INVITE");
        assertThat(header(invite, "Content-Type")).isEmpty();
        peer.ok(invite, ANSWER);
        assertThat(heard.next()).isEqualTo("answered ");
        peer.ok(invite, ANSWER);
        assertThat(peer.all(200)).isEmpty();
        leg.acknowledge(OFFER);
        String ack = peer.receive("ACK");
        assertThat(body(ack)).isEqualTo(OFFER);
        peer.ok(invite, ANSWER);
        assertThat(peer.receive("ACK")).isEqualTo(ack);
        leg.acknowledge("again");
        leg.end(HangupCause.BUSY);
        hungUp();
    }

    @Test
    void whoNeverAnswersTheOfferLosesTheCall() throws Exception {
        dial((String) null);
        peer.ok(peer.receive("INVITE"), ANSWER);
        assertThat(heard.next()).isEqualTo("answered ");
        assertThat(heard.next()).isEqualTo("lost NO_ACK");
        assertThat(body(peer.receive("ACK"))).isEmpty();
        hungUp();
    }

    @Test
    void aCancelWaitsForAProvisionalResponse() throws Exception {
        DialedLeg leg = dial(OFFER);
        String invite = peer.receive("INVITE");
        leg.end(HangupCause.CANCELLED);
        assertThat(peer.all(150)).noneMatch(message -> message.startsWith("CANCEL"));
        peer.answer(invite, "100 Trying", "", null);
        String cancel = peer.receive("CANCEL " + peer.uri() + " ");
        assertThat(header(cancel, "Via")).isEqualTo(header(invite, "Via"));
        assertThat(header(cancel, "CSeq")).isEqualTo("1 CANCEL");
        assertThat(header(cancel, "To")).isEqualTo(header(invite, "To"));
        peer.answer(cancel, "200 OK", "", null);
        peer.answer(invite, "487 Request Terminated", "", null);
        peer.receive("ACK");
    }

    @Test
    void a200ThatCrossesTheCancelHearsAckAndBye() throws Exception {
        DialedLeg leg = dial(OFFER);
        String invite = peer.receive("INVITE");
        peer.answer(invite, "180 Ringing", "", null);
        assertThat(heard.next()).isEqualTo("progress 180");
        leg.end(HangupCause.CANCELLED);
        peer.receive("CANCEL");
        peer.ok(invite, ANSWER);
        assertThat(header(peer.receive("ACK"), "To")).endsWith(";tag=bob");
        assertThat(front.front.dialer().openLegs()).isOne();
        hungUp();
    }

    @Test
    void anAnswerBeforeTheFirstProvisionalResponseIsHungUp() throws Exception {
        DialedLeg leg = dial(OFFER);
        String invite = peer.receive("INVITE");
        leg.end(HangupCause.CANCELLED);
        peer.ok(invite, ANSWER);
        peer.receive("ACK");
        hungUp();
    }

    @Test
    void patienceEndsWith408AndCancel() throws Exception {
        dial(Duration.ofMillis(300));
        String invite = peer.receive("INVITE");
        peer.answer(invite, "183 Session Progress", "", ANSWER);
        assertThat(heard.next()).isEqualTo("progress 183 with sdp");
        assertThat(heard.next()).isEqualTo("refused 408 Request Timeout");
        peer.ok(peer.receive("CANCEL"), null);
        peer.answer(invite, "487 Request Terminated", "", null);
    }

    @Test
    void whoDoesNotEvenAnswerTheCancelIsGivenUp() throws Exception {
        dial(Duration.ofMillis(200));
        peer.answer(peer.receive("INVITE"), "100 Trying", "", null);
        assertThat(heard.next()).isEqualTo("refused 408 Request Timeout");
        assertThat(front.front.dialer().openLegs()).isOne();
    }

    @Test
    void whoSaysNothingAtAllIsGivenUp() throws Exception {
        dial(Duration.ofMillis(200));
        assertThat(heard.next()).isEqualTo("refused 408 Request Timeout");
        assertThat(peer.all(700)).isNotEmpty().allMatch(message -> message.startsWith("INVITE"));
    }

    @Test
    void aSecondOneWhoAnswersIsHungUpAtOnceAndEveryTime() throws Exception {
        DialedLeg leg = dial(OFFER);
        String invite = peer.receive("INVITE");
        peer.ok(invite, ANSWER);
        peer.receive("ACK");
        assertThat(heard.next()).isEqualTo("answered ");
        peer.answer(invite, "eve", "200 OK", peer.contact(), ANSWER);
        assertThat(header(peer.receive("ACK"), "To")).endsWith(";tag=eve");
        String bye = peer.receive("BYE");
        assertThat(header(bye, "To")).endsWith(";tag=eve");
        peer.ok(bye, null);
        peer.answer(invite, "eve", "200 OK", peer.contact(), ANSWER);
        assertThat(header(peer.receive("ACK"), "To")).endsWith(";tag=eve");
        assertThat(peer.all(200)).isEmpty();
        leg.end(HangupCause.NORMAL);
        String ours = peer.receive("BYE");
        assertThat(header(ours, "To")).endsWith(";tag=bob");
        peer.ok(ours, null);
        await().untilAsserted(() -> assertThat(front.front.dialer().openLegs()).isZero());
        peer.answer(invite, "mallory", "200 OK", peer.contact(), ANSWER);
        assertThat(header(peer.receive("ACK"), "To")).endsWith(";tag=mallory");
        hungUp();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"302 Moved", "401 Unauthorized", "488 Not Acceptable Here", "503 Service Unavailable", "603 No"})
    void everyRefusalIsAcknowledgedAndTold(String status) throws Exception {
        dial(OFFER);
        String invite = peer.receive("INVITE");
        peer.answer(invite, status, "", null);
        assertThat(heard.next()).isEqualTo("refused " + status);
        peer.receive("ACK");
        peer.answer(invite, status, "", null);
        peer.receive("ACK");
    }

    @Test
    void theSessionMayComeInARingingOfTheSameFarEnd() throws Exception {
        DialedLeg leg = dial(OFFER);
        String invite = peer.receive("INVITE");
        peer.answer(invite, "183 Session Progress", "", ANSWER);
        peer.ok(invite, null);
        assertThat(heard.next()).isEqualTo("progress 183 with sdp");
        assertThat(heard.next()).isEqualTo("answered ");
        leg.end(HangupCause.NORMAL);
        hungUp();
    }

    @Test
    void anAnswerWithoutSessionIsRefused() throws Exception {
        dial(OFFER);
        peer.ok(peer.receive("INVITE"), null);
        assertThat(heard.next()).startsWith("refused 488");
        peer.receive("ACK");
        hungUp();
    }

    @Test
    void whereNobodyListensIs503() throws Exception {
        int nobody;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = probe.getLocalPort();
        }
        for (String uri : List.of(
                "sip:bob@127.0.0.1:" + nobody + ";transport=tcp",
                "sip:bob@127.0.0.1;transport=carrier-pigeon",
                "sips:bob@127.0.0.1",
                "bob",
                "sip:bob@no-such-host.invalid",
                "sip:bob@127.0.0.1 SIP/2.0\r\nX: y")) {
            front.front
                    .dialer()
                    .dial(new Invitation(uri, "c" + uri.hashCode(), Map.of(), OFFER, Duration.ofSeconds(9)), heard);
            assertThat(heard.next()).as(uri).startsWith("refused 503");
        }
    }

    @Test
    void aCallIdIsUniqueAndOneWord() throws Exception {
        Invitation once = peer.invitation(OFFER);
        DialedLeg leg = front.front.dialer().dial(once, heard);
        assertThatThrownBy(() -> front.front.dialer().dial(once, heard)).hasMessageContaining("is in use");
        Invitation two = new Invitation(peer.uri(), "a b", Map.of(), OFFER, Duration.ofSeconds(9));
        assertThatThrownBy(() -> front.front.dialer().dial(two, heard)).hasMessageContaining("not a Call-ID");
        String invite = peer.receive("INVITE");
        leg.end(HangupCause.NORMAL);
        peer.answer(invite, "480 Gone", "", null);
    }

    @Test
    void whoCallsThemselvesHearALoop() throws Exception {
        front.answering();
        for (String transport : List.of("", ";transport=tcp")) {
            String uri = "sip:us@127.0.0.1:" + front.port() + transport;
            front.front
                    .dialer()
                    .dial(
                            new Invitation(uri, "loop" + transport.length(), Map.of(), OFFER, Duration.ofSeconds(9)),
                            heard);
            assertThat(heard.next()).isEqualTo("refused 482 Loop Detected");
        }
        assertThat(front.calls).isEmpty();
    }

    @Test
    void headersOfTheDialogAreNotForSale() throws Exception {
        Map<String, String> headers = Map.of(
                "From", "\"Alice\" <sip:+49123@example.org>;tag=mine",
                "Call-ID", "other",
                "Contact", "<sip:evil@example.org>",
                "User-Agent", "drachtio-fsmrf:1",
                "X-esl-outbound", "127.0.0.1:8084",
                "Bad Name", "x");
        DialedLeg leg = front.front
                .dialer()
                .dial(new Invitation(peer.uri(), "mine", headers, OFFER, Duration.ofSeconds(9)), heard);
        String invite = peer.receive("INVITE");
        assertThat(header(invite, "From")).matches("<sip:\\+49123@example.org>;tag=[0-9a-f]{24}");
        assertThat(header(invite, "Call-ID")).isEqualTo("mine");
        assertThat(header(invite, "Contact")).startsWith("<sip:firefly@127.0.0.1:" + front.port());
        assertThat(header(invite, "User-Agent")).isEqualTo("drachtio-fsmrf:1");
        assertThat(header(invite, "X-esl-outbound")).isEqualTo("127.0.0.1:8084");
        assertThat(invite).doesNotContain("evil", "Bad Name", "other");
        leg.end(HangupCause.NORMAL);
        peer.answer(invite, "480 Gone", "", null);
    }

    @Test
    void requestsFollowRoutesAndContact() throws Exception {
        DialedLeg leg = dial(OFFER);
        String invite = peer.receive("INVITE");
        String routes = "Record-Route: <sip:127.0.0.1:" + peer.port() + ";lr;n=2>, <sip:127.0.0.1:" + peer.port()
                + ";lr;n=1>\r\n";
        peer.answer(invite, "200 OK", routes + "Contact: \"Bob\" <sip:there@192.0.2.9:5066>\r\n", ANSWER);
        String ack = peer.receive("ACK sip:there@192.0.2.9:5066 SIP/2.0");
        String first = "<sip:127.0.0.1:" + peer.port() + ";lr;n=1>";
        assertThat(header(ack, "Route")).startsWith(first);
        assertThat(heard.next()).isEqualTo("answered ");
        leg.end(HangupCause.NORMAL);
        String bye = peer.receive("BYE sip:there@192.0.2.9:5066 SIP/2.0");
        assertThat(header(bye, "Route")).startsWith(first);
        assertThat(bye).contains(";n=2>");
        peer.ok(bye, null);
    }
}

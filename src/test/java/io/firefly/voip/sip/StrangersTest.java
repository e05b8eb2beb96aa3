package io.firefly.voip.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.sip.FrontUnderTest.Heard;
import io.firefly.voip.sip.SipPeer.Dialog;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who sends datagrams from an address that may be somebody else's gets no more back than was sent. */
class StrangersTest {
    private final FrontUnderTest front = FrontUnderTest.untrusting();

    @AfterEach
    void close() {
        front.close();
    }

    private void challenging() {
        Map<String, List<String>> challenge =
                Map.of("WWW-Authenticate", List.of("Digest realm=\"firefly\", nonce=\"" + "n".repeat(80) + "\""));
        front.front.handle(
                Set.of("INVITE"), (request, responder) -> responder.respond(SipResponse.of(401, null, challenge)));
    }

    private static List<String> allWithin(SipPeer peer, int millis) throws Exception {
        List<String> heard = new ArrayList<>();
        for (String message = peer.receiveWithin(millis); message != null; message = peer.receiveWithin(millis))
            heard.add(message);
        return heard;
    }

    @Test
    void aChallengedInviteIsAnsweredOnceAndShortly() throws Exception {
        challenging();
        try (SipPeer peer = front.udp()) {
            String invite = peer.dialog().text("INVITE", "", SipPeer.SDP);

            peer.send(invite);

            List<String> heard = allWithin(peer, 1200);
            assertThat(heard).hasSize(1);
            assertThat(heard.get(0)).startsWith("SIP/2.0 401 ").contains("nonce");
            assertThat(heard.get(0).length()).isLessThan(invite.length() * 3 / 2);
            assertThat(front.front.openDialogs()).isZero();
            assertThat(front.front.rememberedLegs()).isZero();
        }
    }

    @Test
    void aChallengedInviteThatComesAgainIsAnsweredAgain() throws Exception {
        challenging();
        try (SipPeer peer = front.udp()) {
            Dialog dialog = peer.dialog();
            dialog.invite();
            String first = peer.receive();
            dialog.invite();

            assertThat(peer.receive()).startsWith("SIP/2.0 401 ");
            dialog.ackRefusal(first);
            assertThat(allWithin(peer, 300)).isEmpty();
        }
    }

    @Test
    void anInviteInAnUnknownDialogIsAnsweredOnce() throws Exception {
        challenging();
        try (SipPeer peer = front.udp()) {
            Dialog dialog = peer.dialog();
            dialog.toTag = "x";
            dialog.invite();

            assertThat(allWithin(peer, 1200)).hasSize(1).first().asString().startsWith("SIP/2.0 481 ");
        }
    }

    @Test
    void whileNobodyDecidesAStrangerHearsNothing() throws Exception {
        List<SipResponder> undecided = new ArrayList<>();
        front.front.handle(Set.of("INVITE"), (request, responder) -> undecided.add(responder));
        try (SipPeer peer = front.udp()) {
            Dialog dialog = peer.dialog();
            dialog.invite();
            dialog.invite();

            assertThat(allWithin(peer, 500)).isEmpty();
            assertThat(undecided).hasSize(1);
            undecided.get(0).respond(SipResponse.of(403));
            assertThat(allWithin(peer, 800)).hasSize(1).first().asString().startsWith("SIP/2.0 403 ");
        }
    }

    @Test
    void aStrangersInviteThatBecameACallIsTriedRefusedAndRepeatedUntilItsAck() throws Exception {
        front.calling(call -> call.leg().end(HangupCause.BUSY));
        try (SipPeer peer = front.udp()) {
            Dialog dialog = peer.dialog();
            dialog.invite();

            assertThat(peer.receiveWithin(2000)).startsWith("SIP/2.0 100 ");
            String busy = peer.receive();
            assertThat(busy).startsWith("SIP/2.0 486 ");
            assertThat(peer.receive()).isEqualTo(busy);
            dialog.ackRefusal(busy);
        }
    }

    @Test
    void aStrangersCallIsAnsweredAndCanBeCancelled() throws Exception {
        front.calling(call -> call.leg().ring());
        try (SipPeer peer = front.udp()) {
            Dialog answered = peer.dialog();
            answered.invite();
            answered.learn(peer.receive("SIP/2.0 180"));
            Heard heard = front.call();
            heard.call.leg().answer(FrontUnderTest.OUR_SDP);
            peer.receive("SIP/2.0 200");
            answered.ack("");
            assertThat(heard.next()).isEqualTo("confirmed");

            Dialog cancelled = peer.dialog();
            cancelled.invite();
            peer.receive("SIP/2.0 180");
            cancelled.cancel();

            assertThat(peer.receive()).startsWith("SIP/2.0 200 ").contains("CANCEL");
            assertThat(peer.receive()).startsWith("SIP/2.0 487 ");
        }
    }

    /** Until nothing comes back any more. */
    private static void flood(SipPeer junk) throws Exception {
        for (int i = 0; i < 150; i++) junk.send(junk.dialog().text("OPTIONS", "", ""));
        allWithin(junk, 300);
        junk.send(junk.dialog().text("OPTIONS", "", ""));
    }

    @Test
    void junkFromTheSameAddressSilencesNoCall() throws Exception {
        front.answering();
        try (SipPeer phone = front.udp();
                SipPeer junk = front.udp();
                SipPeer banned = front.tcp()) {
            Dialog dialog = phone.dialog();
            dialog.establish();
            Heard heard = front.call();
            assertThat(heard.next()).isEqualTo("confirmed");
            flood(junk);
            flood(banned);
            assertThat(front.front.counters()).containsKeys("flood", "banned");

            dialog.request("INVITE", "", SipPeer.SDP);
            assertThat(phone.receive("SIP/2.0 2")).contains("INVITE");
            dialog.ack("");
            dialog.request("BYE", "", "");

            assertThat(phone.receive("SIP/2.0 200")).contains("BYE");
            assertThat(heard.next()).isEqualTo("reoffered");
            assertThat(heard.next()).isEqualTo("hungUp");
            Dialog next = phone.dialog();
            next.establish();
        }
    }

    @Test
    void junkFromTheSameAddressSilencesNoRegisteredPhone() throws Exception {
        front.front.handle(
                Set.of("REGISTER", "OPTIONS"), (request, responder) -> responder.respond(SipResponse.of(200)));
        try (SipPeer phone = front.udp();
                SipPeer junk = front.udp()) {
            phone.send(phone.dialog().text("REGISTER", "", ""));
            assertThat(phone.receive()).startsWith("SIP/2.0 200 ");
            flood(junk);

            phone.send(phone.dialog().text("REGISTER", "", ""));

            assertThat(phone.receive()).startsWith("SIP/2.0 200 ");
        }
    }

    @Test
    void maddrDoesNotAimUsAtAThirdParty() throws Exception {
        front.front.handle(Set.of("OPTIONS"), (request, responder) -> responder.respond(SipResponse.of(200)));
        challenging();
        try (SipPeer peer = front.udp();
                DatagramSocket victim = new DatagramSocket(peer.port(), InetAddress.getByName("127.0.0.9"))) {
            for (String method : List.of("INVITE", "OPTIONS")) {
                peer.send(peer.dialog().text(method, "", "").replace(";rport", ";rport;maddr=127.0.0.9"));
                assertThat(peer.receive()).startsWith("SIP/2.0 ");
            }
            victim.setSoTimeout(300);
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> victim.receive(new DatagramPacket(new byte[2000], 2000)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }
}

package io.firefly.voip.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.sip.FrontUnderTest.Heard;
import io.firefly.voip.sip.SipPeer.Dialog;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One call from INVITE to its end, over real sockets (RFC 3261 13, 14, 15). */
class CallScenariosTest {
    private FrontUnderTest front;
    private SipPeer peer;

    @BeforeEach
    void open() throws Exception {
        front = FrontUnderTest.inAHurry();
        peer = front.udp();
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        front.close();
    }

    private void allIsOver() {
        await().atMost(Duration.ofSeconds(5)).until(() -> front.front.openDialogs() == 0);
        await().atMost(Duration.ofSeconds(5)).until(() -> front.front.rememberedLegs() == 0);
    }

    @Test
    void aCallIsTriedRungAnsweredConfirmedAndHungUpByTheCaller() throws Exception {
        front.calling(call -> call.leg().ring());
        Dialog dialog = peer.dialog();

        dialog.invite();

        assertThat(peer.receiveWithin(2000)).startsWith("SIP/2.0 100 ");
        String ringing = dialog.learn(peer.receive());
        assertThat(ringing).startsWith("SIP/2.0 180 ");
        assertThat(dialog.toTag).hasSizeGreaterThanOrEqualTo(24);
        assertThat(SipPeer.header(ringing, "Contact")).isEqualTo("<sip:127.0.0.1:" + front.port() + ">");

        Heard heard = front.call();
        assertThat(heard.call.sdpOffer()).isEqualTo(SipPeer.SDP);
        assertThat(heard.call.parties().caller().displayName()).isEqualTo("Alice");
        assertThat(heard.call.parties().called().user()).isEqualTo("4711");
        assertThat(front.front.openDialogs()).isEqualTo(1);
        heard.call.leg().answer(FrontUnderTest.OUR_SDP);

        String ok = peer.receive("SIP/2.0 200");
        assertThat(SipPeer.header(ok, "To")).endsWith(";tag=" + dialog.toTag);
        assertThat(SipPeer.header(ok, "Allow")).contains("INVITE", "BYE", "UPDATE");
        assertThat(SipPeer.header(ok, "Content-Type")).isEqualTo("application/sdp");
        assertThat(SipPeer.body(ok)).isEqualTo(FrontUnderTest.OUR_SDP);
        dialog.ack("");
        assertThat(heard.next()).isEqualTo("confirmed");

        dialog.request("BYE", "", "");
        assertThat(peer.receive()).startsWith("SIP/2.0 200 ").contains("BYE");
        assertThat(heard.next()).isEqualTo("hungUp");
        allIsOver();
    }

    @Test
    void weEndACallWithByeThatTellsWhy() throws Exception {
        front.answering();
        Dialog dialog = peer.dialog();
        dialog.establish();
        Heard heard = front.call();
        assertThat(heard.next()).isEqualTo("confirmed");

        heard.call.leg().end(HangupCause.MAX_DURATION);
        heard.call.leg().end(HangupCause.NORMAL);

        String bye = peer.receive("BYE ");
        assertThat(bye).startsWith("BYE sip:1001@127.0.0.1:" + peer.port());
        assertThat(SipPeer.header(bye, "Reason")).isEqualTo("Q.850;cause=31;text=\"max-duration\"");
        assertThat(SipPeer.header(bye, "From")).isEqualTo("<sip:4711@127.0.0.1>;tag=" + dialog.toTag);
        assertThat(SipPeer.header(bye, "To")).isEqualTo("\"Alice\" <sip:1001@127.0.0.1>;tag=" + dialog.fromTag);
        assertThat(SipPeer.header(bye, "Call-ID")).isEqualTo(dialog.callId);
        peer.ok(bye);
        allIsOver();
        assertThat(heard.events).isEmpty();
    }

    @Test
    void aCallThatWeEndedIsRememberedUntilItsByeIsAnswered() throws Exception {
        front.answering();
        Dialog dialog = peer.dialog();
        dialog.establish();
        Heard heard = front.call();
        assertThat(heard.next()).isEqualTo("confirmed");

        heard.call.leg().end(HangupCause.NORMAL);
        String bye = peer.receive("BYE ");

        assertThat(front.front.openDialogs()).isZero();
        SipFront draining = front.front;
        assertThat(draining.rememberedLegs()).isEqualTo(1);
        peer.ok(bye);
        allIsOver();
    }

    @Test
    void aSlowNameInAContactDelaysNobodyElsesBye() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        SipProperties properties = FrontUnderTest.properties(List.of("127.0.0.1"), SipProperties.Limits.DEFAULT);
        JainSipFront waiting = new JainSipFront(properties, FrontUnderTest.HURRY, host -> {
            try {
                never.await();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(host);
        });
        try (FrontUnderTest slow = new FrontUnderTest(waiting).answering();
                SipPeer named = slow.udp();
                SipPeer literal = slow.udp()) {
            List<Heard> all = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                Dialog dialog = named.dialog();
                String invite = dialog.text("INVITE", "", SipPeer.SDP);
                named.send(invite.replace("Contact: <sip:1001@127.0.0.1:", "Contact: <sip:1001@slow.example:"));
                dialog.learn(named.receive("SIP/2.0 200"));
                dialog.ack("");
                all.add(slow.call());
            }
            for (Heard heard : all) {
                assertThat(heard.next()).isEqualTo("confirmed");
                heard.call.leg().end(HangupCause.NORMAL);
            }
            literal.dialog().establish();
            slow.call().call.leg().end(HangupCause.NORMAL);

            String bye = literal.receive("BYE ");
            literal.ok(bye);
            assertThat(named.receiveWithin(1)).as("the slow ones wait").isNull();
            named.ok(named.receive("BYE sip:1001@slow.example"));
        }
    }

    @Test
    void aRepeatedInviteIsOneCall() throws Exception {
        front.calling(call -> {});
        Dialog dialog = peer.dialog();

        dialog.invite();
        dialog.invite();
        dialog.invite();
        Heard heard = front.call();
        heard.call.leg().answer(FrontUnderTest.OUR_SDP);
        dialog.learn(peer.receive("SIP/2.0 200"));
        dialog.invite();
        dialog.ack("");

        assertThat(heard.next()).isEqualTo("confirmed");
        assertThat(front.calls).isEmpty();
        assertThat(front.front.openDialogs()).isEqualTo(1);
    }

    @Test
    void theSameInviteByAnotherWayHears482() throws Exception {
        front.calling(call -> {});
        Dialog dialog = peer.dialog();
        dialog.invite();
        front.call();

        dialog.branch = "z9hG4bKanotherway";
        dialog.invite();

        assertThat(peer.receive("SIP/2.0 4")).startsWith("SIP/2.0 482 ");
        assertThat(front.front.openDialogs()).isEqualTo(1);
    }

    @Test
    void the200IsRepeatedUntilTheAckComes() throws Exception {
        front.answering();
        Dialog dialog = peer.dialog();

        dialog.invite();
        dialog.learn(peer.receive("SIP/2.0 200"));
        assertThat(peer.receive()).startsWith("SIP/2.0 200 ");
        assertThat(peer.receive()).startsWith("SIP/2.0 200 ");
        dialog.ack("");

        Heard heard = front.call();
        assertThat(heard.next()).isEqualTo("confirmed");
        String late = peer.receiveWithin(600);
        if (late != null) assertThat(peer.receiveWithin(600)).isNull();
    }

    @Test
    void withoutAckTheCallIsLostAndEndedByBye() throws Exception {
        front.answering();
        Dialog dialog = peer.dialog();

        dialog.invite();
        String bye = peer.receive("BYE ");

        assertThat(front.call().next()).isEqualTo("lost NO_ACK");
        peer.ok(bye);
        allIsOver();
    }

    @Test
    void anEndBeforeTheAckWaitsForTheAck() throws Exception {
        front.calling(call -> {
            call.leg().answer(FrontUnderTest.OUR_SDP);
            call.leg().end(HangupCause.NORMAL);
        });
        Dialog dialog = peer.dialog();

        dialog.invite();
        dialog.learn(peer.receive("SIP/2.0 200"));
        assertThat(peer.receive()).startsWith("SIP/2.0 200 ");
        dialog.ack("");

        peer.ok(peer.receive("BYE "));
        allIsOver();
    }

    @Test
    void ringingIsRepeated() throws Exception {
        front.calling(call -> call.leg().ring());

        peer.dialog().invite();

        assertThat(peer.receive()).startsWith("SIP/2.0 180 ");
        assertThat(peer.receive()).startsWith("SIP/2.0 180 ");
        assertThat(peer.receive()).startsWith("SIP/2.0 180 ");
    }

    @Test
    void cancelWhileItRingsIsAnsweredTwice() throws Exception {
        front.calling(call -> call.leg().ring());
        Dialog dialog = peer.dialog();
        dialog.invite();
        dialog.learn(peer.receive("SIP/2.0 180"));
        Heard heard = front.call();

        dialog.cancel();

        String first = peer.receive();
        String second = peer.receive();
        assertThat(first).startsWith("SIP/2.0 200 ").contains("1 CANCEL");
        assertThat(second).startsWith("SIP/2.0 487 ").contains("1 INVITE");
        assertThat(SipPeer.header(first, "To")).endsWith(";tag=" + dialog.toTag);
        assertThat(SipPeer.header(second, "To")).endsWith(";tag=" + dialog.toTag);
        assertThat(heard.next()).isEqualTo("cancelled");
        dialog.ackRefusal(second);
        heard.call.leg().answer(FrontUnderTest.OUR_SDP);
        allIsOver();
        assertThat(peer.receiveWithin(700)).isNull();
    }

    @Test
    void cancelBeforeTheCallWasMadeIsToldWhenItIs() throws Exception {
        java.util.concurrent.BlockingQueue<SipRequest> held = new java.util.concurrent.LinkedBlockingQueue<>();
        front.front.handle(java.util.Set.of("INVITE"), (request, responder) -> held.add(request));
        Dialog dialog = peer.dialog();
        dialog.invite();
        SipRequest request = held.poll(5, java.util.concurrent.TimeUnit.SECONDS);

        dialog.cancel();
        peer.receive("SIP/2.0 487");
        Heard heard = new Heard(request.toIncomingCall());
        heard.call.leg().listen(heard);

        assertThat(heard.next()).isEqualTo("cancelled");
        allIsOver();
    }

    @Test
    void cancelThatLosesAgainstThe200DoesNoHarm() throws Exception {
        front.answering();
        Dialog dialog = peer.dialog();
        dialog.invite();
        dialog.learn(peer.receive("SIP/2.0 200"));

        dialog.cancel();

        assertThat(peer.receive("SIP/2.0 200")).isNotNull();
        dialog.ack("");
        Heard heard = front.call();
        assertThat(heard.next()).isEqualTo("confirmed");
        dialog.request("BYE", "", "");
        assertThat(heard.next()).isEqualTo("hungUp");
        allIsOver();
    }

    @Test
    void anInviteWithoutOfferGetsOursAndTheAckCarriesTheAnswer() throws Exception {
        front.answering();
        Dialog dialog = peer.dialog();

        peer.send(dialog.text("INVITE", "", ""));
        Heard heard = front.call();
        assertThat(heard.call.sdpOffer()).isNull();
        assertThat(SipPeer.body(dialog.learn(peer.receive("SIP/2.0 200")))).isEqualTo(FrontUnderTest.OUR_SDP);
        dialog.ack(SipPeer.SDP);

        assertThat(heard.next()).isEqualTo("confirmed with answer");
    }

    @Test
    void aRefusedCallHearsItsCause() throws Exception {
        front.calling(call -> call.leg().end(HangupCause.DRAINING));
        Dialog dialog = peer.dialog();

        dialog.invite();

        String refusal = peer.receive();
        assertThat(refusal).startsWith("SIP/2.0 503 ");
        assertThat(SipPeer.header(refusal, "Reason")).startsWith("Q.850;cause=42");
        assertThat(Integer.parseInt(SipPeer.header(refusal, "Retry-After"))).isBetween(5, 30);
        dialog.ackRefusal(refusal);
        allIsOver();
        assertThat(peer.receiveWithin(700)).isNull();
    }

    @Test
    void aCallOverTcpKeepsToItsConnection() throws Exception {
        front.answering();
        try (SipPeer phone = front.tcp()) {
            Dialog dialog = phone.dialog();
            dialog.establish();
            Heard heard = front.call();
            assertThat(heard.next()).isEqualTo("confirmed");
            assertThat(dialog.target).endsWith(";transport=tcp");
            assertThat(heard.call.source().transport()).isEqualTo("tcp");

            heard.call.leg().end(HangupCause.NORMAL);

            String bye = phone.receive("BYE ");
            assertThat(SipPeer.header(bye, "Via")).startsWith("SIP/2.0/TCP 127.0.0.1:");
            phone.ok(bye);
            allIsOver();
        }
    }
}

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
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The dialog of a leg that we dialed: offers of ours and theirs, and what else is asked in it. */
class DialedReoffersTest {
    private static final String OTHER = SipPeer.sdp(40002);

    private FrontUnderTest front;
    private DialedPeer peer;
    private final DialedPeer.Heard heard = new DialedPeer.Heard();
    private DialedLeg leg;
    private String invite;

    @BeforeEach
    void establish() throws Exception {
        front = FrontUnderTest.untrusting();
        peer = DialedPeer.udp(front.port());
        leg = front.front.dialer().dial(peer.invitation(OFFER), heard);
        invite = peer.receive("INVITE");
        peer.ok(invite, ANSWER);
        peer.receive("ACK");
        assertThat(heard.next()).isEqualTo("answered ");
    }

    @AfterEach
    void close() throws Exception {
        leg.end(HangupCause.NORMAL);
        for (String left : peer.all(200)) if (left.startsWith("BYE")) peer.ok(left, null);
        await().untilAsserted(() -> assertThat(front.front.dialer().openLegs()).isZero());
        assertThat(heard.events).as("events nobody expected").isEmpty();
        peer.close();
        front.close();
    }

    private CompletableFuture<Reply> reoffer(@Nullable String sdp) {
        return leg.reoffer(sdp).toCompletableFuture();
    }

    private static Reply now(CompletableFuture<Reply> reply) throws Exception {
        return reply.get(5, TimeUnit.SECONDS);
    }

    /** Their request until its final response. */
    private String asked(String method, int cseq, @Nullable String sdp) throws IOException {
        peer.request(method, cseq, invite, "", sdp);
        String response = peer.receive("SIP/2.0 ");
        while (response.startsWith("SIP/2.0 100") || !header(response, "CSeq").equals(cseq + " " + method))
            response = peer.receive("SIP/2.0 ");
        return response.split("\r\n", 2)[0];
    }

    @Test
    void offersOfOursWaitForEachOther() throws Exception {
        CompletableFuture<Reply> first = reoffer(SipPeer.sdp(50002));
        CompletableFuture<Reply> second = reoffer(SipPeer.sdp(50004));
        String one = peer.receive("INVITE");
        assertThat(peer.all(60)).isEmpty();
        peer.ok(one, ANSWER);
        assertThat(now(first)).isEqualTo(new Reply(200, ANSWER));
        assertThat(header(peer.receive("ACK"), "CSeq")).isEqualTo("2 ACK");
        String two = peer.receive("INVITE");
        assertThat(body(two)).isEqualTo(SipPeer.sdp(50004));
        peer.answer(two, "488 Not Acceptable Here", "", null);
        assertThat(now(second)).isEqualTo(new Reply(488, null));
        peer.receive("ACK");
        CompletableFuture<Reply> third = reoffer(SipPeer.sdp(50006));
        peer.ok(peer.receive("INVITE"), ANSWER);
        assertThat(now(third).status()).isEqualTo(200);
    }

    @Test
    void tooManyThatWaitHear491() throws Exception {
        List<CompletableFuture<Reply>> many = new ArrayList<>();
        for (int i = 0; i < 10; i++) many.add(reoffer(SipPeer.sdp(50002)));
        assertThat(now(many.get(9))).isEqualTo(new Reply(491, null));
        assertThat(many.get(8)).isNotDone();
    }

    @Test
    void withoutOfferTheFarEndsIsAskedFor() throws Exception {
        CompletableFuture<Reply> asked = reoffer(null);
        CompletableFuture<Reply> next = reoffer(OFFER);
        String again = peer.receive("INVITE");
        assertThat(header(again, "Content-Type")).isEmpty();
        peer.ok(again, OTHER);
        assertThat(now(asked)).isEqualTo(new Reply(200, OTHER));
        assertThat(peer.all(100)).isEmpty();
        leg.acknowledge(SipPeer.sdp(50008));
        assertThat(body(peer.receive("ACK"))).isEqualTo(SipPeer.sdp(50008));
        peer.ok(peer.receive("INVITE"), ANSWER);
        assertThat(now(next).status()).isEqualTo(200);
    }

    @Test
    void a491IsRepeatedOnceAfterAWhile() throws Exception {
        CompletableFuture<Reply> held = reoffer(SipPeer.sdp(50002));
        String first = peer.receive("INVITE");
        long refusedNanos = System.nanoTime();
        peer.answer(first, "491 Request Pending", "", null);
        peer.receive("ACK");
        String second = peer.receive("INVITE");
        // 4.2 to 8 times T1: 2.1 to 4 s as long as T1 is 500 ms (RFC 3261 14.1).
        assertThat(System.nanoTime() - refusedNanos).isBetween(410_000_000L, 1_500_000_000L);
        assertThat(header(second, "CSeq")).isEqualTo("3 INVITE");
        peer.answer(second, "491 Request Pending", "", null);
        assertThat(now(held)).isEqualTo(new Reply(491, null));
    }

    @Test
    void theirsIsServedWhileOursWaitsBehindA491() throws Exception {
        CompletableFuture<Reply> held = reoffer(SipPeer.sdp(50002));
        peer.answer(peer.receive("INVITE"), "491 Request Pending", "", null);
        peer.receive("ACK");
        assertThat(asked("INVITE", 1, OTHER)).contains("200");
        assertThat(heard.next()).isEqualTo("reoffered");
        peer.request("ACK", 1, invite, "", null);
        String again = peer.receive("INVITE");
        peer.ok(again, ANSWER);
        assertThat(now(held).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"481 Call Does Not Exist", "408 Request Timeout"})
    void whoDoesNotKnowTheDialogAnyMoreIsLost(String status) throws Exception {
        CompletableFuture<Reply> held = reoffer(OFFER);
        CompletableFuture<Reply> waiting = reoffer(OFFER);
        peer.answer(peer.receive("INVITE"), status, "", null);
        assertThat(now(held).status()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
        assertThat(now(waiting)).isEqualTo(new Reply(481, null));
        assertThat(heard.next()).isEqualTo("lost UNAVAILABLE");
        peer.ok(peer.receive("BYE"), null);
        assertThat(now(reoffer(OFFER))).isEqualTo(new Reply(481, null));
    }

    @Test
    void whoDoesNotAnswerAReinviteIsLost() throws Exception {
        CompletableFuture<Reply> held = reoffer(OFFER);
        peer.answer(peer.receive("INVITE"), "100 Trying", "", null);
        assertThat(now(held)).isEqualTo(new Reply(408, null));
        assertThat(heard.next()).isEqualTo("lost UNAVAILABLE");
    }

    @Test
    void aReinviteThatOurByeCrossedHearsItsAck() throws Exception {
        CompletableFuture<Reply> held = reoffer(OFFER);
        String again = peer.receive("INVITE");
        leg.end(HangupCause.NORMAL);
        assertThat(now(held)).isEqualTo(new Reply(481, null));
        String bye = peer.receive("BYE");
        peer.ok(again, ANSWER);
        assertThat(header(peer.receive("ACK"), "CSeq")).isEqualTo("2 ACK");
        peer.ok(bye, null);
    }

    @Test
    void theirOfferIsAnsweredAndRepeatedUntilItsAck() throws Exception {
        peer.request("INVITE", 7, invite, "", OTHER);
        assertThat(peer.receive("SIP/2.0 100")).contains("7 INVITE");
        String ok = peer.receive("SIP/2.0 200");
        assertThat(heard.next()).isEqualTo("reoffered");
        assertThat(body(ok)).isEqualTo(OFFER);
        assertThat(header(ok, "Contact")).startsWith("<sip:firefly@127.0.0.1:" + front.port());
        assertThat(header(ok, "Allow")).contains("UPDATE");
        assertThat(header(ok, "Session-Expires")).isEmpty();
        assertThat(peer.receive("SIP/2.0 200")).isEqualTo(ok);
        CompletableFuture<Reply> ours = reoffer(OFFER);
        assertThat(asked("INVITE", 8, OTHER)).contains("491");
        peer.request("ACK", 8, invite, "", null);
        peer.request("ACK", 7, invite, "", null);
        peer.ok(peer.receive("INVITE"), ANSWER);
        assertThat(now(ours).status()).isEqualTo(200);
    }

    @Test
    void anOfferWithoutItsAckEndsTheCall() throws Exception {
        assertThat(asked("INVITE", 1, OTHER)).contains("200");
        assertThat(heard.next()).isEqualTo("reoffered");
        assertThat(heard.next()).isEqualTo("lost NO_ACK");
        peer.ok(peer.receive("BYE"), null);
    }

    @Test
    void anUpdateIsAnsweredToo() throws Exception {
        assertThat(asked("UPDATE", 1, null)).contains("200");
        assertThat(asked("UPDATE", 2, OTHER)).contains("200");
        assertThat(heard.next()).isEqualTo("reoffered");
    }

    @Test
    void aRefreshOfTheSessionDisturbsNobody() throws Exception {
        peer.request("INVITE", 1, invite, "Session-Expires: 1800;refresher=uac\r\nSupported: timer\r\n", ANSWER);
        String ok = peer.receive("SIP/2.0 200");
        assertThat(body(ok)).isEqualTo(OFFER);
        assertThat(header(ok, "Session-Expires")).isEmpty();
        peer.request("ACK", 1, invite, "", null);
        assertThat(heard.events).isEmpty();
    }

    @Test
    void whatNobodyAcceptsIs488AndOursGoesOn() throws Exception {
        heard.reofferAnswer = CompletableFuture.completedFuture(null);
        assertThat(asked("INVITE", 1, OTHER)).contains("488");
        heard.reofferAnswer = CompletableFuture.failedStage(new IllegalStateException("test"));
        assertThat(asked("UPDATE", 2, OTHER)).contains("500");
        heard.reofferAnswer = new CompletableFuture<>();
        assertThat(asked("UPDATE", 3, OTHER)).contains("500");
        for (int i = 0; i < 3; i++) assertThat(heard.next()).isEqualTo("reoffered");
        CompletableFuture<Reply> ours = reoffer(OFFER);
        peer.ok(peer.receive("INVITE"), ANSWER);
        assertThat(now(ours).status()).isEqualTo(200);
    }

    @Test
    void theirsHears491WhileOursIsOpen() throws Exception {
        CompletableFuture<Reply> ours = reoffer(OFFER);
        String again = peer.receive("INVITE");
        assertThat(asked("INVITE", 1, OTHER)).contains("491");
        assertThat(asked("UPDATE", 2, OTHER)).contains("491");
        assertThat(asked("UPDATE", 3, null)).contains("200");
        peer.ok(again, ANSWER);
        assertThat(now(ours).status()).isEqualTo(200);
    }

    @Test
    void oursWaitsUntilTheirsIsDecidedAndASecondOfTheirsHears500() throws Exception {
        CompletableFuture<@Nullable String> decision = new CompletableFuture<>();
        heard.reofferAnswer = decision;
        peer.request("INVITE", 1, invite, "", OTHER);
        assertThat(heard.next()).isEqualTo("reoffered");
        assertThat(asked("UPDATE", 2, OTHER)).contains("500");
        CompletableFuture<Reply> ours = reoffer(OFFER);
        assertThat(peer.all(60)).noneMatch(message -> message.startsWith("INVITE"));
        decision.complete(OFFER);
        peer.receive("SIP/2.0 200");
        peer.request("ACK", 1, invite, "", null);
        peer.ok(peer.receive("INVITE"), ANSWER);
        assertThat(now(ours).status()).isEqualTo(200);
    }

    @Test
    void theirCancelEndsTheirOffer() throws Exception {
        heard.reofferAnswer = new CompletableFuture<>();
        String asked = peer.request("INVITE", 4, invite, "", OTHER);
        assertThat(heard.next()).isEqualTo("reoffered");
        peer.send(asked.split("Content-Type", 2)[0].replace("INVITE", "CANCEL") + "Content-Length: 0\r\n\r\n");
        assertThat(peer.receive("SIP/2.0 200")).contains("4 CANCEL");
        assertThat(peer.receive("SIP/2.0 487")).contains("4 INVITE");
        peer.send(asked.split("Content-Type", 2)[0].replace("INVITE", "ACK") + "Content-Length: 0\r\n\r\n");
        assertThat(asked("CANCEL", 9, null)).contains("481");
    }

    @ParameterizedTest
    @CsvSource({"OPTIONS,200", "INFO,200", "PRACK,481", "REFER,405", "FROBNICATE,501"})
    void whatElseIsAsked(String method, String status) throws Exception {
        assertThat(asked(method, 3, null)).contains(status);
        assertThat(asked(method, 2, null)).as("older than one before").contains("500");
    }

    @Test
    void anUnknownTagHears481AndAnUnknownExtension420() throws Exception {
        assertThat(asked("UPDATE", 1, null)).contains("200");
        peer.request("INVITE", 2, invite.replaceFirst("To: <[^>]*>", "To: <sip:x@127.0.0.1>;tag=other"), "", OTHER);
        assertThat(peer.receive("SIP/2.0 4")).startsWith("SIP/2.0 481");
        peer.request("INVITE", 5, invite, "Require: frobnication\r\n", OTHER);
        assertThat(peer.receive("SIP/2.0 420")).contains("frobnication");
    }

    @Test
    void aByeThatCrossesOursIsAnswered() throws Exception {
        leg.end(HangupCause.NORMAL);
        String bye = peer.receive("BYE");
        assertThat(asked("INFO", 1, null)).contains("481");
        assertThat(asked("BYE", 2, null)).contains("200");
        peer.ok(bye, null);
    }

    @Test
    void theirByeEndsTheirOpenOffer() throws Exception {
        heard.reofferAnswer = new CompletableFuture<>();
        peer.request("INVITE", 1, invite, "", OTHER);
        assertThat(heard.next()).isEqualTo("reoffered");
        peer.request("BYE", 2, invite, "Reason: SIP;cause=200, Q.850 ;text=\"a\" ; cause=31\r\n", null);
        assertThat(heard.next()).isEqualTo("hungUp 31");
        assertThat(peer.all(100).toString()).contains("487", "200 OK");
    }

    @Test
    void aFloodInsideTheDialogIsNotTakenForAStrangers() throws Exception {
        for (int cseq = 1; cseq <= 120; cseq++)
            assertThat(asked("INFO", cseq, null)).contains("200");
    }
}

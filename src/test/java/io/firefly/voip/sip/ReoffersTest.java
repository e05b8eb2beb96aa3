package io.firefly.voip.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.sip.FrontUnderTest.Heard;
import io.firefly.voip.sip.SipPeer.Dialog;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens inside of a confirmed dialog: re-INVITE, UPDATE, INFO, session timers. */
class ReoffersTest {
    private FrontUnderTest front;
    private SipPeer peer;
    private Dialog dialog;
    private Heard heard;

    @BeforeEach
    void openACall() throws Exception {
        front = FrontUnderTest.inAHurry().answering();
        peer = front.udp();
        dialog = peer.dialog();
        dialog.establish();
        heard = front.call();
        assertThat(heard.next()).isEqualTo("confirmed");
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        front.close();
    }

    @Test
    void aReInviteIsAnsweredAndAcknowledged() throws Exception {
        dialog.request("INVITE", "", SipPeer.SDP);

        String ok = peer.receive();
        assertThat(ok).startsWith("SIP/2.0 200 ");
        assertThat(SipPeer.body(ok)).isEqualTo(FrontUnderTest.OUR_SDP);
        assertThat(heard.next()).isEqualTo("reoffered");
        dialog.ack("");
        dialog.request("OPTIONS", "", "");
        assertThat(peer.receive()).contains("OPTIONS");
        assertThat(heard.events).isEmpty();
    }

    @Test
    void aReInviteWithoutOfferGetsOurs() throws Exception {
        dialog.request("INVITE", "", "");

        assertThat(SipPeer.body(peer.receive())).isEqualTo(FrontUnderTest.OUR_SDP);
        assertThat(heard.next()).isEqualTo("reoffered without offer");
        dialog.ack(SipPeer.SDP);
        assertThat(heard.next()).isEqualTo("confirmed with answer");
        dialog.request("UPDATE", "", SipPeer.SDP);
        assertThat(peer.receive()).startsWith("SIP/2.0 200 ");
    }

    @Test
    void anOfferOfOursThatIsNotAnsweredLeavesTheCallAlone() throws Exception {
        dialog.request("INVITE", "", "");
        assertThat(peer.receive()).startsWith("SIP/2.0 200 ");
        assertThat(heard.next()).isEqualTo("reoffered without offer");

        dialog.ack("");
        dialog.request("OPTIONS", "", "");

        assertThat(peer.receive("SIP/2.0 2")).contains("OPTIONS");
        assertThat(heard.events).isEmpty();
    }

    @Test
    void aReInviteWithoutAckEndsTheCall() throws Exception {
        dialog.request("INVITE", "", SipPeer.SDP);

        peer.ok(peer.receive("BYE "));

        assertThat(heard.next()).isEqualTo("reoffered");
        assertThat(heard.next()).isEqualTo("lost NO_ACK");
        await().atMost(Duration.ofSeconds(5)).until(() -> front.front.rememberedLegs() == 0);
    }

    @Test
    void anOfferWeCannotTakeHears488AndTheCallGoesOn() throws Exception {
        heard.reofferAnswer = CompletableFuture.completedFuture(null);

        dialog.request("INVITE", "", SipPeer.SDP);

        assertThat(peer.receive()).startsWith("SIP/2.0 488 ");
        assertThat(front.front.openDialogs()).isEqualTo(1);
    }

    @Test
    void aRefusedOfferDoesNotMoveTheCaller() throws Exception {
        heard.reofferAnswer = CompletableFuture.completedFuture(null);
        try (SipPeer stranger = front.udp()) {
            dialog.cseq++;
            dialog.branch = "z9hG4bKmoved";
            String contact = ":" + peer.port() + ";transport=udp>";
            peer.send(
                    dialog.text("INVITE", "", SipPeer.SDP).replace(contact, ":" + stranger.port() + ";transport=udp>"));
            String refusal = peer.receive();
            assertThat(refusal).startsWith("SIP/2.0 488 ");
            dialog.ackRefusal(refusal);

            heard.call.leg().end(HangupCause.NORMAL);

            assertThat(peer.receive("BYE ")).startsWith("BYE sip:1001@127.0.0.1:" + peer.port());
        }
    }

    @Test
    void anAcceptedOfferMovesTheCaller() throws Exception {
        try (SipPeer elsewhere = front.udp()) {
            dialog.cseq++;
            dialog.branch = "z9hG4bKmoved";
            String contact = ":" + peer.port() + ";transport=udp>";
            peer.send(dialog.text("INVITE", "", SipPeer.SDP)
                    .replace(contact, ":" + elsewhere.port() + ";transport=udp>"));
            assertThat(peer.receive()).startsWith("SIP/2.0 200 ");
            dialog.ack("");

            heard.call.leg().end(HangupCause.NORMAL);

            elsewhere.ok(elsewhere.receive("BYE "));
        }
    }

    @Test
    void whileAnOfferIsOpenAnotherHears500WithRetryAfter() throws Exception {
        CompletableFuture<@Nullable String> open = new CompletableFuture<>();
        heard.reofferAnswer = open;
        dialog.request("INVITE", "", SipPeer.SDP);
        assertThat(heard.next()).isEqualTo("reoffered");

        dialog.request("UPDATE", "", SipPeer.SDP);

        String refusal = peer.receive();
        assertThat(refusal).startsWith("SIP/2.0 500 ");
        assertThat(Integer.parseInt(SipPeer.header(refusal, "Retry-After"))).isBetween(0, 10);
        open.complete(FrontUnderTest.OUR_SDP);
        assertThat(peer.receive()).startsWith("SIP/2.0 200 ").contains("INVITE");
    }

    @Test
    void whileOurAnswerWaitsForItsAckAnotherOfferHears491() throws Exception {
        dialog.request("INVITE", "", SipPeer.SDP);
        assertThat(peer.receive()).startsWith("SIP/2.0 200 ");

        dialog.request("INVITE", "", SipPeer.SDP);

        assertThat(peer.receive("SIP/2.0 4")).startsWith("SIP/2.0 491 ");
    }

    @Test
    void anOfferNobodyDecidesHears500() throws Exception {
        heard.reofferAnswer = new CompletableFuture<>();

        dialog.request("UPDATE", "", SipPeer.SDP);

        assertThat(peer.receive()).startsWith("SIP/2.0 500 ");
    }

    @Test
    void cancelOfAReInviteLeavesTheCallAlone() throws Exception {
        heard.reofferAnswer = new CompletableFuture<>();
        dialog.request("INVITE", "", SipPeer.SDP);
        assertThat(heard.next()).isEqualTo("reoffered");

        peer.send(dialog.text("CANCEL", "", ""));

        assertThat(peer.receive()).startsWith("SIP/2.0 200 ").contains("CANCEL");
        assertThat(peer.receive()).startsWith("SIP/2.0 487 ").contains("INVITE");
        assertThat(front.front.openDialogs()).isEqualTo(1);
        assertThat(heard.events).isEmpty();
    }

    @Test
    void byeWhileAnOfferIsOpenAnswersBoth() throws Exception {
        heard.reofferAnswer = new CompletableFuture<>();
        dialog.request("INVITE", "", SipPeer.SDP);
        assertThat(heard.next()).isEqualTo("reoffered");

        dialog.request("BYE", "", "");

        assertThat(peer.receive()).startsWith("SIP/2.0 200 ").contains("BYE");
        assertThat(peer.receive()).startsWith("SIP/2.0 487 ").contains("INVITE");
        assertThat(heard.next()).isEqualTo("hungUp");
    }

    @Test
    void anUpdateWithoutBodyOnlyRefreshes() throws Exception {
        dialog.request("UPDATE", "Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\n", "");

        String ok = peer.receive();
        assertThat(ok).startsWith("SIP/2.0 200 ");
        assertThat(SipPeer.header(ok, "Session-Expires")).isEqualTo("1800;refresher=uac");
        assertThat(SipPeer.header(ok, "Require")).isEqualTo("timer");
        assertThat(SipPeer.body(ok)).isEmpty();
        assertThat(heard.events).isEmpty();
    }

    @Test
    void aSessionIntervalThatIsTooShortHears422() throws Exception {
        dialog.request("UPDATE", "Supported: timer\r\nSession-Expires: 89\r\n", "");

        String refusal = peer.receive();
        assertThat(refusal).startsWith("SIP/2.0 422 ");
        assertThat(SipPeer.header(refusal, "Min-SE")).isEqualTo("90");
    }

    @ParameterizedTest
    @CsvSource({
        "application/dtmf-relay, 'Signal=5\r\nDuration=160\r\n', 5",
        "application/dtmf-relay, 'Signal= *\r\nDuration= 160', *",
        "application/dtmf-relay, Signal=11, #",
        "application/dtmf, 7, 7",
        "application/dtmf, d, D",
    })
    void infoCarriesADigit(String type, String body, char digit) throws Exception {
        dialog.cseq++;
        dialog.branch = "z9hG4bKinfo" + (int) digit;
        peer.send(dialog.text("INFO", "", body).replace("application/sdp", type));

        assertThat(peer.receive()).startsWith("SIP/2.0 200 ");
        assertThat(heard.next()).isEqualTo("dtmf " + digit);
    }

    @ParameterizedTest
    @CsvSource({"text/plain, 5, 415", "application/dtmf-relay, Signal=Z, 400", "application/dtmf, 777, 400"})
    void infoThatIsNoDigitIsRefused(String type, String body, int status) throws Exception {
        dialog.cseq++;
        dialog.branch = "z9hG4bKinfo";
        peer.send(dialog.text("INFO", "", body).replace("application/sdp", type));

        assertThat(peer.receive()).startsWith("SIP/2.0 " + status + " ");
        assertThat(heard.events).isEmpty();
    }
}

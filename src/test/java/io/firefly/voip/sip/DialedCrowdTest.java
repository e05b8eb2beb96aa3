package io.firefly.voip.sip;

import static io.firefly.voip.sip.DialedPeer.ANSWER;
import static io.firefly.voip.sip.DialedPeer.OFFER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.DialedLeg;
import io.firefly.voip.call.HangupCause;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many legs that we dial, and far ends that talk nonsense: nothing is left of them. */
class DialedCrowdTest {
    private FrontUnderTest front;
    private DialedPeer peer;

    @BeforeEach
    void open() throws IOException {
        front = FrontUnderTest.untrusting();
        peer = DialedPeer.udp(front.port());
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        front.close();
    }

    private void nothingIsLeft() {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(front.front.dialer().openLegs()).isZero();
            assertThat(front.front.dialer().knownLegs()).isZero();
        });
        assertThat(front.front.rememberedLegs()).isZero();
        assertThat(front.front.openDialogs()).isZero();
    }

    /** Every third hangs up itself, every third is hung up, every third is refused. */
    @Test
    void aThousandLegsLeaveNothing() throws Exception {
        List<DialedLeg> legs = new ArrayList<>();
        int byes = 0;
        for (int batch = 0; batch < 20; batch++) {
            for (int i = 0; i < 50; i++)
                legs.add(front.front.dialer().dial(peer.invitation(OFFER), new DialedPeer.Heard()));
            for (int i = 0; i < 50; i++) answer(peer.receive("INVITE"), i);
            for (DialedLeg leg : legs) leg.end(HangupCause.NORMAL);
            legs.clear();
            byes += serve();
        }
        byes += serve();
        assertThat(byes).isGreaterThan(300);
        nothingIsLeft();
    }

    private void answer(String invite, int i) throws IOException {
        if (i % 3 == 0) peer.answer(invite, "480 Temporarily Unavailable", "", null);
        else peer.ok(invite, ANSWER);
        if (i % 3 == 1) peer.request("BYE", 1, invite, "", null);
    }

    /** Answers whatever comes, until nothing does; how many BYEs there were. */
    private int serve() throws IOException {
        int byes = 0;
        for (String message = peer.receiveWithin(300); message != null; message = peer.receiveWithin(300)) {
            boolean bye = message.startsWith("BYE");
            if (bye) byes++;
            if (bye || message.startsWith("CANCEL")) peer.ok(message, null);
            if (message.startsWith("INVITE")) peer.ok(message, ANSWER);
        }
        return byes;
    }

    @Test
    void nonsenseForAnAnswerHarmsNobody() throws Exception {
        Random random = new Random(4711);
        for (int i = 0; i < 200; i++) {
            DialedPeer.Heard heard = new DialedPeer.Heard();
            DialedLeg leg = front.front.dialer().dial(peer.invitation(OFFER, Duration.ofMillis(400)), heard);
            String invite = peer.receive("INVITE");
            String ok = "SIP/2.0 200 OK\r\n" + invite.split("\r\n", 2)[1].replace("To: <", "To: <sip:x@y>;tag=b, <");
            peer.send(ok);
            byte[] bytes = ok.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            for (int flips = 0; flips < 6; flips++) bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(128);
            peer.send(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
            peer.send("SIP/2.0 699\r\nVia: " + SipPeer.header(invite, "Via") + "\r\n\r\n");
            peer.send("SIP/2.0 200 OK\r\n\r\n");
            leg.end(HangupCause.NORMAL);
        }
        serve();
        nothingIsLeft();
        assertThat(front.front.counters()).doesNotContainKey("listener-failure");
    }

    @Test
    void aLegThatIsHardlyThereMayEndAtAnyMoment() throws Exception {
        for (int i = 0; i < 60; i++) {
            DialedLeg leg = front.front.dialer().dial(peer.invitation(OFFER), new DialedPeer.Heard());
            leg.reoffer(OFFER);
            leg.acknowledge(OFFER);
            leg.end(HangupCause.NORMAL);
            leg.end(HangupCause.BUSY);
            leg.acknowledge(OFFER);
            assertThat(leg.reoffer(OFFER).toCompletableFuture().get().status()).isEqualTo(481);
        }
        serve();
        nothingIsLeft();
    }
}

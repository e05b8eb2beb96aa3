package io.firefly.voip.sip;

import static io.firefly.voip.sip.SipPeer.body;
import static io.firefly.voip.sip.SipPeer.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.sip.SipFront.Notification;
import io.firefly.voip.sip.SipFront.Outgoing;
import io.firefly.voip.sip.header.Tokens;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Subscriptions over a real socket: a dialog of its own for each, and none left behind. */
class EventDialogsTest {
    private static final Notification ACTIVE =
            new Notification("presence", "active;expires=60", "application/pidf+xml", "<presence>ä</presence>");
    private static final Notification LAST = new Notification("presence", "terminated;reason=timeout", null, "");

    private final BlockingQueue<SipRequest> heard = new LinkedBlockingQueue<>();
    private FrontUnderTest front;
    private SipPeer peer;

    @BeforeEach
    void open() throws IOException {
        front = FrontUnderTest.inAHurry();
        front.front.handle(Set.of("SUBSCRIBE", "NOTIFY"), (request, responder) -> {
            heard.add(request);
            responder.respond(SipResponse.of(200));
        });
        peer = front.udp();
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        front.close();
    }

    private SipRequest next() throws InterruptedException {
        SipRequest request = heard.poll(5, TimeUnit.SECONDS);
        if (request == null) throw new AssertionError("no request came");
        return request;
    }

    private CompletableFuture<Boolean> tell(String id, Notification notification) {
        CompletionStage<Boolean> sent = front.front.notifyWatcher(id, notification);
        return sent.toCompletableFuture();
    }

    /** Subscribes; the id of its dialog. */
    private String subscribe(SipPeer.Dialog dialog, String headers) throws Exception {
        peer.send(dialog.text("SUBSCRIBE", "Event: presence\r\n" + headers, ""));
        String ok = dialog.learn(peer.receive("SIP/2.0 200"));
        assertThat(header(ok, "Contact")).startsWith("<sip:127.0.0.1:" + front.port());
        assertThat(header(ok, "Expires")).isNotEmpty();
        return next().dialogId();
    }

    @Test
    void notifyIsARequestInTheDialogOfTheSubscription() throws Exception {
        SipPeer.Dialog dialog = peer.dialog();
        String id = subscribe(dialog, "Expires: 60\r\n");
        CompletableFuture<Boolean> goesOn = tell(id, ACTIVE);

        String notify = peer.receive("NOTIFY");
        assertThat(notify).startsWith("NOTIFY sip:1001@127.0.0.1:" + peer.port());
        assertThat(header(notify, "Call-ID")).isEqualTo(dialog.callId);
        assertThat(header(notify, "From")).endsWith(";tag=" + dialog.toTag);
        assertThat(header(notify, "To")).endsWith(";tag=" + dialog.fromTag);
        assertThat(header(notify, "Event")).isEqualTo("presence");
        assertThat(header(notify, "Subscription-State")).isEqualTo("active;expires=60");
        assertThat(body(notify)).isEqualTo("<presence>ä</presence>");
        peer.ok(notify);
        assertThat(goesOn.get(5, TimeUnit.SECONDS)).isTrue();
        assertThat(front.front.openSubscriptions()).isOne();
    }

    @Test
    void routesOfProxiesAreKept() throws Exception {
        SipPeer.Dialog dialog = peer.dialog();
        String id = subscribe(dialog, "Record-Route: <sip:127.0.0.1:" + peer.port() + ";lr>\r\n");
        CompletableFuture<Boolean> unused = tell(id, ACTIVE);
        assertThat(header(peer.receive("NOTIFY"), "Route")).isEqualTo("<sip:127.0.0.1:" + peer.port() + ";lr>");
    }

    @Test
    void oneIsUnderWayAtATimeAndOnlyTheNewestWaits() throws Exception {
        String id = subscribe(peer.dialog(), "");
        CompletableFuture<Boolean> unused = tell(id, ACTIVE);
        String first = peer.receive("NOTIFY");
        CompletableFuture<Boolean> skipped = tell(id, new Notification("presence", "active;expires=2", null, ""));
        CompletableFuture<Boolean> last = tell(id, new Notification("presence", "active;expires=3", null, ""));
        assertThat(skipped.get(5, TimeUnit.SECONDS)).isTrue();
        peer.ok(first);

        String second = peer.receive("NOTIFY");
        while (header(second, "CSeq").equals(header(first, "CSeq"))) second = peer.receive("NOTIFY");
        assertThat(header(second, "Subscription-State")).isEqualTo("active;expires=3");
        assertThat(header(first, "CSeq")).isEqualTo("1 NOTIFY");
        assertThat(header(second, "CSeq")).isEqualTo("2 NOTIFY");
        peer.ok(second);
        assertThat(last.get(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aRefreshReachesTheHandlerAndAnOlderOneDoesNot() throws Exception {
        SipPeer.Dialog dialog = peer.dialog();
        String id = subscribe(dialog, "Expires: 60\r\n");
        dialog.request("SUBSCRIBE", "Event: presence\r\nExpires: 30\r\n", "");
        assertThat(header(peer.receive("SIP/2.0 200"), "Expires")).isEqualTo("30");
        assertThat(next().dialogId()).isEqualTo(id);

        dialog.cseq = 0;
        dialog.request("SUBSCRIBE", "Event: presence\r\n", "");
        assertThat(peer.receive("SIP/2.0 ")).startsWith("SIP/2.0 500");
        assertThat(front.front.openSubscriptions()).isOne();
    }

    @Test
    void whatBelongsToNoSubscriptionHears481() throws Exception {
        SipPeer.Dialog dialog = peer.dialog();
        dialog.toTag = "nobody";
        dialog.request("SUBSCRIBE", "Event: presence\r\n", "");
        assertThat(peer.receive()).startsWith("SIP/2.0 481");
        dialog.request("NOTIFY", "Event: presence\r\nSubscription-State: active\r\n", "");
        assertThat(peer.receive()).startsWith("SIP/2.0 481");
        assertThat(tell("nobody", ACTIVE).get()).isFalse();
        assertThat(heard).isEmpty();
    }

    @Test
    void fiftySubscriptionsThatEndInEveryWayLeaveNothing() throws Exception {
        for (int i = 0; i < 50; i++) {
            SipPeer.Dialog dialog = peer.dialog();
            String id = subscribe(dialog, "Expires: 60\r\n");
            CompletableFuture<Boolean> goesOn = tell(id, i % 2 == 0 ? ACTIVE : LAST);
            if (i % 5 == 4) continue;
            String notify = peer.receive("NOTIFY");
            while (!header(notify, "Call-ID").equals(dialog.callId)) notify = peer.receive("NOTIFY");
            peer.answer(notify, i % 2 == 0 ? "481 Gone" : "200 OK", "");
            assertThat(goesOn.get(5, TimeUnit.SECONDS)).isFalse();
            assertThat(tell(id, ACTIVE).get(5, TimeUnit.SECONDS)).isFalse();
        }
        // Every fifth never answers: 64*T1 of the stack.
        await().atMost(Duration.ofSeconds(45)).until(() -> front.front.openSubscriptions() == 0);
    }

    @Test
    void aRefusedSubscriptionIsNoDialog() throws Exception {
        try (AutoCloseable unused = front.front.handle(
                Set.of("SUBSCRIBE"), (request, responder) -> responder.respond(SipResponse.of(489)))) {
            SipPeer.Dialog dialog = peer.dialog();
            peer.send(dialog.text("SUBSCRIBE", "Event: conference\r\n", ""));
            dialog.learn(peer.receive("SIP/2.0 489"));
            dialog.request("SUBSCRIBE", "Event: conference\r\n", "");
            assertThat(peer.receive()).startsWith("SIP/2.0 481");
            assertThat(front.front.openSubscriptions()).isZero();
        }
    }

    @Test
    void aRepeatedSubscribeHearsTheSameAnswerAndBeginsNothingNew() throws Exception {
        SipPeer.Dialog dialog = peer.dialog();
        String subscribe = dialog.text("SUBSCRIBE", "Event: presence\r\n", "");
        peer.send(subscribe);
        String first = peer.receive("SIP/2.0 200");
        peer.send(subscribe);
        assertThat(header(peer.receive("SIP/2.0 200"), "To")).isEqualTo(header(first, "To"));
        assertThat(heard).hasSize(1);
        assertThat(front.front.openSubscriptions()).isOne();
    }

    @Test
    void byTcpNotifyUsesTheConnectionOfTheWatcher() throws Exception {
        peer.close();
        peer = front.tcp();
        SipPeer.Dialog dialog = peer.dialog();
        peer.send(dialog.text("SUBSCRIBE", "Event: presence\r\n", ""));
        dialog.learn(peer.receive("SIP/2.0 200"));
        CompletableFuture<Boolean> goesOn = tell(next().dialogId(), LAST);
        String notify = peer.receive("NOTIFY");
        assertThat(header(notify, "Via")).startsWith("SIP/2.0/TCP");
        peer.ok(notify);
        assertThat(goesOn.get(5, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void aStrangerHears401WithoutATransaction() throws Exception {
        try (FrontUnderTest strict = FrontUnderTest.untrusting();
                SipPeer stranger = strict.udp()) {
            strict.front.handle(
                    Set.of("SUBSCRIBE", "PUBLISH"), (request, responder) -> responder.respond(SipResponse.of(401)));
            for (String method : List.of("SUBSCRIBE", "PUBLISH")) {
                String request = stranger.dialog().text(method, "Event: presence\r\n", "");
                stranger.send(request);
                String first = stranger.receive("SIP/2.0 401");
                stranger.send(request);
                assertThat(header(stranger.receive("SIP/2.0 401"), "To")).isEqualTo(header(first, "To"));
            }
        }
    }

    @Test
    void aLineBreakInAStateIsRefused() {
        assertThatThrownBy(() -> new Notification("presence", "active\r\nX-Evil: 1", null, ""))
                .hasMessageContaining("control character");
    }

    private CompletionStage<SipResponse> watch(int seconds) {
        return front.front.send(new Outgoing(
                "SUBSCRIBE",
                "sip:agent@127.0.0.1:" + peer.port(),
                null,
                Map.of("Event", List.of("presence"), "Expires", List.of(String.valueOf(seconds))),
                null,
                "",
                null));
    }

    private void notifyUs(String subscribe, String state) throws IOException {
        String from = header(subscribe, "To").replaceFirst(";tag=.*", "") + ";tag=p";
        peer.send("NOTIFY sip:127.0.0.1:" + front.port() + " SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:" + peer.port()
                + ";branch=z9hG4bK" + Tokens.newTag() + "\r\nMax-Forwards: 70\r\nFrom: " + from + "\r\nTo: "
                + header(subscribe, "From") + "\r\nCall-ID: " + header(subscribe, "Call-ID")
                + "\r\nCSeq: 1 NOTIFY\r\nContact: <sip:127.0.0.1:" + peer.port() + ">\r\nEvent: presence\r\n"
                + "Subscription-State: " + state + "\r\nContent-Length: 0\r\n\r\n");
    }

    @Test
    void whatWeWatchNotifiesTheRouteUntilItIsOver() throws Exception {
        CompletableFuture<SipResponse> answer = watch(600).toCompletableFuture();
        String subscribe = peer.receive("SUBSCRIBE");
        notifyUs(subscribe, "active");
        assertThat(peer.receive("SIP/2.0 ")).startsWith("SIP/2.0 200");
        assertThat(next().header("subscription-state")).isEqualTo("active");
        peer.ok(subscribe);
        assertThat(answer.get(5, TimeUnit.SECONDS).status()).isEqualTo(200);

        CompletableFuture<SipResponse> ended = watch(0).toCompletableFuture();
        String unsubscribe = peer.receive("SUBSCRIBE");
        assertThat(header(unsubscribe, "To")).endsWith(";tag=p");
        assertThat(header(unsubscribe, "Call-ID")).isEqualTo(header(subscribe, "Call-ID"));
        assertThat(header(unsubscribe, "From")).isEqualTo(header(subscribe, "From"));
        peer.ok(unsubscribe);
        assertThat(ended.get(5, TimeUnit.SECONDS).status()).isEqualTo(200);
        notifyUs(subscribe, "terminated;reason=timeout");
        assertThat(peer.receive("SIP/2.0 ")).startsWith("SIP/2.0 200");
        assertThat(front.front.openSubscriptions()).isZero();
        notifyUs(subscribe, "active");
        assertThat(peer.receive("SIP/2.0 ")).startsWith("SIP/2.0 481");
    }

    @Test
    void aRefusedSubscriptionOfOursIsForgotten() throws Exception {
        CompletableFuture<SipResponse> answer = watch(600).toCompletableFuture();
        peer.answer(peer.receive("SUBSCRIBE"), "489 Bad Event", "Allow-Events: dialog\r\n");
        assertThat(answer.get(5, TimeUnit.SECONDS).status()).isEqualTo(489);
        assertThat(front.front.openSubscriptions()).isZero();
    }
}

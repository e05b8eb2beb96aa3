package io.firefly.voip.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.sip.FrontUnderTest.Heard;
import io.firefly.voip.sip.SipPeer.Dialog;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What must not hurt: rubbish, strangers, many calls, many starts. */
class RobustnessTest {
    private static final SipProperties.Limits TIGHT =
            new SipProperties.Limits(3, 1000, 16384, 5, 0.001, Duration.ofMinutes(5), 10, 2);
    private static final String SIP_THREADS = "(?i).*(sip-|EventScanner|MessageProcessor|MessageChannel|Auditor).*";

    private static void answersOptions(FrontUnderTest front) {
        front.front.handle(Set.of("OPTIONS"), (request, responder) -> responder.respond(SipResponse.of(200)));
    }

    private static String options(SipPeer peer) throws Exception {
        peer.send(peer.dialog().text("OPTIONS", "", ""));
        return peer.receive("SIP/2.0 200");
    }

    @Test
    void rubbishDatagramsLeaveItAlive() throws Exception {
        Random random = new Random(42);
        try (FrontUnderTest front =
                FrontUnderTest.inAHurry().calling(call -> call.leg().end(HangupCause.BUSY))) {
            answersOptions(front);
            try (SipPeer rubbish = front.udp();
                    SipPeer peer = front.udp()) {
                byte[] right = rubbish.dialog().text("INVITE", "", SipPeer.SDP).getBytes(StandardCharsets.UTF_8);
                for (int i = 0; i < 400; i++) {
                    byte[] bytes = new byte[random.nextInt(1200)];
                    random.nextBytes(bytes);
                    rubbish.send(bytes);
                    rubbish.send(Arrays.copyOf(right, random.nextInt(right.length)));
                    byte[] mutated = right.clone();
                    for (int m = 0; m < 8; m++) mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
                    rubbish.send(mutated);
                    rubbish.send(new byte[random.nextInt(40)]);
                }
                rubbish.send("\r\n\r\n");
                rubbish.send("INVITE " + "x".repeat(20_000) + " SIP/2.0\r\n\r\n");
                rubbish.send(
                        rubbish.dialog().text("OPTIONS", "Contact: " + "<sip:a@b>,".repeat(700) + "<sip:a@b>\r\n", ""));

                assertThat(options(peer)).startsWith("SIP/2.0 200 ");
                await().atMost(Duration.ofSeconds(10)).until(() -> front.front.openDialogs() == 0);
            }
        }
    }

    @Test
    void rubbishOnAConnectionLeavesItAlive() throws Exception {
        try (FrontUnderTest front = FrontUnderTest.inAHurry()) {
            answersOptions(front);
            for (String text : List.of(
                    "\0\0\0\0",
                    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                    "INVITE sip:a SIP/2.0\r\nContent-Length: 99999999\r\n\r\n",
                    "INVITE sip:a SIP/2.0\r\nContent-Length: -1\r\n\r\n",
                    "x".repeat(70_000))) {
                try (SipPeer rubbish = front.tcp()) {
                    rubbish.send(text);
                } catch (java.io.IOException closedOnUs) {
                    assertThat(closedOnUs).isNotNull();
                }
            }
            try (SipPeer peer = front.tcp()) {
                assertThat(options(peer)).startsWith("SIP/2.0 200 ");
            }
        }
    }

    @Test
    void sixtyCallsInRandomStatesLeaveNothingBehind() throws Exception {
        Random random = new Random(7);
        try (FrontUnderTest front = FrontUnderTest.inAHurry();
                SipPeer peer = front.udp()) {
            front.calling(call -> {});
            List<Dialog> dialogs = new ArrayList<>();
            for (int i = 0; i < 60; i++) dialogs.add(peer.dialog());
            Thread answers = new Thread(() -> answerByes(peer));
            answers.setDaemon(true);
            for (Dialog dialog : dialogs) {
                dialog.invite();
                Heard heard = front.call();
                drive(dialog, heard, random.nextInt(7));
            }
            answers.start();
            for (Dialog dialog : dialogs) dialog.cancel();

            await().atMost(Duration.ofSeconds(15)).until(() -> front.front.openDialogs() == 0);
            await().atMost(Duration.ofSeconds(15)).until(() -> front.front.rememberedLegs() == 0);
        }
    }

    private static void drive(Dialog dialog, Heard heard, int state) throws Exception {
        if (state >= 1) heard.call.leg().ring();
        if (state == 2) heard.call.leg().end(HangupCause.BUSY);
        if (state >= 3) heard.call.leg().answer(FrontUnderTest.OUR_SDP);
        if (state == 4) heard.call.leg().end(HangupCause.NORMAL);
        if (state == 5) heard.call.leg().end(HangupCause.SERVER_ERROR);
        if (state == 6) dialog.cancel();
    }

    /** Answers each BYE; never sends an ACK, so that every answered call is lost. */
    private static void answerByes(SipPeer peer) {
        try {
            while (true) {
                String message = peer.receiveWithin(10_000);
                if (message == null) return;
                if (message.startsWith("BYE ")) peer.ok(message);
            }
        } catch (java.io.IOException closed) {
            // The test is over.
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void manyStartsLeaveThreadsAndPortsAsTheyWere() throws Exception {
        try (FrontUnderTest warm = FrontUnderTest.inAHurry()) {
            assertThat(warm.port()).isPositive();
        }
        int before = Thread.activeCount();
        int port = -1;
        for (int i = 0; i < 5; i++) {
            SipProperties properties = new SipProperties(
                    "127.0.0.1",
                    Math.max(port, 0),
                    null,
                    true,
                    true,
                    List.of("127.0.0.1"),
                    List.of(),
                    2,
                    Duration.ofSeconds(5),
                    SipProperties.Limits.DEFAULT);
            try (FrontUnderTest front = new FrontUnderTest(properties, FrontUnderTest.HURRY)) {
                answersOptions(front);
                port = front.port();
                try (SipPeer peer = front.tcp();
                        SipPeer other = front.udp()) {
                    options(peer);
                    options(other);
                }
            }
        }

        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(sipThreads()).isEmpty());
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(before + 2);
    }

    /** The stack's UDP thread may not even have begun: its stop then failed and left the TCP port listening. */
    @Test
    void aStopRightAfterTheStartLeavesNoThread() {
        AtomicBoolean done = new AtomicBoolean();
        Thread[] busy = new Thread[4 * Runtime.getRuntime().availableProcessors()];
        Arrays.setAll(busy, i -> new Thread(() -> spinUntil(done), "busy-" + i));
        for (Thread thread : busy) thread.start();
        try {
            for (int i = 0; i < 20; i++) {
                try (FrontUnderTest front = FrontUnderTest.inAHurry()) {
                    assertThat(front.port()).isPositive();
                }
            }
        } finally {
            done.set(true);
        }

        // A pool says that it has ended from its last thread, which then still has to leave.
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(sipThreads()).isEmpty());
    }

    private static void spinUntil(AtomicBoolean done) {
        while (!done.get()) Thread.onSpinWait();
    }

    private static List<String> sipThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.matches(SIP_THREADS))
                .toList();
    }

    @Test
    void aTakenPortIsNamedTogetherWithItsSetting() {
        try (FrontUnderTest first = FrontUnderTest.inAHurry()) {
            SipProperties same = new SipProperties(
                    "127.0.0.1",
                    first.port(),
                    null,
                    true,
                    true,
                    List.of(),
                    List.of(),
                    2,
                    Duration.ofSeconds(5),
                    SipProperties.Limits.DEFAULT);

            org.assertj.core.api.Assertions.assertThatThrownBy(() -> new FrontUnderTest(same, FrontUnderTest.HURRY))
                    .hasMessageContaining("127.0.0.1:" + first.port())
                    .hasMessageContaining("firefly.sip.port");
        }
    }

    @Test
    void aTakenPortLeavesNoThreadThatKeepsTheProcessAlive() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            SipProperties same = new SipProperties(
                    "127.0.0.1",
                    taken.getLocalPort(),
                    null,
                    true,
                    true,
                    List.of(),
                    List.of(),
                    2,
                    Duration.ofSeconds(5),
                    SipProperties.Limits.DEFAULT);

            org.assertj.core.api.Assertions.assertThatThrownBy(() -> new FrontUnderTest(same, FrontUnderTest.HURRY))
                    .isInstanceOf(IllegalStateException.class);

            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !thread.isDaemon())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.matches(SIP_THREADS));
        }
    }

    @Test
    void aStrangerWhoAsksTooOftenHears503AndThenNothing() throws Exception {
        SipProperties properties = FrontUnderTest.properties(List.of(), TIGHT);
        try (FrontUnderTest front = new FrontUnderTest(properties, FrontUnderTest.HURRY);
                SipPeer peer = front.udp()) {
            answersOptions(front);
            for (int i = 0; i < 40; i++) peer.send(peer.dialog().text("OPTIONS", "", ""));

            TreeMap<String, Integer> heard = new TreeMap<>();
            for (String message = peer.receiveWithin(700); message != null; message = peer.receiveWithin(700))
                heard.merge(message.substring(0, 11), 1, Integer::sum);

            assertThat(heard).containsEntry("SIP/2.0 200", 5).containsEntry("SIP/2.0 503", 5);
            assertThat(front.front.counters()).containsEntry("refused-503", 5L).containsEntry("flood", 30L);
        }
    }

    @Test
    void untilAllHandlersAreThereAMethodWithoutOneHears503() throws Exception {
        SipProperties properties = FrontUnderTest.properties(List.of("127.0.0.1"), SipProperties.Limits.DEFAULT);
        JainSipFront starting = new JainSipFront(properties, FrontUnderTest.HURRY);
        try (FrontUnderTest front = new FrontUnderTest(starting);
                SipPeer peer = front.udp()) {
            answersOptions(front);
            for (String method : List.of("REGISTER", "MESSAGE")) {
                peer.send(peer.dialog().text(method, "", ""));
                String refusal = peer.receive();
                assertThat(refusal).startsWith("SIP/2.0 503 ");
                assertThat(SipPeer.header(refusal, "Retry-After")).isEqualTo("1");
            }
            assertThat(options(peer)).startsWith("SIP/2.0 200 ");

            starting.ready();

            peer.send(peer.dialog().text("REGISTER", "", ""));
            assertThat(peer.receive()).startsWith("SIP/2.0 405 ");
        }
    }

    @Test
    void aDatagramThatIsTooLargeHears513() throws Exception {
        try (FrontUnderTest front = FrontUnderTest.inAHurry();
                SipPeer peer = front.udp()) {
            answersOptions(front);
            String pad = "X-Pad: " + "a".repeat(7000) + "\r\n";
            peer.send(peer.dialog().text("OPTIONS", pad + pad + pad, ""));
            assertThat(peer.receive()).startsWith("SIP/2.0 513 ");
            peer.send(peer.dialog().text("OPTIONS", "", "b".repeat(17_000)));
            assertThat(peer.receive()).startsWith("SIP/2.0 513 ");

            Dialog dialog = peer.dialog();
            int spare =
                    16_384 - dialog.text("OPTIONS", "X: \r\n" + pad + pad, "").length();
            peer.send(dialog.text("OPTIONS", "X: " + "x".repeat(spare) + "\r\n" + pad + pad, ""));
            assertThat(peer.receive()).startsWith("SIP/2.0 200 ");
        }
    }

    @Test
    void aScannerHearsNothing() throws Exception {
        try (FrontUnderTest front = FrontUnderTest.untrusting();
                SipPeer peer = front.udp()) {
            answersOptions(front);
            peer.send(peer.dialog().text("OPTIONS", "User-Agent: Friendly-Scanner 1\r\n", ""));

            assertThat(peer.receiveWithin(300)).isNull();
            assertThat(front.front.counters()).containsEntry("scanner", 1L);
        }
    }

    @Test
    void identitiesOfStrangersAreNotBelieved() throws Exception {
        String identities = "P-Asserted-Identity: <tel:+15550100>\r\nP-Asserted-Identity: rubbish\r\n";
        String headers = identities + "Diversion: <sip:1@h>\r\nHistory-Info: <sip:2@h>;index=1\r\n";
        try (FrontUnderTest strange = FrontUnderTest.untrusting().calling(call -> {});
                FrontUnderTest trusting = FrontUnderTest.inAHurry().calling(call -> {});
                SipPeer stranger = strange.udp();
                SipPeer carrier = trusting.udp()) {
            stranger.send(stranger.dialog().text("INVITE", headers, SipPeer.SDP));
            carrier.send(carrier.dialog().text("INVITE", headers, SipPeer.SDP));

            Heard unbelieved = strange.call();
            assertThat(unbelieved.call.parties().assertedIdentity()).isNull();
            assertThat(unbelieved.call.parties().diversions()).isEmpty();
            assertThat(unbelieved.call.parties().history()).isEmpty();
            assertThat(strange.requests.get(0).headers()).doesNotContainKeys("diversion", "p-asserted-identity");
            Heard believed = trusting.call();
            assertThat(believed.call.parties().assertedIdentity()).isNotNull();
            assertThat(believed.call.parties().diversions()).hasSize(1);
            assertThat(believed.call.parties().history()).hasSize(1);
        }
    }

    @Test
    void oneCallTooManyHears503() throws Exception {
        SipProperties properties = FrontUnderTest.properties(List.of("127.0.0.1"), TIGHT);
        try (FrontUnderTest front = new FrontUnderTest(properties, FrontUnderTest.HURRY).calling(call -> {});
                SipPeer peer = front.udp()) {
            for (int i = 0; i < 3; i++) {
                peer.dialog().invite();
                front.call();
            }

            peer.dialog().invite();

            String refusal = peer.receive();
            assertThat(refusal).startsWith("SIP/2.0 503 ");
            assertThat(Integer.parseInt(SipPeer.header(refusal, "Retry-After"))).isPositive();
        }
    }

    @Test
    void anAddressHasItsShareOfConnectionsOnly() throws Exception {
        SipProperties properties = FrontUnderTest.properties(List.of("127.0.0.1"), TIGHT);
        try (FrontUnderTest front = new FrontUnderTest(properties, FrontUnderTest.HURRY);
                SipPeer first = front.tcp();
                SipPeer second = front.tcp();
                SipPeer third = front.tcp()) {
            answersOptions(front);
            assertThat(options(first)).isNotNull();
            assertThat(options(second)).isNotNull();
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> options(third))
                    .isNotNull();
            assertThat(front.front.counters()).containsEntry("connections-refused", 1L);
        }
    }

    @Test
    void anInviteNobodyDecidesIsEnded() throws Exception {
        SipProperties properties = new SipProperties(
                "127.0.0.1",
                0,
                null,
                true,
                false,
                List.of("127.0.0.1"),
                List.of(),
                1,
                Duration.ofSeconds(1),
                SipProperties.Limits.DEFAULT);
        try (FrontUnderTest front = new FrontUnderTest(properties, FrontUnderTest.HURRY).calling(call -> {});
                SipPeer peer = front.udp()) {
            peer.dialog().invite();

            assertThat(peer.receive()).startsWith("SIP/2.0 480 ");
            assertThat(front.call().next()).isEqualTo("lost UNAVAILABLE");
            assertThat(front.front.openDialogs()).isZero();
        }
    }
}

package io.firefly.voip.sip;

import static io.firefly.voip.sip.DialedPeer.OFFER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.DialedLeg;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.LegDialer.Invitation;
import io.firefly.voip.testing.Tool;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** sipp as the one we call: each scenario is named by what it does and expects. */
@Tag("real-calls")
class DialedSippTest {
    private FrontUnderTest front;

    @BeforeAll
    static void needs() {
        Tool.needs("sipp");
    }

    @BeforeEach
    void open() {
        front = FrontUnderTest.untrusting();
    }

    @AfterEach
    void close() {
        await().untilAsserted(() -> assertThat(front.front.dialer().openLegs()).isZero());
        front.close();
    }

    @ParameterizedTest(name = "{0} by {1}")
    @CsvSource({
        "uas-answers-then-bye-expect-200, u1",
        "uas-answers-then-bye-expect-200, t1",
        "uas-held-and-resumed-expect-bye, u1",
        "uas-held-and-resumed-expect-bye, t1",
        "uas-busy-expect-ack, u1",
        "uas-rings-expect-cancel, u1",
        "uas-rings-expect-cancel, t1",
        "uas-offers-in-200-expect-answer-in-ack, u1",
        "uas-reinvites-expect-200, u1",
        "uas-reinvites-expect-200, t1"
    })
    void theOneWeCall(String scenario, String transport) throws Exception {
        int port = freePort();
        CompletableFuture<Tool> sipp = CompletableFuture.supplyAsync(() -> listening(scenario, transport, port));
        DialedPeer.Heard heard = new DialedPeer.Heard();
        DialedLeg leg = dial(scenario, transport, port, heard);
        String event = heard.next();
        while (event.startsWith("progress")) event = heard.next();
        boolean answered = event.startsWith("answered");
        if (answered && scenario.contains("answer-in-ack")) leg.acknowledge(OFFER);
        if (scenario.contains("held")) {
            for (int i = 0; i < 2; i++)
                assertThat(leg.reoffer(OFFER)
                                .toCompletableFuture()
                                .get(5, TimeUnit.SECONDS)
                                .status())
                        .isEqualTo(200);
        }
        if (answered && scenario.contains("reinvites")) assertThat(heard.next()).isEqualTo("reoffered");
        if (scenario.matches(".*(reinvites|then-bye).*"))
            assertThat(heard.next()).startsWith("hungUp");
        leg.end(HangupCause.NORMAL);
        Tool ended = sipp.get(60, TimeUnit.SECONDS);
        assertThat(ended.exitCode()).as(event + "\n" + ended.output()).isZero();
    }

    /** Again and again until sipp listens: a TCP port that is not open yet refuses. */
    private DialedLeg dial(String scenario, String transport, int port, DialedPeer.Heard heard) throws Exception {
        @Nullable String offer = scenario.contains("answer-in-ack") ? null : OFFER;
        String uri = "sip:sipp@127.0.0.1:" + port + (transport.equals("t1") ? ";transport=tcp" : "");
        Duration patience = Duration.ofSeconds(scenario.contains("cancel") ? 3 : 20);
        while (true) {
            DialedLeg leg = front.front
                    .dialer()
                    .dial(new Invitation(uri, UUID.randomUUID().toString(), Map.of(), offer, patience), heard);
            if (!transport.equals("t1")) return leg;
            await().atMost(Duration.ofSeconds(20)).until(() -> !heard.events.isEmpty());
            if (!"refused 503 Not sent".equals(heard.events.peek())) return leg;
            heard.events.clear();
        }
    }

    private static Tool listening(String scenario, String transport, int port) {
        Path file = Path.of("src/test/sip/scenarios", scenario + ".xml").toAbsolutePath();
        String call = "sipp -sf " + file + " -i 127.0.0.1 -p " + port + " -mi 127.0.0.1 -t " + transport
                + " -m 1 -nd -nostdin -timeout 40s -timeout_error -trace_err -recv_timeout 20000";
        try {
            return Tool.run(Path.of("target/sipp"), 60, List.of(call.split(" ")));
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static int freePort() throws Exception {
        try (DatagramSocket probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}

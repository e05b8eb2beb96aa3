package io.firefly.voip.phone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.audio.G711;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.Tones;
import io.firefly.voip.audio.WavFile;
import io.firefly.voip.phone.CallSettings.Credentials;
import io.firefly.voip.phone.CallSettings.Voice;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestCallTest {
    private static final Voice CHIRPING = new Voice(List.of(G711.PCMA, G711.PCMU), null, Duration.ZERO, "", true);

    @BeforeAll
    static void warmUp() throws Exception {
        RtpPhone.warmUp(CHIRPING);
    }

    @Test
    void anEchoIsHeardAndItsRoundTripMeasured() throws Exception {
        try (FakeUas uas = FakeUas.echoing(60)) {
            CallReport report = call(settings(uas.uri(), CHIRPING, 1));

            assertThat(report.outcome()).as(report.verdict()).isEqualTo(Outcome.OK);
            assertThat(report.roundTripMillis()).isCloseTo(60, within(15.0));
            assertThat(report.codec()).isEqualTo("PCMA");
            assertThat(report.rtp().lost()).isZero();
            assertThat(report.rtp().received()).isBetween(40L, 51L);
            assertThat(report.hungUpBy()).isEqualTo("us");
            assertThat(report.talkMillis()).isCloseTo(1_000, within(100.0));
            assertThat(report.ringingMillis()).isNotNull();
            assertThat(uas.count("ACK")).isEqualTo(1);
            assertThat(uas.count("BYE")).isEqualTo(1);
        }
    }

    @Test
    void playedSpeechThatComesBackGivesTheRoundTripToo() throws Exception {
        Sound count = WavFile.read(Path.of("audio", "count.wav"));
        try (FakeUas uas = FakeUas.echoing(100)) {
            CallReport report =
                    call(settings(uas.uri(), new Voice(List.of(G711.PCMA), count, Duration.ofSeconds(1), "", true), 3));

            assertThat(report.roundTripMillis()).isCloseTo(100, within(15.0));
            assertThat(report.heard().speechDbfs()).isBetween(-25.0, -8.0);
            assertThat(report.heard().tone()).isFalse();
        }
    }

    @Test
    void aToneIsNamedAndWithoutEchoThereIsNoRoundTrip() throws Exception {
        try (FakeUas uas = new FakeUas(FakeUas::answering)) {
            uas.talk(Tones.source(AudioFormat.NARROWBAND, 620, -12));

            CallReport report = call(settings(uas.uri(), CHIRPING, 1));

            assertThat(report.outcome()).isEqualTo(Outcome.OK);
            assertThat(report.heard().tone()).isTrue();
            assertThat(report.heard().dominantHz()).isCloseTo(620, within(2.0));
            assertThat(report.heard().dominantDbfs()).isCloseTo(-12, within(0.5));
            assertThat(report.roundTripMillis()).isNull();
        }
    }

    @Test
    void silenceIsAFailure() throws Exception {
        try (FakeUas uas = new FakeUas(FakeUas::answering)) {
            uas.talk(AudioSource.SILENCE);
            CallReport report = call(settings(uas.uri(), CHIRPING, 1));
            assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(report.verdict()).contains("only silence");
        }
        try (FakeUas uas = new FakeUas(FakeUas::answering)) {
            assertThat(call(settings(uas.uri(), CHIRPING, 1)).verdict()).contains("not one RTP packet");
        }
    }

    @Test
    void digitsArriveAsTelephoneEvents() throws Exception {
        try (FakeUas uas = FakeUas.echoing(0)) {
            CallReport report =
                    call(settings(uas.uri(), new Voice(List.of(G711.PCMA), null, Duration.ZERO, "1#D", true), 2));

            assertThat(report.outcome()).as(report.verdict()).isEqualTo(Outcome.OK);
            assertThat(report.heard().digits()).isEqualTo("1#D");
            assertThat(report.rtp().digitsSent()).isEqualTo(3);
            assertThat(report.rtp().lost()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "486, Busy Here, FAILED",
        "404, Not Found, FAILED",
        "403, Forbidden, DENIED",
        "401, Unauthorized, DENIED",
        "407, Proxy Authentication Required, DENIED",
        "408, Request Timeout, TIMEOUT",
        "503, Unavailable, FAILED"
    })
    void aRefusalIsAcknowledgedAndNamed(int status, String reason, Outcome outcome) throws Exception {
        try (FakeUas uas = new FakeUas((message, peer) -> {
            if (message.method().equals("INVITE")) peer.respond(status, reason, message);
        })) {
            CallReport report = call(settings(uas.uri(), CHIRPING, 1));

            assertThat(report.outcome()).isEqualTo(outcome);
            assertThat(report.status()).isEqualTo(status);
            assertThat(report.verdict()).contains(status + " " + reason);
            Awaitility.await().atMost(2, TimeUnit.SECONDS).until(() -> uas.count("ACK") == 1);
            assertThat(branch(uas.received.get(1))).isEqualTo(branch(uas.received.get(0)));
        }
    }

    @Test
    void aChallengeIsAnsweredOnce() throws Exception {
        try (FakeUas uas = new FakeUas((message, peer) -> {
            if (!message.method().equals("INVITE")) return;
            boolean proves = message.first("Authorization") != null;
            peer.send(challenge(message, proves ? 403 : 401));
        })) {
            CallSettings with = withUser(uas.uri());

            CallReport report = call(with);

            assertThat(report.outcome()).isEqualTo(Outcome.DENIED);
            assertThat(report.status()).isEqualTo(403);
            SipMessage second = uas.received.stream()
                    .filter(message -> message.method().equals("INVITE"))
                    .reduce((a, b) -> b)
                    .orElseThrow();
            assertThat(second.must("Authorization"))
                    .contains("username=\"linphone\"")
                    .contains("uri=\"" + uas.uri() + "\"");
            assertThat(second.sequence()).isEqualTo(2);
        }
    }

    @Test
    void nobodyAtThePortIsUnreachable() throws Exception {
        int port;
        try (FakeUas uas = new FakeUas((message, peer) -> {})) {
            port = uas.sip.getLocalPort();
        }
        CallReport report = call(settings("sip:x@127.0.0.1:" + port, CHIRPING, 1));
        assertThat(report.outcome()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(report.verdict()).contains("nobody listens there");
        assertThat(call(settings("sip:x@no-such-host.invalid", CHIRPING, 1)).outcome())
                .isEqualTo(Outcome.UNREACHABLE);
    }

    @Test
    void nobodyPicksUpAndTheCallIsCancelled() throws Exception {
        try (FakeUas uas = new FakeUas(TestCallTest::ringForEver)) {
            CallReport report = call(settings(uas.uri(), CHIRPING, 1));

            assertThat(report.outcome()).isEqualTo(Outcome.TIMEOUT);
            assertThat(uas.count("CANCEL")).isEqualTo(1);
            SipMessage cancel = uas.received.stream()
                    .filter(message -> message.method().equals("CANCEL"))
                    .findFirst()
                    .orElseThrow();
            assertThat(branch(cancel)).isEqualTo(branch(uas.received.get(0)));
        }
    }

    @Test
    void stoppingWhileItRingsCancelsAndStoppingWhileTalkingSaysBye() throws Exception {
        try (FakeUas uas = new FakeUas(TestCallTest::ringForEver)) {
            assertThat(stopAfter(uas, 1).outcome()).isEqualTo(Outcome.INTERRUPTED);
            assertThat(uas.count("CANCEL")).isEqualTo(1);
        }
        try (FakeUas uas = FakeUas.echoing(0)) {
            assertThat(stopAfter(uas, 2).outcome()).isEqualTo(Outcome.INTERRUPTED);
            assertThat(uas.count("BYE")).isEqualTo(1);
        }
    }

    @Test
    void theFarEndMayHangUpAndIsNamed() throws Exception {
        try (FakeUas uas = new FakeUas((message, peer) -> {
            FakeUas.answering(message, peer);
            if (message.method().equals("ACK")) peer.request("BYE", 1, message, "");
        })) {
            CallReport report = call(settings(uas.uri(), CHIRPING, 10));

            assertThat(report.hungUpBy()).isEqualTo("far end");
            assertThat(report.talkMillis()).isLessThan(1_000);
            Awaitility.await().atMost(2, TimeUnit.SECONDS).until(() -> answersTo(uas, "BYE") == 1);
        }
    }

    @Test
    void aReInviteIsAnsweredAndALostAckIsRepeated() throws Exception {
        try (FakeUas uas = new FakeUas((message, peer) -> {
            if (!message.isRequest()) return;
            FakeUas.answering(message, peer);
            if (message.method().equals("INVITE")) peer.answer(message);
            if (message.method().equals("ACK") && peer.count("ACK") == 2) {
                peer.request("INVITE", 7, message, peer.sdp().replace("sendrecv", "sendonly"));
                peer.request("INVITE", 7, message, peer.sdp().replace("sendrecv", "sendonly"));
                peer.request("REFER", 8, message, "");
            }
        })) {
            call(settings(uas.uri(), CHIRPING, 1));

            assertThat(uas.count("ACK")).isEqualTo(2);
            List<SipMessage> answers = uas.received.stream()
                    .filter(message -> !message.isRequest())
                    .toList();
            assertThat(answers.get(0).status()).isEqualTo(200);
            assertThat(answers.get(0).body()).contains("a=recvonly");
            assertThat(answers.get(1).text()).isEqualTo(answers.get(0).text());
            assertThat(answers.stream().filter(answer -> answer.method().equals("REFER")))
                    .allMatch(answer -> answer.status() == 501);
        }
    }

    @Test
    void anAnswerWithoutSoundEndsTheCall() throws Exception {
        try (FakeUas uas = new FakeUas((message, peer) -> {
            switch (message.method()) {
                case "INVITE" -> peer.respond(200, "OK", message);
                case "BYE" -> peer.respond(200, "OK", message);
                default -> {}
            }
        })) {
            CallReport report = call(settings(uas.uri(), CHIRPING, 5));
            assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(report.verdict()).contains("not with sound");
            assertThat(uas.count("BYE")).isEqualTo(1);
        }
    }

    @Test
    void overTcpMessagesAreFoundInTheStream() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> peer = CompletableFuture.runAsync(() -> refuseInPieces(server));
            CallSettings udp = settings("sip:x@127.0.0.1:" + server.getLocalPort(), CHIRPING, 1);

            CallReport report = call(new CallSettings(
                    udp.target(), "tcp", udp.from(), null, List.of("X-Test: 1"), CHIRPING, udp.talk(), udp.ring()));

            peer.get(5, TimeUnit.SECONDS);
            assertThat(report.status()).isEqualTo(486);
            assertThat(report.ringingMillis()).isNotNull();
        }
    }

    private static void refuseInPieces(ServerSocket server) {
        try (Socket socket = server.accept()) {
            byte[] buffer = new byte[8_192];
            int length = socket.getInputStream().read(buffer);
            SipMessage invite = SipMessage.parse(new String(buffer, 0, length, StandardCharsets.UTF_8));
            assertThat(invite.must("X-Test")).isEqualTo("1");
            String both = "\r\n\r\n"
                    + SipMessage.response(180, "Ringing", invite)
                            .body("text/plain", "v=0")
                            .text()
                    + SipMessage.response(486, "Busy Here", invite)
                            .body("text/plain", "not now")
                            .text();
            OutputStream out = socket.getOutputStream();
            for (byte each : both.getBytes(StandardCharsets.UTF_8)) out.write(each);
            out.flush();
            assertThat(socket.getInputStream().read(buffer)).isPositive();
        } catch (IOException | ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void ringForEver(SipMessage message, FakeUas peer) throws IOException {
        switch (message.method()) {
            case "INVITE" -> peer.respond(180, "Ringing", message);
            case "CANCEL" -> {
                peer.respond(200, "OK", message);
                peer.respond(487, "Request Terminated", peer.received.get(0));
            }
            default -> {}
        }
    }

    private static CallReport stopAfter(FakeUas uas, int ringsAndAcks) throws Exception {
        TestCall call = new TestCall(settings(uas.uri(), CHIRPING, 20), silentLadder());
        CompletableFuture<CallReport> report = CompletableFuture.supplyAsync(() -> run(call));
        Awaitility.await().atMost(5, TimeUnit.SECONDS).until(() -> uas.received.size() >= ringsAndAcks);
        Awaitility.await().pollDelay(100, TimeUnit.MILLISECONDS).until(() -> true);
        call.stop();
        return report.get(5, TimeUnit.SECONDS);
    }

    private static CallReport call(CallSettings settings) {
        return run(new TestCall(settings, silentLadder()));
    }

    private static CallReport run(TestCall call) {
        try {
            return call.run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CallSettings settings(String uri, Voice voice, int seconds) {
        return settings(uri, voice, seconds, null);
    }

    private static CallSettings withUser(String uri) {
        return settings(uri, CHIRPING, 1, new Credentials("linphone", "test123"));
    }

    private static CallSettings settings(String uri, Voice voice, int seconds, @Nullable Credentials credentials) {
        return new CallSettings(
                Target.parse(uri),
                "udp",
                "sip:tester@127.0.0.1",
                credentials,
                List.of(),
                voice,
                Duration.ofSeconds(seconds),
                Duration.ofSeconds(1));
    }

    private static Ladder silentLadder() {
        return new Ladder(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    }

    private static String challenge(SipMessage invite, int status) {
        SipMessage response = SipMessage.response(status, "No", invite);
        return (status == 401
                        ? response.add("WWW-Authenticate", "Bearer x")
                                .add("WWW-Authenticate", "Digest realm=\"firefly\", nonce=\"n\", qop=\"auth\"")
                        : response)
                .text();
    }

    private static long answersTo(FakeUas uas, String method) {
        return uas.received.stream()
                .filter(message -> !message.isRequest() && message.method().equals(method))
                .count();
    }

    private static String branch(SipMessage message) {
        return message.must("Via").replaceFirst(".*branch=", "");
    }
}

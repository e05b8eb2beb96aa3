package io.firefly.voip.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.sip.SipFront.Credentials;
import io.firefly.voip.sip.SipFront.Outgoing;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests of ours to a peer that speaks plain text. */
class ClientTransactionsTest {
    private final FrontUnderTest front = FrontUnderTest.inAHurry();

    @AfterEach
    void close() {
        front.close();
    }

    private static Outgoing outgoing(String method, String uri, @Nullable Credentials credentials) {
        return new Outgoing(
                method,
                uri,
                "sip:us@example.com",
                Map.of("X-Note", List.of("a", "b")),
                "text/plain",
                "hi",
                credentials);
    }

    private static String response(String request, String status, String extra) {
        StringBuilder text = new StringBuilder("SIP/2.0 " + status + "\r\n");
        for (String line : request.split("\r\n\r\n", 2)[0].split("\r\n", -1)) {
            if (line.matches("(?i)(via|from|call-id|cseq):.*"))
                text.append(line).append("\r\n");
            if (line.matches("(?i)to:.*")) text.append(line).append(";tag=p\r\n");
        }
        return text + extra + "Content-Length: 0\r\n\r\n";
    }

    private static String challenge(String more) {
        return "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", " + more + "\r\n";
    }

    private record Datagram(String text, InetSocketAddress from) {}

    private static Datagram receive(DatagramSocket socket) throws Exception {
        socket.setSoTimeout(5000);
        DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
        socket.receive(packet);
        return new Datagram(
                new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8),
                (InetSocketAddress) packet.getSocketAddress());
    }

    private static void send(DatagramSocket socket, String text, InetSocketAddress to) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(bytes, bytes.length, to));
    }

    @Test
    void aChallengeIsAnsweredOnceWithTheNextCseq() throws Exception {
        try (DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            CompletableFuture<SipResponse> answer = front.front
                    .send(outgoing("REGISTER", "sip:127.0.0.1:" + peer.getLocalPort(), new Credentials("us", "geheim")))
                    .toCompletableFuture();

            Datagram first = receive(peer);
            assertThat(first.text())
                    .startsWith("REGISTER sip:127.0.0.1:" + peer.getLocalPort() + " SIP/2.0\r\n")
                    .contains("\r\nFrom: <sip:us@example.com>;tag=")
                    .contains("\r\nTo: <sip:us@example.com>\r\n")
                    .contains("\r\nX-Note: a\r\n")
                    .contains("\r\nX-Note: b\r\n")
                    .endsWith("\r\n\r\nhi")
                    .doesNotContain("Authorization");
            assertThat(first.from().getPort()).isEqualTo(front.port());
            String challenge = challenge("algorithm=SHA-512") + challenge("qop=\"auth\", algorithm=MD5");
            send(peer, response(first.text(), "401 Unauthorized", challenge), first.from());

            Datagram second = receive(peer);
            assertThat(SipPeer.header(second.text(), "Authorization"))
                    .startsWith("Digest username=\"us\"")
                    .contains("algorithm=MD5", "uri=\"sip:127.0.0.1:" + peer.getLocalPort() + "\"")
                    .doesNotContain("geheim");
            assertThat(SipPeer.header(second.text(), "CSeq")).isEqualTo("2 REGISTER");
            assertThat(SipPeer.header(second.text(), "Call-ID")).isEqualTo(SipPeer.header(first.text(), "Call-ID"));
            send(peer, response(second.text(), "401 Unauthorized", challenge), second.from());

            assertThat(answer.get(5, TimeUnit.SECONDS).status()).isEqualTo(401);
        }
    }

    @Test
    void aRequestGoesByTcpWhenTheAddressSaysSo() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String uri = "sip:bob@127.0.0.1:" + server.getLocalPort() + ";transport=tcp";
            for (int i = 0; i < 2; i++) {
                // The second one finds the connection of the first.
                CompletableFuture<SipResponse> answer =
                        front.front.send(outgoing("MESSAGE", uri, null)).toCompletableFuture();
                if (i == 0) startAnswering(server);

                SipResponse response = answer.get(5, TimeUnit.SECONDS);

                assertThat(response.status()).isEqualTo(202);
                assertThat(response.headers()).containsEntry("server", List.of("peer"));
            }
        }
    }

    private static void startAnswering(ServerSocket server) throws Exception {
        server.setSoTimeout(5000);
        Socket connection = server.accept();
        Thread thread = new Thread(() -> {
            try (connection) {
                byte[] buffer = new byte[65536];
                for (int count = connection.getInputStream().read(buffer);
                        count > 0;
                        count = connection.getInputStream().read(buffer)) {
                    String request = new String(buffer, 0, count, StandardCharsets.UTF_8);
                    connection
                            .getOutputStream()
                            .write(response(request, "202 Accepted", "Server: peer\r\n")
                                    .getBytes(StandardCharsets.UTF_8));
                }
            } catch (java.io.IOException closed) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void whatCannotBeSentIs503() throws Exception {
        int free;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = probe.getLocalPort();
        }
        for (String uri : List.of(
                "sip:bob@127.0.0.1:" + free + ";transport=tcp",
                "sip:bob@host.invalid",
                "nonsense",
                "sip:a@b\r\nX: 1")) {
            SipResponse response = front.front
                    .send(outgoing("OPTIONS", uri, null))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);

            assertThat(response.status()).as(uri).isEqualTo(503);
        }
    }

    @Test
    void anInviteCannotBeSentOutsideOfADialog() {
        assertThat(front.front.send(outgoing("INVITE", "sip:a@127.0.0.1", null)).toCompletableFuture())
                .isCompletedExceptionally();
    }
}

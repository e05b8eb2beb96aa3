package io.firefly.voip.camel.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.http.WebSocketClientOptions;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A peer that is gone without a word. Its end is played byte by byte: any library would answer pings by itself. */
class KeepAliveTest {
    private static final int PING = 0x89;
    private static final byte[] PONG = {(byte) 0x8A, 0};

    private final AtomicInteger pings = new AtomicInteger();

    @Test
    void aPeerThatAnswersNoPingsIsGone() throws Exception {
        try (SocketsUnderTest test =
                        new SocketsUnderTest(pinging(Duration.ofMillis(50)), new WebSocketClientOptions());
                ServerSocket peer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> played = CompletableFuture.runAsync(() -> answerPings(peer, 5));
            test.hearing("websocket:client/agent");

            test.connect("call-1", peer.getLocalPort());
            test.awaitEvent("call-1", "CLOSE");

            assertThat(test.lastOf("CLOSE").headers())
                    .containsEntry(WebsocketHeaders.CLOSE_CODE, 1006)
                    .containsEntry(WebsocketHeaders.CLOSE_REASON, "no answer to 2 pings within 100 ms");
            played.get();
            assertThat(pings).hasValue(7); // five were answered, two were not
            assertThat(test.sockets.statistics().open()).isZero();
        }
    }

    @Test
    void anAbsurdIntervalNamesItsKey() {
        assertThatThrownBy(() -> pinging(Duration.ofMinutes(2)))
                .hasMessageContaining("firefly.websocket.ping-interval must be 10ms to 60s, or 0s");
    }

    private static WebsocketProperties pinging(Duration interval) {
        return new WebsocketProperties(1, 1, Duration.ofSeconds(5), Duration.ofSeconds(5), interval);
    }

    private void answerPings(ServerSocket server, int answers) {
        try (Socket socket = server.accept()) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            shakeHands(socket, out);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int first = in.read(); first >= 0; first = in.read()) {
                in.readNBytes((in.read() & 0x7F) + 4); // the mask and what it hides
                if (first == PING && pings.incrementAndGet() <= answers) out.write(PONG);
            }
        } catch (IOException e) {
            // The other end hung up, as the test wants.
        }
    }

    private static void shakeHands(Socket socket, OutputStream out) throws IOException {
        BufferedReader request =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        String key = "";
        for (String line = request.readLine(); line != null && !line.isEmpty(); line = request.readLine()) {
            String[] parts = line.split(": *", 2);
            if (parts[0].equalsIgnoreCase("Sec-WebSocket-Key")) key = parts[1];
        }
        String answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n";
        out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** RFC 6455 4.2.2. */
    private static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}

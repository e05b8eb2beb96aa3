package io.firefly.voip.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who connects, asks, and never reads an answer. */
@Timeout(60)
class DeafPeersTest {
    private static final int CROWD = 4;
    private static final String LONG = "x".repeat(8_000);

    @Test
    void areClosedAndNobodyElseWaitsForThem() throws Exception {
        try (FrontUnderTest front = FrontUnderTest.inAHurry();
                SipPeer phone = front.udp()) {
            Socket[] deaf = new Socket[CROWD];
            CompletableFuture<?>[] ends = new CompletableFuture<?>[CROWD];
            for (int i = 0; i < CROWD; i++) {
                deaf[i] = new Socket();
                // So that little fits on its way.
                deaf[i].setReceiveBufferSize(2_048);
                deaf[i].connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), front.port()));
                ends[i] = CompletableFuture.runAsync(asking(deaf[i], "deaf" + i));
            }

            await().pollInSameThread()
                    .pollInterval(Duration.ofMillis(300))
                    .atMost(Duration.ofSeconds(25))
                    .until(() -> {
                        // A Call-ID of another line than theirs: one of 1024 does wait for them.
                        phone.send(bye("udp", "phone"));
                        assertThat(phone.receiveWithin(2_000)).startsWith("SIP/2.0 481 ");
                        return CompletableFuture.allOf(ends).isDone();
                    });

            CompletableFuture.allOf(ends).join();
            for (Socket socket : deaf) socket.close();
        }
    }

    /** Until we are thrown out. */
    private static Runnable asking(Socket socket, String callId) {
        return () -> {
            try {
                OutputStream out = socket.getOutputStream();
                while (true) out.write(bye("tcp", callId).getBytes(StandardCharsets.US_ASCII));
            } catch (IOException thrownOut) {
                assertThat(thrownOut).hasMessageNotContaining("Socket closed");
            }
        };
    }

    /** The Via comes back in the answer. */
    private static String bye(String transport, String callId) {
        String more = transport.equals("tcp") ? ";long=" + LONG : ";rport";
        return "BYE sip:echo@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/" + transport.toUpperCase(Locale.ROOT)
                + " 127.0.0.1:9;branch=z9hG4bK" + System.nanoTime() + more
                + "\r\nFrom: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:echo@127.0.0.1>;tag=2\r\nCall-ID: " + callId
                + "\r\nCSeq: 2 BYE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
    }
}

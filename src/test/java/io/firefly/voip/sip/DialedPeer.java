package io.firefly.voip.sip;

import io.firefly.voip.call.DialedLeg;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.LegDialer.Invitation;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Somebody we call: says what the test tells it, as text over a real socket of loopback. */
final class DialedPeer implements AutoCloseable {
    static final String OFFER = SipPeer.sdp(50000);
    static final String ANSWER = SipPeer.sdp(40000);
    private static final int PATIENCE_MILLIS = 5000;

    private final @Nullable DatagramSocket udp;
    private final @Nullable ServerSocket listening;
    private @Nullable Socket tcp;
    private final StringBuilder unread = new StringBuilder();
    final List<String> heard = new ArrayList<>();
    private final int frontPort;

    private DialedPeer(@Nullable DatagramSocket udp, @Nullable ServerSocket listening, int frontPort) {
        this.udp = udp;
        this.listening = listening;
        this.frontPort = frontPort;
    }

    static DialedPeer udp(int frontPort) throws IOException {
        return new DialedPeer(new DatagramSocket(0, InetAddress.getLoopbackAddress()), null, frontPort);
    }

    static DialedPeer tcp(int frontPort) throws IOException {
        return new DialedPeer(null, new ServerSocket(0, 5, InetAddress.getLoopbackAddress()), frontPort);
    }

    int port() {
        return udp != null ? udp.getLocalPort() : listening().getLocalPort();
    }

    private ServerSocket listening() {
        if (listening == null) throw new IllegalStateException("no TCP");
        return listening;
    }

    String uri() {
        return "sip:bob@127.0.0.1:" + port() + (udp == null ? ";transport=tcp" : "");
    }

    Invitation invitation(@Nullable String offer) {
        return invitation(offer, Duration.ofSeconds(10));
    }

    Invitation invitation(@Nullable String offer, Duration patience) {
        return new Invitation(uri(), UUID.randomUUID().toString(), Map.of("X-Firefly-Call", "c1"), offer, patience);
    }

    /** The next message that starts like that; others are skipped. */
    String receive(String start) throws IOException {
        String message = receiveWithin(PATIENCE_MILLIS);
        while (message != null && !message.startsWith(start)) message = receiveWithin(PATIENCE_MILLIS);
        if (message == null) throw new AssertionError("no " + start + " came; heard " + heard);
        return message;
    }

    @Nullable
    String receiveWithin(int millis) throws IOException {
        try {
            String message = udp != null ? datagram(udp, millis) : framed(millis);
            heard.add(message.split("\r\n", 2)[0]);
            return message;
        } catch (SocketTimeoutException nothing) {
            return null;
        }
    }

    /** Messages that come until it is quiet for that long. */
    List<String> all(int quietMillis) throws IOException {
        List<String> messages = new ArrayList<>();
        for (String next = receiveWithin(quietMillis); next != null; next = receiveWithin(quietMillis))
            messages.add(next);
        return messages;
    }

    /** With a status as {@code 200 OK} and headers that have their line ends. */
    void answer(String request, String status, String headers, @Nullable String sdp) throws IOException {
        answer(request, "bob", status, headers, sdp);
    }

    void answer(String request, String tag, String status, String headers, @Nullable String sdp) throws IOException {
        StringBuilder text = new StringBuilder("SIP/2.0 " + status + "\r\n");
        for (String line : request.split("\r\n\r\n", 2)[0].split("\r\n", -1)) {
            if (line.matches("(?i)(via|from|call-id|cseq):.*"))
                text.append(line).append("\r\n");
            if (line.matches("(?i)to:.*"))
                text.append(line)
                        .append(line.contains("tag=") || status.startsWith("100") ? "" : ";tag=" + tag)
                        .append("\r\n");
        }
        send(text + headers + body(sdp));
    }

    /** 200 with Contact. */
    void ok(String request, @Nullable String sdp) throws IOException {
        answer(request, "200 OK", contact(), sdp);
    }

    String contact() {
        return "Contact: <" + uri() + ">\r\n";
    }

    /** A request of this peer in the dialog that the INVITE began. */
    String request(String method, int cseq, String invite, String headers, @Nullable String sdp) throws IOException {
        String over = udp == null ? "TCP" : "UDP";
        String to = SipPeer.header(invite, "From");
        String text = method + " " + target(invite) + " SIP/2.0\r\nVia: SIP/2.0/" + over + " 127.0.0.1:" + port()
                + ";branch=z9hG4bK" + cseq + method.hashCode() + ";rport\r\nMax-Forwards: 70\r\nFrom: "
                + SipPeer.header(invite, "To") + (SipPeer.header(invite, "To").contains("tag=") ? "" : ";tag=bob")
                + "\r\nTo: " + to + "\r\nCall-ID: " + SipPeer.header(invite, "Call-ID") + "\r\nCSeq: " + cseq + " "
                + method
                + "\r\n" + contact() + headers + body(sdp);
        send(text);
        return text;
    }

    private static String target(String invite) {
        return SipPeer.header(invite, "Contact").replaceAll("^<|>$", "");
    }

    private static String body(@Nullable String sdp) {
        if (sdp == null) return "Content-Length: 0\r\n\r\n";
        return "Content-Type: application/sdp\r\nContent-Length: " + sdp.length() + "\r\n\r\n" + sdp;
    }

    void send(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (udp != null) udp.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), frontPort));
        else if (tcp != null) tcp.getOutputStream().write(bytes);
    }

    @Override
    public void close() throws IOException {
        if (udp != null) udp.close();
        if (tcp != null) tcp.close();
        if (listening != null) listening.close();
    }

    private static String datagram(DatagramSocket socket, int millis) throws IOException {
        socket.setSoTimeout(millis);
        DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    private String framed(int millis) throws IOException {
        Socket connection = connection(millis);
        connection.setSoTimeout(millis);
        byte[] buffer = new byte[4096];
        while (true) {
            int end = unread.indexOf("\r\n\r\n");
            if (end > 0) {
                int total = end + 4 + Integer.parseInt(SipPeer.header(unread.substring(0, end + 2), "Content-Length"));
                if (unread.length() >= total) {
                    String message = unread.substring(0, total);
                    unread.delete(0, total);
                    return message;
                }
            }
            int count = connection.getInputStream().read(buffer);
            if (count < 0) throw new SocketException("connection closed by the front");
            unread.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
        }
    }

    private Socket connection(int millis) throws IOException {
        Socket known = tcp;
        if (known != null) return known;
        listening().setSoTimeout(millis);
        Socket accepted = listening().accept();
        tcp = accepted;
        return accepted;
    }

    /** What a leg told. */
    static final class Heard implements DialedLeg.Listener {
        final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        volatile CompletionStage<@Nullable String> reofferAnswer = CompletableFuture.completedFuture(OFFER);

        String next() throws InterruptedException {
            String event = events.poll(5, TimeUnit.SECONDS);
            return event == null ? "nothing" : event;
        }

        @Override
        public void progress(int status, @Nullable String sdp) {
            events.add("progress " + status + (sdp == null ? "" : " with sdp"));
        }

        @Override
        public void answered(String sdp) {
            events.add("answered " + (sdp.equals(ANSWER) ? "" : sdp));
        }

        @Override
        public void refused(int status, String reason) {
            events.add("refused " + status + " " + reason);
        }

        @Override
        public void hungUp(int q850) {
            events.add("hungUp " + q850);
        }

        @Override
        public void lost(HangupCause cause) {
            events.add("lost " + cause);
        }

        @Override
        public CompletionStage<@Nullable String> reoffered(@Nullable String sdpOffer) {
            events.add(sdpOffer == null ? "reoffered without offer" : "reoffered");
            return reofferAnswer;
        }
    }
}

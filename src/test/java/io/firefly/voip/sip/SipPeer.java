package io.firefly.voip.sip;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A peer that speaks SIP as plain text over a real socket on loopback. */
final class SipPeer implements AutoCloseable {
    static final String SDP = sdp(40000);
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int PATIENCE_MILLIS = 5000;

    private final int serverPort;
    private final @Nullable DatagramSocket udp;
    private final @Nullable Socket tcp;
    private final StringBuilder unread = new StringBuilder();
    final List<String> heard = new ArrayList<>();

    private SipPeer(int serverPort, @Nullable DatagramSocket udp, @Nullable Socket tcp) {
        this.serverPort = serverPort;
        this.udp = udp;
        this.tcp = tcp;
    }

    static String sdp(int port) {
        return String.join(
                "\r\n",
                "v=0",
                "o=- 1 1 IN IP4 127.0.0.1",
                "s=-",
                "c=IN IP4 127.0.0.1",
                "t=0 0",
                "m=audio " + port + " RTP/AVP 0",
                "");
    }

    static SipPeer udp(int serverPort) throws IOException {
        return new SipPeer(serverPort, new DatagramSocket(0, InetAddress.getLoopbackAddress()), null);
    }

    static SipPeer tcp(int serverPort) throws IOException {
        return new SipPeer(serverPort, null, new Socket(InetAddress.getLoopbackAddress(), serverPort));
    }

    int port() {
        return udp != null ? udp.getLocalPort() : Objects.requireNonNull(tcp).getLocalPort();
    }

    String transport() {
        return udp != null ? "UDP" : "TCP";
    }

    /** A dialog to be: Call-ID, tags and counters of one call from this peer. */
    Dialog dialog() {
        return new Dialog();
    }

    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    void send(byte[] bytes) throws IOException {
        if (udp != null)
            udp.send(new DatagramPacket(
                    bytes, bytes.length, new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort)));
        else Objects.requireNonNull(tcp).getOutputStream().write(bytes);
    }

    /** The next message that is no 100. */
    String receive() throws IOException {
        String message = receiveWithin(PATIENCE_MILLIS);
        while (message != null && message.startsWith("SIP/2.0 100 ")) message = receiveWithin(PATIENCE_MILLIS);
        if (message == null) throw new AssertionError("nothing came in " + PATIENCE_MILLIS + " ms; heard " + heard);
        return message;
    }

    /** The next message that starts like that; others are skipped. */
    String receive(String start) throws IOException {
        String message = receive();
        while (!message.startsWith(start)) message = receive();
        return message;
    }

    @Nullable
    String receiveWithin(int millis) throws IOException {
        try {
            String message = udp != null ? datagram(udp, millis) : framed(Objects.requireNonNull(tcp), millis);
            heard.add(message.split("\r\n", 2)[0]);
            return message;
        } catch (SocketTimeoutException nothing) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        if (udp != null) udp.close();
        if (tcp != null) tcp.close();
    }

    static String header(String message, String name) {
        Matcher matcher =
                Pattern.compile("(?mi)^" + name + "\\s*:\\s*(.*?)\r?$").matcher(message);
        return matcher.find() ? matcher.group(1) : "";
    }

    static String body(String message) {
        int end = message.indexOf("\r\n\r\n");
        return end < 0 ? "" : message.substring(end + 4);
    }

    /** 200 to a request of the front. */
    void ok(String request) throws IOException {
        answer(request, "200 OK", "");
    }

    void answer(String request, String status, String extraHeaders) throws IOException {
        StringBuilder text = new StringBuilder("SIP/2.0 " + status + "\r\n");
        for (String line : request.split("\r\n\r\n", 2)[0].split("\r\n", -1)) {
            if (line.matches("(?i)(via|from|call-id|cseq):.*"))
                text.append(line).append("\r\n");
            if (line.matches("(?i)to:.*"))
                text.append(line).append(line.contains("tag=") ? "" : ";tag=p").append("\r\n");
        }
        send(text + extraHeaders + "Content-Length: 0\r\n\r\n");
    }

    private static String datagram(DatagramSocket socket, int millis) throws IOException {
        socket.setSoTimeout(millis);
        DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    private String framed(Socket socket, int millis) throws IOException {
        socket.setSoTimeout(millis);
        byte[] buffer = new byte[4096];
        while (true) {
            int end = unread.indexOf("\r\n\r\n");
            if (end > 0) {
                String length = header(unread.substring(0, end + 2), "Content-Length");
                int total = end + 4 + (length.isEmpty() ? 0 : Integer.parseInt(length));
                if (unread.length() >= total) {
                    String message = unread.substring(0, total);
                    unread.delete(0, total);
                    return message;
                }
            }
            int count = socket.getInputStream().read(buffer);
            if (count < 0) throw new IOException("connection closed by the front");
            unread.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
        }
    }

    final class Dialog {
        final String callId = "call-" + NUMBER.incrementAndGet() + "-" + System.nanoTime();
        final String fromTag = "f" + NUMBER.incrementAndGet();
        String branch = "z9hG4bKfirst" + NUMBER.incrementAndGet();
        String toTag = "";
        String target = "sip:4711@127.0.0.1:" + serverPort;
        int cseq = 1;

        String text(String method, String extraHeaders, String body) {
            String to = "<sip:4711@127.0.0.1>" + (toTag.isEmpty() ? "" : ";tag=" + toTag);
            return method + " " + target + " SIP/2.0\r\nVia: SIP/2.0/" + transport() + " 127.0.0.1:" + port()
                    + ";branch="
                    + branch + ";rport\r\nMax-Forwards: 70\r\nFrom: \"Alice\" <sip:1001@127.0.0.1>;tag=" + fromTag
                    + "\r\nTo: " + to + "\r\nCall-ID: " + callId + "\r\nCSeq: " + cseq + " " + method
                    + "\r\nContact: <sip:1001@127.0.0.1:" + port() + ";transport="
                    + transport().toLowerCase(Locale.ROOT)
                    + ">\r\n" + extraHeaders
                    + (body.isEmpty() ? "" : "Content-Type: application/sdp\r\n") + "Content-Length: "
                    + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
        }

        void invite() throws IOException {
            send(text("INVITE", "", SDP));
        }

        /** A new request in this dialog. */
        void request(String method, String extraHeaders, String body) throws IOException {
            cseq++;
            branch = "z9hG4bKnext" + NUMBER.incrementAndGet();
            send(text(method, extraHeaders, body));
        }

        /** CANCEL of the last request sent. */
        void cancel() throws IOException {
            String tag = toTag;
            toTag = "";
            send(text("CANCEL", "", ""));
            toTag = tag;
        }

        void ack(String body) throws IOException {
            branch = "z9hG4bKack" + NUMBER.incrementAndGet();
            send(text("ACK", "", body));
        }

        /** ACK of a refusal: part of the transaction of its INVITE (RFC 3261 17.1.1.3). */
        void ackRefusal(String refusal) throws IOException {
            learn(refusal);
            send(text("ACK", "", ""));
        }

        /** Takes To tag and Contact of a response; returns it. */
        String learn(String response) {
            Matcher tag = Pattern.compile(";tag=(\\w+)").matcher(header(response, "To"));
            if (tag.find()) toTag = tag.group(1);
            Matcher contact = Pattern.compile("<([^>]+)>").matcher(header(response, "Contact"));
            if (contact.find()) target = contact.group(1);
            return response;
        }

        /** INVITE, 200, ACK. */
        void establish() throws IOException {
            invite();
            learn(receive("SIP/2.0 200"));
            ack("");
        }
    }
}

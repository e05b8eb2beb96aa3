package io.firefly.voip.scenario;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Many telephones at one address that are called at once, each with a manner of its own: in turn. Thread {@code test-desks}. */
final class Desks implements AutoCloseable {
    /** What one of them does. */
    enum Manner {
        BUSY,
        RINGS_ON,
        ANSWERS,
        ANSWERS_AT_ONCE,
        ANSWERS_AND_HANGS_UP
    }

    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final Map<String, String> invites = new ConcurrentHashMap<>();
    private final AtomicInteger called = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    Desks() throws IOException {
        Thread thread = new Thread(this::serve, "test-desks");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    /** How many were called. */
    int called() {
        return called.get();
    }

    /** How many heard BYE or CANCEL. */
    int ended() {
        return ended.get();
    }

    private void serve() {
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
            try {
                socket.receive(packet);
                String message = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
                if (!message.startsWith("SIP/2.0")) heard(message, packet.getSocketAddress());
            } catch (IOException over) {
                return;
            }
        }
    }

    private void heard(String request, SocketAddress from) throws IOException {
        String id = Caller.header(request, "Call-ID");
        switch (request.substring(0, request.indexOf(' '))) {
            case "INVITE" -> {
                if (invites.putIfAbsent(id, request) == null) invited(request, from);
            }
            case "CANCEL" -> {
                ended.incrementAndGet();
                answer(request, "200 OK", from);
                answer(invites.getOrDefault(id, request), "487 Request Terminated", from);
            }
            case "BYE" -> {
                ended.incrementAndGet();
                answer(request, "200 OK", from);
            }
            default -> {
                // ACK
            }
        }
    }

    private void invited(String invite, SocketAddress from) throws IOException {
        Manner manner = Manner.values()[called.getAndIncrement() % Manner.values().length];
        switch (manner) {
            case BUSY -> answer(invite, "486 Busy Here", from);
            case RINGS_ON -> answer(invite, "180 Ringing", from);
            case ANSWERS_AT_ONCE -> answer(invite, "200 OK", from);
            case ANSWERS, ANSWERS_AND_HANGS_UP -> {
                answer(invite, "180 Ringing", from);
                answer(invite, "200 OK", from);
                if (manner == Manner.ANSWERS_AND_HANGS_UP) bye(invite, from);
            }
        }
    }

    private void bye(String invite, SocketAddress to) throws IOException {
        String target = Caller.header(invite, "Contact").replaceFirst(".*<(.*)>.*", "$1");
        send(
                "BYE " + target + " SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:" + port() + ";rport;branch=z9hG4bK"
                        + UUID.randomUUID() + "\r\nMax-Forwards: 70\r\nFrom: " + Caller.header(invite, "To")
                        + ";tag=desk\r\nTo: " + Caller.header(invite, "From") + "\r\nCall-ID: "
                        + Caller.header(invite, "Call-ID") + "\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n",
                to);
    }

    private void answer(String request, String status, SocketAddress to) throws IOException {
        boolean sdp = status.startsWith("200") && request.startsWith("INVITE");
        // Nobody listens there and nobody speaks: a call that lasts ends by that.
        String body = sdp
                ? "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n"
                : "";
        StringBuilder text = new StringBuilder("SIP/2.0 " + status + "\r\n");
        for (String line : request.split("\r\n\r\n", 2)[0].split("\r\n", -1)) {
            if (line.matches("(?i)(via|from|call-id|cseq):.*"))
                text.append(line).append("\r\n");
            if (line.matches("(?i)to:.*"))
                text.append(line.contains("tag=") ? line : line + ";tag=desk").append("\r\n");
        }
        text.append("Contact: <sip:desk@127.0.0.1:" + port() + ">\r\n");
        if (sdp) text.append("Content-Type: application/sdp\r\n");
        send(text.append("Content-Length: " + body.length() + "\r\n\r\n" + body).toString(), to);
    }

    private void send(String text, SocketAddress to) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(bytes, bytes.length, to));
    }

    @Override
    public void close() {
        socket.close();
    }
}

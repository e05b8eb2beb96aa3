package io.firefly.voip.scenario;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A telephone that is called: does what the test says. One thread at a time. */
final class Answerer implements AutoCloseable {
    private final DatagramSocket sip;
    private final RtpVoice voice;
    private String invite = "";
    private SocketAddress from;

    Answerer() throws IOException {
        this(0);
    }

    /** @param port 0: any free one */
    Answerer(int port) throws IOException {
        sip = new DatagramSocket(port, InetAddress.getLoopbackAddress());
        voice = new RtpVoice();
    }

    int port() {
        return sip.getLocalPort();
    }

    RtpVoice voice() {
        return voice;
    }

    /** Waits for the INVITE and rings. */
    void ring() throws IOException {
        invite = await("INVITE ");
        send(response(invite, "180 Ringing", ""));
    }

    void answer() throws IOException {
        Matcher audio = Pattern.compile("(?m)^m=audio (\\d+)").matcher(invite);
        if (!audio.find()) throw new AssertionError("no audio in " + invite);
        voice.talkTo(Integer.parseInt(audio.group(1)));
        send(response(invite, "200 OK", voice.offer()));
        String unused = await("ACK ");
        voice.start();
    }

    void refuse(String status) throws IOException {
        invite = await("INVITE ");
        send(response(invite, status, ""));
        String unused = await("ACK ");
    }

    void awaitBye() throws IOException {
        send(response(await("BYE "), "200 OK", ""));
    }

    /** BYE and its 200. */
    void hangUp() throws IOException {
        String target = Caller.header(invite, "Contact").replaceFirst(".*<(.*)>.*", "$1");
        send("BYE " + target + " SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:" + port() + ";rport;branch=z9hG4bK"
                + UUID.randomUUID() + "\r\nMax-Forwards: 70\r\nFrom: " + Caller.header(invite, "To")
                + ";tag=answerer\r\nTo: " + Caller.header(invite, "From") + "\r\nCall-ID: "
                + Caller.header(invite, "Call-ID") + "\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n");
        String unused = await("SIP/2.0 200");
    }

    /** Waits until nobody waits for us any more. */
    void awaitCancel() throws IOException {
        send(response(await("CANCEL "), "200 OK", ""));
        send(response(invite, "487 Request Terminated", ""));
        String unused = await("ACK ");
    }

    private String await(String start) throws IOException {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        sip.setSoTimeout(100);
        while (System.nanoTime() < giveUp) {
            DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
            try {
                sip.receive(packet);
            } catch (SocketTimeoutException nothing) {
                continue;
            }
            from = packet.getSocketAddress();
            String message = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
            if (message.startsWith(start)) return message;
        }
        throw new AssertionError("no " + start + "within 15 s");
    }

    private String response(String request, String status, String body) {
        StringBuilder text = new StringBuilder("SIP/2.0 " + status + "\r\n");
        for (String line : request.split("\r\n\r\n", 2)[0].split("\r\n", -1)) {
            if (line.matches("(?i)(via|from|call-id|cseq):.*"))
                text.append(line).append("\r\n");
            if (line.matches("(?i)to:.*"))
                text.append(line.contains("tag=") ? line : line + ";tag=answerer")
                        .append("\r\n");
        }
        text.append("Contact: <sip:sales@127.0.0.1:" + port() + ">\r\n");
        if (!body.isEmpty()) text.append("Content-Type: application/sdp\r\n");
        return text.append("Content-Length: " + body.length() + "\r\n\r\n" + body)
                .toString();
    }

    private void send(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sip.send(new DatagramPacket(bytes, bytes.length, from));
    }

    @Override
    public void close() {
        voice.close();
        sip.close();
    }
}

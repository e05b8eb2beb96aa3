package io.firefly.voip.scenario;

import io.firefly.voip.testing.RunningFirefly;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One call of a peer that speaks SIP as plain text and does exactly what a test wants, right or wrong. It answers by
 * itself only what a caller must: the BYE. Its sound is {@link #voice}. One thread at a time.
 */
final class Caller implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 8_000;

    private final InetSocketAddress exchange;
    private final DatagramSocket sip;
    private final RtpVoice voice;
    private final String user;
    private final String callId = UUID.randomUUID().toString();
    private final String inviteBranch = branch();
    private String toTag = "";
    private String headers = "";
    private int cseq = 1;
    private int inviteCseq = 1;
    private boolean byeSeen;
    private long byeNanos;

    Caller(RunningFirefly firefly, String user) throws IOException {
        this(firefly.sipPort(), user);
    }

    /** Calls whoever has that SIP port on this machine. */
    Caller(int sipPort, String user) throws IOException {
        this.exchange = new InetSocketAddress(InetAddress.getLoopbackAddress(), sipPort);
        this.user = user;
        this.sip = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        this.voice = new RtpVoice();
    }

    /** Answered, acknowledged, and sound flows both ways. */
    static Caller connected(RunningFirefly firefly, String user) throws IOException {
        return connected(firefly.sipPort(), user);
    }

    static Caller connected(int sipPort, String user) throws IOException {
        Caller caller = new Caller(sipPort, user);
        caller.invite();
        caller.await("SIP/2.0 200");
        caller.ack();
        caller.voice.start();
        return caller;
    }

    /** Goes into the INVITE. */
    Caller saying(String header, String value) {
        headers += header + ": " + value + "\r\n";
        return this;
    }

    RtpVoice voice() {
        return voice;
    }

    String callId() {
        return callId;
    }

    /** Where the other side wants our sound; 0 before the answer. */
    int farRtpPort() {
        return voice.farPort();
    }

    void invite() throws IOException {
        send(request("INVITE", inviteBranch, voice.offer()));
    }

    void inviteWith(String sdp) throws IOException {
        send(request("INVITE", inviteBranch, sdp));
    }

    /** A new offer in the same dialog; {@code sendonly} is hold. */
    void reinvite(String direction) throws IOException {
        inviteCseq = ++cseq;
        send(request("INVITE", branch(), voice.offer() + "a=" + direction + "\r\n"));
    }

    void ack() throws IOException {
        send(request("ACK", branch(), ""));
    }

    void cancel() throws IOException {
        send(request("CANCEL", inviteBranch, ""));
    }

    void bye() throws IOException {
        cseq++;
        send(request("BYE", branch(), ""));
    }

    /** A key, by INFO. */
    void press(char key) throws IOException {
        cseq++;
        String body = "Signal=" + key + "\r\nDuration=160\r\n";
        send(request("INFO", branch(), body).replace("application/sdp", "application/dtmf-relay"));
        String unused = await("SIP/2.0 200");
    }

    /** A response of ours, without a body. */
    void respond(String request, String status) throws IOException {
        StringBuilder text = new StringBuilder("SIP/2.0 " + status + "\r\n");
        for (String line : request.split("\r\n", -1)) {
            if (line.matches("(?i)(via|from|to|call-id|cseq):.*"))
                text.append(line).append("\r\n");
        }
        send(text + "Contact: <sip:caller@127.0.0.1:" + sip.getLocalPort() + ">\r\nContent-Length: 0\r\n\r\n");
    }

    /** The last NOTIFY of a referral: how the call went to which we were sent. */
    void notifyReferral(String status) throws IOException {
        cseq++;
        String state = "Event: refer\r\nSubscription-State: terminated;reason=noresource\r\n";
        send(request("NOTIFY", branch(), "SIP/2.0 " + status + "\r\n")
                .replace("Content-Type: application/sdp\r\n", state + "Content-Type: message/sipfrag;version=2.0\r\n"));
    }

    /** The next message that starts like this; what comes before it is answered where it must be, and passed over. */
    String await(String start) throws IOException {
        return await(start, PATIENCE_MILLIS);
    }

    String await(String start, int millis) throws IOException {
        long giveUp = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        StringBuilder passed = new StringBuilder();
        while (System.nanoTime() < giveUp) {
            String message = receive(50);
            if (message == null) continue;
            passed.append('[').append(message, 0, message.indexOf("\r\n")).append("] ");
            if (message.startsWith(start)) return message;
        }
        throw new AssertionError("no '" + start + "' to " + user + " within " + millis + " ms; heard " + passed);
    }

    /** Serves the line for so long, or until it is hung up by the other side. */
    void listenFor(int millis) throws IOException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < until && !byeSeen) receive(10);
    }

    /** True when the other side said BYE within that time, or earlier. */
    boolean hearsBye(int millis) throws IOException {
        listenFor(millis);
        return byeSeen;
    }

    /** When the BYE came, on the clock of {@link System#nanoTime}. */
    long byeNanos() {
        return byeNanos;
    }

    /** BYE and its 200, politely. */
    void hangUp() throws IOException {
        bye();
        await("SIP/2.0 200");
    }

    void send(byte[] datagram) throws IOException {
        sip.send(new DatagramPacket(datagram, datagram.length, exchange));
    }

    /** The final response to a request of that method. */
    String awaitFinal(String method) throws IOException {
        long giveUp = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (System.nanoTime() < giveUp) {
            String message = receive(50);
            if (message == null || !message.matches("(?s)SIP/2.0 [2-6].*")) continue;
            if (header(message, "CSeq").endsWith(method)) return message;
        }
        throw new AssertionError("no final response to " + method + " of " + callId);
    }

    void hangUpUnlessHungUp() throws IOException {
        if (!hearsBye(200)) hangUp();
    }

    /** As if the power went: nothing is said, the ports are closed. */
    @Override
    public void close() {
        voice.close();
        sip.close();
    }

    private void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    private @Nullable String receive(int millis) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        try {
            sip.setSoTimeout(millis);
            sip.receive(packet);
        } catch (SocketTimeoutException nothing) {
            return null;
        }
        String message = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
        if (!message.contains("\r\n")) return null;
        learn(message);
        return message;
    }

    private void learn(String message) throws IOException {
        boolean refused = message.matches("(?s)SIP/2.0 [3-6].*")
                && header(message, "CSeq").endsWith("INVITE");
        Matcher tag = Pattern.compile(";tag=([\\w.~-]+)").matcher(header(message, "To"));
        if (message.startsWith("SIP/2.0 ") && tag.find()) toTag = tag.group(1);
        Matcher audio = Pattern.compile("(?m)^m=audio (\\d+)").matcher(message);
        if (message.startsWith("SIP/2.0 200") && audio.find()) voice.talkTo(Integer.parseInt(audio.group(1)));
        if (refused) send(request("ACK", inviteBranch, ""));
        if (!message.startsWith("BYE ")) return;
        if (!byeSeen) byeNanos = System.nanoTime();
        byeSeen = true;
        respond(message, "200 OK");
    }

    private String request(String method, String branch, String body) {
        String us = "127.0.0.1:" + sip.getLocalPort();
        boolean early = method.equals("CANCEL") || toTag.isEmpty();
        return method + " sip:" + user + "@127.0.0.1:" + exchange.getPort() + " SIP/2.0\r\n"
                + "Via: SIP/2.0/UDP " + us + ";branch=" + branch + ";rport\r\nMax-Forwards: 70\r\n"
                + "From: \"Test\" <sip:+15550100@127.0.0.1>;tag=caller\r\n"
                + "To: <sip:" + user + "@127.0.0.1>" + (early ? "" : ";tag=" + toTag) + "\r\n"
                + "Call-ID: " + callId + "\r\nCSeq: " + (method.equals("ACK") ? inviteCseq : cseq) + " " + method
                + "\r\n"
                + "Contact: <sip:caller@" + us + ">\r\n" + (method.equals("INVITE") ? headers : "")
                + (body.isEmpty() ? "" : "Content-Type: application/sdp\r\n")
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** ACK of a 200, made of what the 200 says. */
    static String ackOf(String ok) {
        return "ACK " + header(ok, "Contact").replaceAll("[<>]", "") + " SIP/2.0\r\nVia: "
                + header(ok, "Via").replaceAll("branch=[^;]*", "branch=" + branch()) + "\r\nMax-Forwards: 70\r\nFrom: "
                + header(ok, "From") + "\r\nTo: " + header(ok, "To") + "\r\nCall-ID: " + header(ok, "Call-ID")
                + "\r\nCSeq: " + header(ok, "CSeq").replace("INVITE", "ACK") + "\r\nContent-Length: 0\r\n\r\n";
    }

    static String header(String message, String name) {
        Matcher matcher =
                Pattern.compile("(?mi)^" + name + "\\s*:\\s*(.*?)\r?$").matcher(message);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static String branch() {
        return "z9hG4bK" + UUID.randomUUID();
    }
}

package io.firefly.voip.phone;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.audio.G711;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The other side of a test call: raw UDP, does exactly what a test wants, right or wrong. */
final class FakeUas implements AutoCloseable {
    /** What the peer does with a message; runs on the peer's SIP thread. */
    interface Script {
        void on(SipMessage message, FakeUas peer) throws IOException;
    }

    final DatagramSocket sip = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    final DatagramSocket rtp = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    final List<SipMessage> received = new CopyOnWriteArrayList<>();
    final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    private final Script script;
    private volatile SocketAddress caller = sip.getLocalSocketAddress();

    FakeUas(Script script) throws IOException {
        this.script = script;
        start("fake-uas", this::serve);
    }

    /** Rings, answers and echoes everything it hears that much later. */
    static FakeUas echoing(int delayMillis) throws IOException {
        FakeUas uas = new FakeUas(FakeUas::answering);
        start("fake-echo", () -> uas.echo(delayMillis));
        return uas;
    }

    static void answering(SipMessage message, FakeUas peer) throws IOException {
        switch (message.isRequest() ? message.method() : "") {
            case "INVITE" -> {
                peer.respond(180, "Ringing", message);
                peer.answer(message);
            }
            case "BYE" -> peer.respond(200, "OK", message);
            default -> {}
        }
    }

    String uri() {
        return "sip:echo@127.0.0.1:" + sip.getLocalPort();
    }

    String sdp() {
        InetSocketAddress media = (InetSocketAddress) rtp.getLocalSocketAddress();
        return PhoneSdp.describe(media, List.of(G711.PCMA), "sendrecv", 1);
    }

    void respond(int status, String reason, SipMessage request) throws IOException {
        send(tagged(SipMessage.response(status, reason, request)));
    }

    void answer(SipMessage invite) throws IOException {
        send(tagged(SipMessage.response(200, "OK", invite)
                .add("Contact", "<sip:echo@127.0.0.1:" + sip.getLocalPort() + ">")
                .body("application/sdp", sdp())));
    }

    /** A request inside the dialog that the INVITE began. */
    void request(String method, long sequence, SipMessage invite, String sdp) throws IOException {
        SipMessage request = SipMessage.request(method, "sip:firefly-call@127.0.0.1")
                .add("Via", "SIP/2.0/UDP 127.0.0.1:" + sip.getLocalPort() + ";branch=z9hG4bK" + method + sequence)
                .add("From", invite.must("To") + ";tag=peer")
                .add("To", invite.must("From"))
                .add("Call-ID", invite.must("Call-ID"))
                .add("CSeq", sequence + " " + method);
        send((sdp.isEmpty() ? request : request.body("application/sdp", sdp)).text());
    }

    private static String tagged(SipMessage response) {
        String to = response.must("To");
        return to.contains("tag=") ? response.text() : response.text().replace("To: " + to, "To: " + to + ";tag=peer");
    }

    void send(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sip.send(new DatagramPacket(bytes, bytes.length, caller));
    }

    long count(String method) {
        return received.stream()
                .filter(message -> message.isRequest() && message.method().equals(method))
                .count();
    }

    /** Sends 20 ms frames to the phone until the peer closes, from 100 ms after its first packet. */
    void talk(AudioSource source) {
        start("fake-talk", () -> {
            try {
                DatagramPacket first = new DatagramPacket(new byte[2_048], 2_048);
                rtp.receive(first);
                SocketAddress phone = first.getSocketAddress();
                int[] number = new int[1];
                var unused = later.scheduleAtFixedRate(
                        () -> frame(source, phone, number[0]++), 0, 20, TimeUnit.MILLISECONDS);
            } catch (IOException e) {
                if (!rtp.isClosed()) throw new UncheckedIOException(e);
            }
        });
    }

    private void frame(AudioSource source, SocketAddress phone, int number) {
        short[] pcm = new short[160];
        source.read(pcm, AudioFormat.NARROWBAND.samplesPerFrame());
        byte[] packet = new byte[172];
        ByteBuffer.wrap(packet)
                .put((byte) 0x80)
                .put((byte) 8)
                .putShort((short) number)
                .putInt(160 * number);
        G711.PCMA.encode(pcm, packet, 12, 160);
        try {
            rtp.send(new DatagramPacket(packet, packet.length, phone));
        } catch (IOException e) {
            if (!rtp.isClosed()) throw new UncheckedIOException(e);
        }
    }

    private void serve() {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        while (!sip.isClosed()) {
            try {
                packet.setLength(65_535);
                sip.receive(packet);
                caller = packet.getSocketAddress();
                SipMessage message =
                        SipMessage.parse(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
                received.add(message);
                script.on(message, this);
            } catch (IOException | ParseException e) {
                if (!sip.isClosed()) throw new IllegalStateException(e);
            }
        }
    }

    private void echo(int delayMillis) {
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        while (!rtp.isClosed()) {
            try {
                rtp.receive(packet);
                byte[] copy = Arrays.copyOf(packet.getData(), packet.getLength());
                DatagramPacket back = new DatagramPacket(copy, copy.length, packet.getSocketAddress());
                var unused = later.schedule(() -> sendBack(back), delayMillis, TimeUnit.MILLISECONDS);
            } catch (IOException e) {
                if (!rtp.isClosed()) throw new UncheckedIOException(e);
            }
        }
    }

    private void sendBack(DatagramPacket packet) {
        try {
            rtp.send(packet);
        } catch (IOException e) {
            if (!rtp.isClosed()) throw new UncheckedIOException(e);
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        later.shutdownNow();
        sip.close();
        rtp.close();
    }
}

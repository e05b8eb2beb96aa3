package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.Tones;
import io.firefly.voip.freeswitch.Engine;
import io.firefly.voip.testing.RunningFirefly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Rubbish at the SIP and RTP ports while somebody talks: the talk goes on, and nothing is left behind. */
@Tag("real-calls")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GarbageTest {
    private static final int TONE_HZ = 1_000;
    private static final int ROUNDS = 250;
    private static final long PAUSE_MILLIS = 15;
    private static final InetAddress TRUSTED = loopback(1);
    private static final InetAddress STRANGER = loopback(2);
    /** SDP without a codec of ours: what survives its mutation and becomes a call is refused, not answered. */
    private static final String G729_ONLY = String.join(
            "\r\n",
            "v=0",
            "o=- 1 1 IN IP4 127.0.0.1",
            "s=-",
            "c=IN IP4 127.0.0.1",
            "t=0 0",
            "m=audio 40000 RTP/AVP 18",
            "");

    private static RunningFirefly firefly;
    private final Random random = new Random(4_475);

    private Engine engine = Engine.EMBEDDED;

    /** Who carries the media; an exchange of its own for each. */
    Engine engine() throws Exception {
        return Engine.EMBEDDED;
    }

    @BeforeAll
    void start() throws Exception {
        engine = engine();
        firefly = RunningFirefly.with(engine, "firefly.sip.trusted-addresses", TRUSTED.getHostAddress() + "/32");
    }

    @AfterAll
    void stop() {
        if (firefly != null) firefly.close();
        engine.close();
    }

    @Test
    void rubbishAtTheSipPortDoesNotTouchARunningCall() throws Exception {
        aCallGoesOnDuring(this::bombardSip);
    }

    @Test
    void rubbishAtTheRtpPortDoesNotTouchTheCall() throws Exception {
        aCallGoesOnDuring(this::bombardRtp);
    }

    private static InetAddress loopback(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Attack {
        void on(Caller victim) throws IOException;
    }

    private static void aCallGoesOnDuring(Attack attack) throws Exception {
        Set<String> threads;
        try (Caller caller = Caller.connected(firefly, "echo")) {
            caller.voice().say(Tones.source(AudioFormat.NARROWBAND, TONE_HZ, -12));
            caller.listenFor(700);
            threads = workers();
            long began = System.nanoTime();

            attack.on(caller);

            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            List<RtpVoice.Frame> heard = caller.voice().since(began);
            assertThat(20L * heard.size()).as("sound heard in %s ms", millis).isGreaterThan(millis * 9 / 10);
            assertEchoed(RtpVoice.sound(heard));
            assertThat(caller.hearsBye(100)).as("the call was ended").isFalse();
            caller.hangUp();
        }
        assertThat(workers()).as("threads that died").containsAll(threads);
        try (Caller later = Caller.connected(firefly, "echo")) {
            later.voice().say(Tones.source(AudioFormat.NARROWBAND, TONE_HZ, -12));
            later.listenFor(700);
            long began = System.nanoTime();
            later.listenFor(600);
            assertEchoed(RtpVoice.sound(later.voice().since(began)));
            later.hangUp();
        }
        Rest.awaitRest(firefly, 10);
    }

    /** At least nine of ten pieces of 100 ms are the clean tone; the machine may be late now and then. */
    private static void assertEchoed(Sound heard) {
        int piece = 800;
        int pieces = heard.pcm().length / piece;
        long clean = 0;
        for (int i = 0; i < pieces; i++) {
            Sound part = new Sound(heard.format(), Arrays.copyOfRange(heard.pcm(), i * piece, (i + 1) * piece));
            if (Math.abs(Tones.level(part, TONE_HZ) + 12) < 1.5) clean++;
        }
        assertThat(pieces).isGreaterThan(4);
        assertThat(Tones.level(heard, TONE_HZ)).isCloseTo(-12, within(3.0));
        assertThat(clean).as("clean pieces of %s", pieces).isGreaterThanOrEqualTo(pieces * 9L / 10);
    }

    /** The threads that live as long as the exchange; pools like call-route and sip-0 shrink when they have nothing to do. */
    private static Set<String> workers() {
        return Rest.threads().stream()
                .filter(name ->
                        name.matches("(sip-udp|sip-.*timer|call-\\d|media-clock|agent-(\\d|pump)|recording|UDP|TCP).*"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void bombardSip(Caller victim) throws IOException {
        InetSocketAddress target = new InetSocketAddress(TRUSTED, firefly.sipPort());
        try (DatagramSocket trusted = new DatagramSocket(0, TRUSTED);
                DatagramSocket stranger = new DatagramSocket(0, STRANGER)) {
            for (int round = 0; round < ROUNDS; round++) {
                byte[] invite = invite(trusted.getLocalPort(), round).getBytes(StandardCharsets.UTF_8);
                for (DatagramSocket from : List.of(trusted, stranger)) {
                    send(from, target, randomBytes(1_400));
                    send(from, target, Arrays.copyOf(invite, random.nextInt(invite.length)));
                    send(from, target, mutated(invite));
                    send(from, target, torture(round, victim).getBytes(StandardCharsets.ISO_8859_1));
                }
                victim.listenFor((int) PAUSE_MILLIS);
            }
            acknowledgeWhatWasAnswered(trusted, target);
        }
    }

    /**
     * An INVITE that lost its Content-Type by a mutation asks for our offer, and gets it with a 200. The ACK without an
     * answer ends such a call at once; nobody has to wait 32 s for it.
     */
    private static void acknowledgeWhatWasAnswered(DatagramSocket socket, InetSocketAddress exchange)
            throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        socket.setSoTimeout(500);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5); // by then each 200 was repeated
        while (System.nanoTime() < until) {
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException nothing) {
                continue;
            }
            String message = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
            if (message.startsWith("SIP/2.0 200")
                    && Caller.header(message, "CSeq").endsWith("INVITE"))
                send(socket, exchange, Caller.ackOf(message).getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private void bombardRtp(Caller victim) throws IOException {
        InetSocketAddress rtp = new InetSocketAddress(TRUSTED, victim.farRtpPort());
        InetSocketAddress rtcp = new InetSocketAddress(TRUSTED, victim.farRtpPort() + 1);
        try (DatagramSocket sameHost = new DatagramSocket(0, TRUSTED);
                DatagramSocket otherHost = new DatagramSocket(0, STRANGER)) {
            for (int round = 0; round < ROUNDS; round++) {
                for (DatagramSocket from : List.of(sameHost, otherHost)) {
                    send(from, rtp, randomBytes(1_500));
                    send(from, rtp, audio(round));
                    send(from, rtcp, randomBytes(200));
                    send(from, rtcp, rtcpRubbish());
                }
                victim.voice().raw(malformedRtp());
                victim.voice().raw(rtcpRubbish());
                victim.listenFor((int) PAUSE_MILLIS);
            }
        }
    }

    private static void send(DatagramSocket from, InetSocketAddress to, byte[] bytes) throws IOException {
        from.send(new DatagramPacket(bytes, bytes.length, to));
    }

    private byte[] randomBytes(int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] mutated(byte[] right) {
        byte[] wrong = right.clone();
        for (int i = 0; i < 1 + random.nextInt(12); i++)
            wrong[random.nextInt(wrong.length)] = (byte) random.nextInt(256);
        return wrong;
    }

    /** Loud noise in packets that are right in themselves: somebody wants to speak into a call of others. */
    private byte[] audio(int round) {
        byte[] packet = new byte[172];
        random.nextBytes(packet);
        ByteBuffer.wrap(packet)
                .putShort((short) 0x8000)
                .putShort((short) round)
                .putInt(160 * round)
                .putInt(0xBAD);
        return packet;
    }

    /** From the caller's own port: no version 2, too short, more CSRCs, extension or padding than there are bytes. */
    private byte[] malformedRtp() {
        byte[] packet = new byte[172];
        random.nextBytes(packet);
        packet[1] = 0;
        switch (random.nextInt(5)) {
            case 0 -> packet[0] = (byte) random.nextInt(128);
            case 1 -> packet = Arrays.copyOf(new byte[] {(byte) 0x80, 0, 1}, random.nextInt(12));
            case 2 -> packet = Arrays.copyOf(new byte[] {(byte) 0x8F, 0, 1, 1}, 12 + random.nextInt(60));
            case 3 -> {
                packet[0] = (byte) 0x90;
                packet[14] = (byte) 0xFF;
            }
            default -> {
                packet[0] = (byte) 0xA0;
                packet[171] = (byte) 0xFF;
            }
        }
        return packet;
    }

    /** SR, RR, SDES, BYE and APP whose lengths and counts lie. */
    private byte[] rtcpRubbish() {
        byte[] packet = randomBytes(120);
        if (packet.length < 4) return packet;
        packet[0] = (byte) (0x80 | random.nextInt(64));
        packet[1] = (byte) (200 + random.nextInt(5));
        return packet;
    }

    private static String invite(int port, int round) {
        return "INVITE sip:welcome@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:" + port
                + ";branch=z9hG4bKgarbage" + round + ";rport\r\nMax-Forwards: 70\r\nFrom: <sip:x@127.0.0.1>;tag=g"
                + round + "\r\nTo: <sip:welcome@127.0.0.1>\r\nCall-ID: garbage-" + round
                + "\r\nCSeq: 1 INVITE\r\nContact: <sip:x@127.0.0.1:" + port
                + ">\r\nContent-Type: application/sdp\r\nContent-Length: " + G729_ONLY.length() + "\r\n\r\n"
                + G729_ONLY;
    }

    /** In the manner of RFC 4475, and requests that mean the victim's call without being part of it. */
    private static String torture(int round, Caller victim) {
        String right = invite(5_060, round).replace("garbage", "torture");
        List<String> all = List.of(
                right.replace("CSeq: 1 ", "CSeq: 36893488147419103232 "),
                right.replace("SIP/2.0/UDP", "SIP/7.0/UDP").replace(" SIP/2.0\r\n", " SIP/7.0\r\n"),
                right.replace("SIP/2.0/UDP", "SIP/2.0/TLS"),
                right.replace("SIP/2.0/UDP", "SIP / 2.0 / UNKNOWN"),
                right.replaceFirst("Content-Length: \\d+", "Content-Length: -999"),
                right.replaceFirst("Content-Length: \\d+", "Content-Length: 99999"),
                right.replace("From: <sip:x@127.0.0.1>", "From: \"Mr. X <sip:x@127.0.0.1>"),
                right.replaceFirst("From: [^\r]*\r\n", ""),
                right.replaceFirst("Call-ID: [^\r]*\r\n", ""),
                right.replaceFirst("Contact: [^\r]*\r\n", ""),
                right.replace("Max-Forwards: 70", "Max-Forwards: 300"),
                right.replace("To: <sip:welcome@127.0.0.1>", "To: <sip:welcome@127.0.0.1>;tag=nobody"),
                right.replace("INVITE sip:", "INVITE  nobodyKnowsThisScheme:"),
                right.replace("Contact: ", "Contact: " + "<sip:a@b>,".repeat(1_500)),
                right.replace(
                        "Max-Forwards", "Record-Route: " + "<sip:h;lr>,".repeat(900) + "<sip:h;lr>\r\nMax-Forwards"),
                right.replace("Max-Forwards", "X-Long: " + "y".repeat(30_000) + "\r\nMax-Forwards"),
                right.replace("Max-Forwards", "Require: nothingSupportsThis\r\nMax-Forwards"),
                right.replace("INVITE", "NEWMETHOD"),
                right.replace("INVITE", "ACK"),
                right.replace("INVITE", "CANCEL"),
                right.replaceFirst("(?s)\r\n\r\n.*", ""),
                "SIP/2.0 200 OK\r\n" + right.substring(right.indexOf("Via")),
                "SIP/2.0 4294967301 better not break the receiver\r\n\r\n",
                right.replace("INVITE", "BYE").replaceFirst("Call-ID: [^\r]*", "Call-ID: " + victim.callId()),
                right.replace("INVITE", "CANCEL").replaceFirst("Call-ID: [^\r]*", "Call-ID: " + victim.callId()),
                right.replaceFirst("Call-ID: [^\r]*", "Call-ID: " + victim.callId()));
        return all.get(round % all.size());
    }
}

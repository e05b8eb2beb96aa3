package io.firefly.voip.media.rtp;

import io.firefly.voip.audio.G711;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The other end of a call: a socket on loopback that says and hears RTP, one packet at a time. */
final class RtpPeer implements AutoCloseable {
    static final int FRAME = 160;

    private static final int PATIENCE_MILLIS = 2_000;

    final DatagramSocket socket;
    int ssrc = 0x1234_5678;
    int sequence = 65_530;
    int timestamp = 1_000;
    int payloadType;

    /** A packet as it came in; arrival on the clock of {@link System#nanoTime}. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Heard(boolean marker, int payloadType, int sequence, int timestamp, int ssrc, byte[] payload, long nanos) {
        short[] pcm(G711 law) {
            short[] pcm = new short[payload.length];
            law.decode(payload, 0, pcm, payload.length);
            return pcm;
        }
    }

    RtpPeer() {
        try {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            socket.setSoTimeout(PATIENCE_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    String offer(String more) {
        return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio " + port()
                + " RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=rtcp-mux\r\n" + more;
    }

    /** Sends the next 20 ms; the counters move on. */
    void say(int port, byte[] payload) {
        send(port, payload, false);
        timestamp += payload.length;
    }

    void send(int port, byte[] payload, boolean marker) {
        ByteBuffer packet = ByteBuffer.allocate(12 + payload.length);
        packet.put((byte) 0x80).put((byte) ((marker ? 0x80 : 0) | payloadType)).putShort((short) sequence);
        packet.putInt(timestamp).putInt(ssrc).put(payload);
        sequence = (sequence + 1) & 0xFFFF;
        raw(port, packet.array());
    }

    void event(int port, int code, boolean end, int duration) {
        int audio = payloadType;
        payloadType = 101;
        byte[] payload = {(byte) code, (byte) (end ? 0x8A : 0x0A), (byte) (duration >> 8), (byte) duration};
        send(port, payload, false);
        payloadType = audio;
    }

    void raw(int port, byte[] bytes) {
        try {
            socket.send(new DatagramPacket(
                    bytes, bytes.length, new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next RTP packet, RTCP passed over; it must come within two seconds. */
    Heard hear() {
        Heard heard = hearOrNothing();
        if (heard == null) throw new AssertionError("no RTP came");
        return heard;
    }

    private @Nullable Heard hearOrNothing() {
        while (true) {
            ByteBuffer bytes = hearRaw();
            if (bytes == null) return null;
            int second = bytes.get(1) & 0xFF;
            if (second >= 192 && second <= 223) continue;
            byte[] payload = new byte[bytes.limit() - 12];
            bytes.get(12, payload);
            return new Heard(
                    second > 127,
                    second & 0x7F,
                    bytes.getShort(2) & 0xFFFF,
                    bytes.getInt(4),
                    bytes.getInt(8),
                    payload,
                    System.nanoTime());
        }
    }

    @Nullable
    ByteBuffer hearRaw() {
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        try {
            socket.receive(packet);
        } catch (SocketTimeoutException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
    }

    /** All RTP that has arrived already. */
    List<Heard> drain() {
        return patiently(1, () -> {
            List<Heard> all = new ArrayList<>();
            for (Heard heard = hearOrNothing(); heard != null; heard = hearOrNothing()) all.add(heard);
            return all;
        });
    }

    /** All datagrams that have arrived already. */
    Stream<ByteBuffer> drainRaw() {
        return patiently(1, () -> {
            List<ByteBuffer> all = new ArrayList<>();
            for (ByteBuffer next = hearRaw(); next != null; next = hearRaw()) all.add(next);
            return all.stream();
        });
    }

    private <T> T patiently(int millis, Supplier<T> work) {
        try {
            socket.setSoTimeout(millis);
            T result = work.get();
            socket.setSoTimeout(PATIENCE_MILLIS);
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] level(G711 law, int level) {
        byte[] payload = new byte[FRAME];
        Arrays.fill(payload, law.encode((short) level));
        return payload;
    }

    static byte[] tone(G711 law, double hertz, int firstSample) {
        byte[] payload = new byte[FRAME];
        for (int i = 0; i < FRAME; i++) {
            payload[i] = law.encode((short) (8_000 * Math.sin(2 * Math.PI * hertz * (firstSample + i) / 8_000)));
        }
        return payload;
    }

    /** Goertzel: the amplitude of one frequency. */
    static double strength(short[] pcm, double hertz) {
        double coefficient = 2 * Math.cos(2 * Math.PI * hertz / 8_000);
        double before = 0;
        double last = 0;
        for (short sample : pcm) {
            double now = sample + coefficient * last - before;
            before = last;
            last = now;
        }
        double power = last * last + before * before - coefficient * last * before;
        return 2 * Math.sqrt(Math.max(0, power)) / pcm.length;
    }

    @Override
    public void close() {
        socket.close();
    }
}

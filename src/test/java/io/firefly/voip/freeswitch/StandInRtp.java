package io.firefly.voip.freeswitch;

import io.firefly.voip.audio.G711;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The sound of one channel: relays to the bridged one, echoes, or drops what comes. Between PCMU, PCMA and L16 at 8 kHz
 * it translates. Thread: {@code stand-in-rtp} per channel.
 */
final class StandInRtp implements AutoCloseable {
    static final int FRAME = 160;
    private static final int HEADER = 12;
    private static final int TELEPHONE_EVENT = 101;

    enum Codec {
        PCMU(0),
        PCMA(8),
        L16(-1);

        final int usualPayloadType;

        Codec(int usualPayloadType) {
            this.usualPayloadType = usualPayloadType;
        }
    }

    /** Hears of keys, once per key. */
    interface Keys {
        void pressed(char digit, int durationSamples);
    }

    private final DatagramSocket socket;
    private final Keys keys;
    private final AtomicLong received = new AtomicLong();
    private final int ssrc = ThreadLocalRandom.current().nextInt();
    private volatile Codec codec = Codec.PCMU;
    private volatile int payloadType;
    private volatile @Nullable InetSocketAddress far;
    private volatile @Nullable StandInRtp bridged;
    private volatile boolean echo;
    private volatile boolean held;
    private volatile long lastKeyTimestamp = -1;
    private int sequence;
    private int timestamp;

    StandInRtp(Keys keys) throws IOException {
        this.keys = keys;
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread ear = new Thread(this::listen, "stand-in-rtp");
        ear.setDaemon(true);
        ear.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    long received() {
        return received.get();
    }

    Codec codec() {
        return codec;
    }

    void speak(Codec newCodec, int newPayloadType, InetSocketAddress to) {
        codec = newCodec;
        payloadType = newPayloadType;
        far = to;
    }

    void hold(boolean holds) {
        held = holds;
    }

    void echo(boolean echoes) {
        echo = echoes;
    }

    void bridge(@Nullable StandInRtp other) {
        bridged = other;
    }

    /** What a parked channel sends every 20 ms ({@code send_silence_when_idle=-1}). */
    void tick() {
        if (bridged == null && !echo) send(new short[FRAME]);
    }

    private void listen() {
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        while (!socket.isClosed()) {
            try {
                socket.receive(packet);
                arrived(packet);
            } catch (SocketException closed) {
                return;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private void arrived(DatagramPacket packet) {
        if (packet.getLength() <= HEADER) return;
        ByteBuffer bytes = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
        int type = bytes.get(1) & 0x7f;
        received.incrementAndGet();
        if (type == TELEPHONE_EVENT) {
            key(bytes);
            return;
        }
        if (type != payloadType) return;
        short[] pcm = decoded(bytes.position(HEADER));
        StandInRtp other = bridged;
        if (echo) send(pcm);
        else if (other != null) other.send(pcm);
    }

    private void key(ByteBuffer bytes) {
        long at = bytes.getInt(4) & 0xffffffffL;
        if (at == lastKeyTimestamp || bytes.limit() < HEADER + 4) return;
        lastKeyTimestamp = at;
        int event = bytes.get(HEADER) & 0xff;
        if (event < 16) keys.pressed("0123456789*#ABCD".charAt(event), Math.max(640, bytes.getShort(HEADER + 2)));
    }

    private short[] decoded(ByteBuffer payload) {
        Codec from = codec;
        short[] pcm = new short[from == Codec.L16 ? payload.remaining() / 2 : payload.remaining()];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = switch (from) {
                case PCMU -> G711.PCMU.decode(payload.get());
                case PCMA -> G711.PCMA.decode(payload.get());
                case L16 -> payload.getShort();
            };
        }
        return pcm;
    }

    private synchronized void send(short[] pcm) {
        InetSocketAddress to = far;
        if (to == null || held) return;
        Codec with = codec;
        ByteBuffer packet = ByteBuffer.allocate(HEADER + pcm.length * (with == Codec.L16 ? 2 : 1));
        packet.put((byte) 0x80).put((byte) (sequence == 0 ? payloadType | 0x80 : payloadType));
        packet.putShort((short) sequence++).putInt(timestamp).putInt(ssrc);
        timestamp += pcm.length;
        for (short sample : pcm) {
            switch (with) {
                case PCMU -> packet.put(G711.PCMU.encode(sample));
                case PCMA -> packet.put(G711.PCMA.encode(sample));
                case L16 -> packet.putShort(sample);
            }
        }
        try {
            socket.send(new DatagramPacket(packet.array(), packet.capacity(), to));
        } catch (IOException gone) {
            held = true; // the far end closed its port: nobody listens any more
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}

package io.firefly.voip.scenario;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.audio.G711;
import io.firefly.voip.audio.LevelMeter;
import io.firefly.voip.audio.Sound;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Mouth and ear of a caller: mu-law over RTP, a frame every 20 ms, silence when there is nothing to say. What arrives
 * is kept with its time of arrival. Threads: {@code test-mouth} and {@code test-ear}, from {@link #start} to
 * {@link #close}.
 */
final class RtpVoice implements AutoCloseable {
    static final double AUDIBLE_DBFS = -45;

    private static final int FRAME = 160;
    private static final int HEADER = 12;
    private static final int MAX_FRAMES = 50 * 180;
    private static final long FRAME_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Twenty milliseconds of what was heard. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(long nanos, short[] pcm, double dbfs) {
        boolean isAudible() {
            return dbfs > AUDIBLE_DBFS;
        }
    }

    private final DatagramSocket socket;
    private final List<Frame> heard = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile int farPort;
    private volatile AudioSource says = AudioSource.SILENCE;
    private volatile boolean dead;
    private volatile boolean closed;

    RtpVoice() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    }

    String offer() {
        return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio "
                + socket.getLocalPort() + " RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n";
    }

    int farPort() {
        return farPort;
    }

    void talkTo(int port) {
        farPort = port;
    }

    void start() {
        threads.add(new Thread(this::speak, "test-mouth"));
        threads.add(new Thread(this::listen, "test-ear"));
        threads.forEach(Thread::start);
    }

    /** Says it from the next frame on, in place of what was said before. */
    void say(AudioSource source) {
        says = source;
    }

    void say(Sound sound) {
        int[] at = {0};
        says = (pcm, length) -> {
            int part = Math.min(length, sound.pcm().length - at[0]);
            System.arraycopy(sound.pcm(), at[0], pcm, 0, part);
            at[0] += part;
            return part;
        };
    }

    void hush() {
        says = AudioSource.SILENCE;
    }

    /** Sends nothing at all, as a network that is gone; or again. */
    void dead(boolean now) {
        dead = now;
    }

    /** Sends bytes from the very port our sound comes from. */
    void raw(byte[] datagram) throws IOException {
        socket.send(new DatagramPacket(
                datagram, datagram.length, new InetSocketAddress(InetAddress.getLoopbackAddress(), farPort)));
    }

    /** What was heard since, in order of arrival. */
    List<Frame> since(long nanos) {
        synchronized (heard) {
            return heard.stream().filter(frame -> frame.nanos() >= nanos).toList();
        }
    }

    /** The sound of these frames, one after the other. */
    static Sound sound(List<Frame> frames) {
        short[] pcm = new short[frames.size() * FRAME];
        for (int i = 0; i < frames.size(); i++) System.arraycopy(frames.get(i).pcm(), 0, pcm, i * FRAME, FRAME);
        return new Sound(AudioFormat.NARROWBAND, pcm);
    }

    /** As if it had been heard. */
    static List<Frame> frames(Sound sound) {
        List<Frame> frames = new ArrayList<>();
        for (int at = 0; at + FRAME <= sound.pcm().length; at += FRAME) {
            short[] pcm = Arrays.copyOfRange(sound.pcm(), at, at + FRAME);
            frames.add(new Frame(at, pcm, LevelMeter.measure(pcm, 0, FRAME)));
        }
        return frames;
    }

    /** How much of it can be heard, in milliseconds. */
    static long audibleMillis(List<Frame> frames) {
        return 20 * frames.stream().filter(Frame::isAudible).count();
    }

    /** When something audible came last; Long.MIN_VALUE when nothing did. */
    long lastAudibleNanos() {
        synchronized (heard) {
            for (int i = heard.size() - 1; i >= 0; i--)
                if (heard.get(i).isAudible()) return heard.get(i).nanos();
            return Long.MIN_VALUE;
        }
    }

    private void speak() {
        short[] pcm = new short[FRAME];
        byte[] packet = new byte[HEADER + FRAME];
        int sequence = 1;
        long due = System.nanoTime();
        while (!closed) {
            int spoken = says.read(pcm, FRAME);
            Arrays.fill(pcm, spoken, FRAME, (short) 0);
            ByteBuffer.wrap(packet).putShort((short) 0x8000).putShort((short) sequence);
            ByteBuffer.wrap(packet).putInt(4, sequence * FRAME).putInt(8, 0x0BAD_CAFE);
            for (int i = 0; i < FRAME; i++) packet[HEADER + i] = G711.PCMU.encode(pcm[i]);
            try {
                if (!dead) raw(packet);
            } catch (IOException lost) {
                if (closed) return;
            }
            sequence++;
            due += FRAME_NANOS;
            while (!closed && System.nanoTime() < due) LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private void listen() {
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        while (!closed) {
            try {
                socket.receive(packet);
            } catch (IOException over) {
                return;
            }
            boolean isMuLaw = (packet.getData()[1] & 0x7F) == 0; // whatever the marker bit says
            if (packet.getLength() == HEADER + FRAME && isMuLaw) keep(packet);
        }
    }

    private void keep(DatagramPacket packet) {
        long now = System.nanoTime();
        short[] pcm = new short[FRAME];
        G711.PCMU.decode(packet.getData(), HEADER, pcm, FRAME);
        synchronized (heard) {
            if (heard.size() < MAX_FRAMES) heard.add(new Frame(now, pcm, LevelMeter.measure(pcm, 0, FRAME)));
        }
    }

    @Override
    public void close() {
        closed = true;
        socket.close();
        for (Thread thread : threads) {
            try {
                thread.join(1_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}

package io.firefly.voip.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The sound of many callers: every line sends a stamped frame of A-law each 20 ms by absolute deadlines and listens to
 * what comes back. One thread sends for all, the lines spread over the 20 ms; one receives for all.
 */
final class RtpLoad implements AutoCloseable {
    static final int FRAME_MILLIS = 20;

    private static final long SLOT_NANOS = 1_000_000;
    private static final long SOUND_GAP_NANOS = 60_000_000;
    private static final int HEADER = 12;
    private static final byte PCMA = 8;
    private static final byte SILENCE = (byte) 0xD5;

    /** When a caller speaks; all other frames are silence. */
    interface Voice {
        Voice ALWAYS = (line, frame) -> true;

        boolean speaks(int line, long frame);
    }

    private final Voice voice;
    private final Selector selector;
    private final List<Line> lines = new ArrayList<>();
    private final Thread sender = new Thread(this::send, "bench-rtp-send");
    private final Thread receiver = new Thread(this::receive, "bench-rtp-receive");
    private final Samples lateness = new Samples();
    private volatile boolean measuring;
    private volatile boolean closed;

    RtpLoad(int calls, Voice voice) throws IOException {
        this.voice = voice;
        this.selector = Selector.open();
        for (int i = 0; i < calls; i++) lines.add(new Line(i));
        sender.start();
        receiver.start();
    }

    List<Line> lines() {
        return lines;
    }

    /** From now on, or from now on no more, what is heard counts. */
    void measure(boolean on) {
        measuring = on;
    }

    /** What all lines heard; call it after {@link #close}. */
    Heard heard() {
        Heard all = new Heard();
        for (Line line : lines) all.add(line.heard);
        all.lateness.addAll(lateness);
        return all;
    }

    /** One caller's sound. */
    final class Line {
        private final int index;
        private final DatagramChannel channel;
        private final ByteBuffer out = ByteBuffer.allocate(HEADER + Stamp.FRAME);
        private final Heard heard = new Heard();
        private volatile boolean talking;
        private long frame;

        private Line(int index) throws IOException {
            this.index = index;
            this.channel = DatagramChannel.open()
                    .setOption(StandardSocketOptions.SO_RCVBUF, 1 << 18)
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        int port() {
            return channel.socket().getLocalPort();
        }

        /** Sound flows from the next slot on. */
        void talkTo(int farPort) throws IOException {
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), farPort));
            talking = true;
        }

        void hush() {
            talking = false;
        }

        private void sendFrame() {
            byte[] packet = out.array();
            out.clear();
            out.put((byte) 0x80).put(frame == 0 ? (byte) (PCMA | 0x80) : PCMA);
            out.putShort((short) frame).putInt((int) (frame * Stamp.FRAME)).putInt(0x0BE00000 + index);
            long now = System.nanoTime();
            boolean speaks = voice.speaks(index, frame);
            if (speaks) Stamp.write(packet, HEADER, now);
            else Arrays.fill(packet, HEADER, packet.length, SILENCE);
            heard.told(speaks, now, measuring);
            out.position(packet.length).flip();
            frame++;
            if (measuring) heard.sent++;
            try {
                channel.write(out);
            } catch (PortUnreachableException gone) {
                heard.unreachable++;
            } catch (IOException e) {
                throw new UncheckedIOException("line " + index + " cannot send", e);
            }
        }
    }

    private void send() {
        long begin = System.nanoTime();
        for (long slot = 1; !closed; slot++) {
            long due = begin + slot * SLOT_NANOS;
            while (System.nanoTime() < due) LockSupport.parkNanos(due - System.nanoTime());
            if (measuring) lateness.add(System.nanoTime() - due);
            for (int i = (int) (slot % FRAME_MILLIS); i < lines.size(); i += FRAME_MILLIS) {
                Line line = lines.get(i);
                if (line.talking) line.sendFrame();
            }
        }
    }

    private void receive() {
        ByteBuffer in = ByteBuffer.allocate(2_048);
        while (!closed) {
            try {
                selector.select(key -> drain((Line) key.attachment(), in), 100);
            } catch (IOException e) {
                throw new UncheckedIOException("the bench cannot receive RTP", e);
            }
        }
    }

    private void drain(Line line, ByteBuffer in) {
        try {
            in.clear();
            if (!line.talking) {
                while (line.channel.receive(in) != null) in.clear();
                return;
            }
            while (line.channel.read(in) > 0) {
                long now = System.nanoTime();
                if (in.position() > HEADER) line.heard.take(in, now, measuring);
                in.clear();
            }
        } catch (PortUnreachableException gone) {
            line.heard.unreachable++;
        } catch (IOException e) {
            throw new UncheckedIOException("line " + line.index + " cannot receive", e);
        }
    }

    /** What came over one line, or over all of them. Times in nanoseconds. */
    static final class Heard {
        /** From the stamp in a frame to its arrival, of every frame with a stamp not heard before on this line. */
        final Samples delay = new Samples();
        /** Between two packets of one line. */
        final Samples gap = new Samples();
        /** RFC 3550 6.4.1, one value per line. */
        final Samples jitter = new Samples();
        /** From the first frame of a caller who talks over sound to the last frame of that sound. */
        final Samples hush = new Samples();
        /** How late the bench itself sent. */
        final Samples lateness = new Samples();

        long sent;
        long received;
        long expected;
        long withoutStamp;
        long unreachable;

        private long lastStamp = Stamp.NONE;
        private long lastNanos;
        private int firstSequence;
        private int highest;
        private int lastTimestamp;
        private double jitterNanos;
        private boolean talks;
        private boolean talksOver;
        private long talksSince;
        private volatile long lastSound;

        /** What the caller does in this frame; on the sender's thread. */
        private void told(boolean speaks, long now, boolean measured) {
            if (speaks == talks) return;
            talks = speaks;
            long sound = lastSound;
            if (speaks) {
                talksSince = now;
                talksOver = sound != 0 && now - sound < SOUND_GAP_NANOS;
            } else if (talksOver && measured) {
                hush.add(Math.max(0, sound - talksSince));
            }
        }

        private void take(ByteBuffer packet, long now, boolean measured) {
            long stamp = Stamp.read(packet.array(), packet.arrayOffset() + HEADER, packet.position() - HEADER);
            if (stamp != Stamp.NONE) lastSound = now;
            if (!measured) {
                if (stamp != Stamp.NONE) lastStamp = stamp;
                return;
            }
            int sequence = packet.getShort(2) & 0xFFFF;
            int timestamp = packet.getInt(4);
            if (received == 0) {
                firstSequence = sequence;
                highest = sequence;
            } else {
                gap.add(now - lastNanos);
                long elapsed = (timestamp - lastTimestamp) * 125_000L;
                jitterNanos += (Math.abs(now - lastNanos - elapsed) - jitterNanos) / 16;
            }
            received++;
            short ahead = (short) (sequence - highest);
            if (ahead > 0) highest += ahead;
            expected = highest - firstSequence + 1L;
            lastNanos = now;
            lastTimestamp = timestamp;
            stamp(stamp, now);
        }

        private void stamp(long stamp, long now) {
            if (stamp == Stamp.NONE) {
                withoutStamp++;
            } else if (stamp != lastStamp) {
                lastStamp = stamp;
                delay.add(Stamp.age(stamp, now));
            }
        }

        void add(Heard other) {
            delay.addAll(other.delay);
            gap.addAll(other.gap);
            jitter.addAll(other.jitter);
            hush.addAll(other.hush);
            lateness.addAll(other.lateness);
            if (other.received > 0 && other.jitter.isEmpty()) jitter.add((long) other.jitterNanos);
            sent += other.sent;
            received += other.received;
            expected += other.expected;
            withoutStamp += other.withoutStamp;
            unreachable += other.unreachable;
        }

        /** Frames that were said and did not come back, and a few that are still on their way. */
        long missing() {
            return sent - delay.count();
        }

        /** Packets that the numbers of the others say were sent and did not come. */
        long lost() {
            return expected - received;
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            sender.join();
            receiver.join();
            for (Line line : lines) line.channel.close();
            selector.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException("the sockets of the bench cannot be closed", e);
        }
    }
}

package io.firefly.voip.phone;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.G711;
import io.firefly.voip.audio.Sound;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What arrived by RTP, put in place by its timestamps, and how well it arrived (RFC 3550). Written by the receiving
 * thread, read when that has ended.
 */
final class HeardSound {
    private static final int HEADER_BYTES = 12;
    private static final int SAMPLES_PER_MILLI = 8;
    /** A timestamp further off than this belongs to another stream: it goes where it arrived. */
    private static final int MAX_JUMP_SAMPLES = 5_000 * SAMPLES_PER_MILLI;

    private static final int MAX_SAMPLES = 3_700 * 1_000 * SAMPLES_PER_MILLI;
    private static final String EVENTS = "0123456789*#ABCD";

    private short[] pcm = new short[60 * 8_000];
    private int length;
    private final NavigableMap<Integer, Long> arrivals = new TreeMap<>();
    private final StringBuilder digits = new StringBuilder();
    private int lastEventStamp;

    private long packets;
    private long duplicates;
    private long firstNanos;
    private long lastNanos;
    private long maxGapNanos;
    private double jitterSamples;

    private boolean streaming;
    private int ssrc;
    private int stampOfStart;
    private long lastTransit;
    private int firstSequence;
    private int highestSequence;
    private final BitSet seen = new BitSet();
    private long lostBefore;

    /** Takes one datagram; what is not RTP with a payload we know is ignored. */
    void take(byte[] datagram, int size, long nowNanos) {
        if (size < HEADER_BYTES || (datagram[0] & 0xC0) != 0x80) return;
        ByteBuffer packet = ByteBuffer.wrap(datagram, 0, size);
        int type = packet.get(1) & 0x7F;
        int start = HEADER_BYTES + 4 * (datagram[0] & 0x0F);
        if ((datagram[0] & 0x10) != 0 && start + 4 <= size) start += 4 + 4 * (packet.getShort(start + 2) & 0xFFFF);
        int end = (datagram[0] & 0x20) != 0 ? size - (datagram[size - 1] & 0xFF) : size;
        if (start >= end) return;
        count(packet, nowNanos);
        G711 law = PhoneSdp.lawOf(type);
        if (law != null) {
            keep(law, packet, start, end, nowNanos);
        } else if (type >= 96 && end - start == 4) {
            event(packet, start);
        }
    }

    private void count(ByteBuffer packet, long nowNanos) {
        int sequence = packet.getShort(2) & 0xFFFF;
        int source = packet.getInt(8);
        if (packets == 0) {
            firstNanos = nowNanos;
        } else {
            maxGapNanos = Math.max(maxGapNanos, nowNanos - lastNanos);
        }
        packets++;
        lastNanos = nowNanos;
        if (!streaming || source != ssrc) begin(packet, sequence, source, nowNanos);
        int extended = highestSequence + (short) (sequence - highestSequence);
        highestSequence = Math.max(highestSequence, extended);
        int index = extended - firstSequence;
        if (index < 0) return;
        if (seen.get(index)) duplicates++;
        seen.set(index);
    }

    private void begin(ByteBuffer packet, int sequence, int source, long nowNanos) {
        if (streaming) lostBefore += lostInStream();
        streaming = true;
        ssrc = source;
        firstSequence = sequence;
        highestSequence = sequence;
        seen.clear();
        anchor(packet.getInt(4), nowNanos);
        lastTransit = 0;
    }

    /** From here on the timestamp counts from the place that belongs to this moment. */
    private void anchor(int stamp, long nowNanos) {
        stampOfStart = stamp - (int) ((nowNanos - firstNanos) / 1_000_000 * SAMPLES_PER_MILLI);
    }

    private void keep(G711 law, ByteBuffer packet, int start, int end, long nowNanos) {
        int stamp = packet.getInt(4);
        int at = stamp - stampOfStart;
        if (at < 0 || at > length + MAX_JUMP_SAMPLES) {
            anchor(stamp, nowNanos);
            at = stamp - stampOfStart;
            lastTransit = 0;
        }
        int samples = end - start;
        if (at + samples > MAX_SAMPLES) return;
        if (at + samples > pcm.length) pcm = Arrays.copyOf(pcm, Math.max(at + samples, 2 * pcm.length));
        for (int i = 0; i < samples; i++) pcm[at + i] = law.decode(packet.get(start + i));
        length = Math.max(length, at + samples);
        arrivals.putIfAbsent(at, nowNanos);
        measureJitter(stamp, nowNanos);
    }

    /** RFC 3550 6.4.1. */
    private void measureJitter(int stamp, long nowNanos) {
        long transit = nowNanos * SAMPLES_PER_MILLI / 1_000_000 - (stamp & 0xFFFF_FFFFL);
        if (lastTransit != 0) {
            double difference = Math.abs(transit - lastTransit);
            if (difference < MAX_JUMP_SAMPLES) jitterSamples += (difference - jitterSamples) / 16;
        }
        lastTransit = transit;
    }

    /** RFC 4733: all packets of one press have the same timestamp. */
    private void event(ByteBuffer packet, int start) {
        int code = packet.get(start) & 0xFF;
        int stamp = packet.getInt(4);
        if (code >= EVENTS.length() || (!digits.isEmpty() && stamp == lastEventStamp) || digits.length() > 1_000)
            return;
        lastEventStamp = stamp;
        digits.append(EVENTS.charAt(code));
    }

    Sound sound() {
        return new Sound(AudioFormat.NARROWBAND, Arrays.copyOf(pcm, length));
    }

    /** When the sample at that place of {@link #sound} arrived, in {@link System#nanoTime} nanoseconds. */
    @Nullable
    Long arrivalNanos(double millis) {
        var packet = arrivals.floorEntry((int) Math.floor(millis * SAMPLES_PER_MILLI + 0.5));
        if (packet == null) return null;
        return packet.getValue() + (long) ((millis * SAMPLES_PER_MILLI - packet.getKey()) / SAMPLES_PER_MILLI * 1e6);
    }

    String digits() {
        return digits.toString();
    }

    long packets() {
        return packets;
    }

    long duplicates() {
        return duplicates;
    }

    long lost() {
        return lostBefore + lostInStream();
    }

    private long lostInStream() {
        return streaming ? highestSequence - firstSequence + 1 - seen.cardinality() : 0;
    }

    double jitterMillis() {
        return jitterSamples / SAMPLES_PER_MILLI;
    }

    double maxGapMillis() {
        return maxGapNanos / 1e6;
    }

    long firstNanos() {
        return firstNanos;
    }
}

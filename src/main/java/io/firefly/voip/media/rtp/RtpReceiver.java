package io.firefly.voip.media.rtp;

import io.firefly.voip.audio.G711;
import io.firefly.voip.media.rtp.RtcpReports.Reception;
import io.firefly.voip.media.rtp.RtpLeg.Count;
import io.firefly.voip.media.rtp.RtpLeg.Counters;
import io.firefly.voip.media.rtp.arrival.ArrivalSound;
import io.firefly.voip.media.sdp.AudioAgreement;
import io.firefly.voip.media.sdp.Direction;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/**
 * Everything between the socket and who listens, at once or evenly: who sent it, what it is, in which order. Media
 * thread only.
 */
final class RtpReceiver {
    /** So that a flood on one port cannot take the time of the other calls: so many of the caller's at a time. */
    private static final int MAX_HEARD_AT_ONCE = 32;
    /** Of anybody: strangers are read and counted beside the caller, or its own packets would drown among theirs. */
    private static final int MAX_READ_AT_ONCE = 256;

    private static final int COMFORT_NOISE = 13;

    private final SourceLatch latch;
    private final RtcpReports rtcp;
    private final JitterBuffer jitterBuffer;
    private final ArrivalSound arrivalSound;
    private final Counters counters;
    private final Keypad keypad;
    private final Reception reception = new Reception();
    private final TelephoneEvent.Receiver press = new TelephoneEvent.Receiver();
    private G711 codec = G711.PCMA;
    private int codecPayloadType;
    private int eventPayloadType = AudioAgreement.NO_EVENTS;
    private boolean listening;
    private long lastHeardNanos;

    /** Is told of every key once. */
    @FunctionalInterface
    interface Keypad {
        void pressed(char digit, int millis);
    }

    /** Where the caller's sound goes: evenly, and as it comes. */
    record Ways(JitterBuffer jitterBuffer, ArrivalSound arrivalSound) {}

    RtpReceiver(SourceLatch latch, RtcpReports rtcp, Ways ways, Counters counters, Keypad keypad) {
        this.latch = latch;
        this.rtcp = rtcp;
        jitterBuffer = ways.jitterBuffer;
        arrivalSound = ways.arrivalSound;
        this.counters = counters;
        this.keypad = keypad;
    }

    void agree(AudioAgreement audio, long nowNanos) {
        codec = audio.codec();
        codecPayloadType = audio.payloadType();
        eventPayloadType = audio.eventPayloadType();
        listening = audio.direction() == Direction.SENDRECV || audio.direction() == Direction.RECVONLY;
        lastHeardNanos = nowNanos;
    }

    /** Throws away what has come before anybody could listen. */
    void discard(DatagramChannel channel, RtpPacket in) {
        for (int i = 0; i < MAX_READ_AT_ONCE && receive(channel, in.bytes) != null; i++) counters.add(Count.UNHEARD);
    }

    void drain(DatagramChannel channel, RtpPacket in, long nowNanos) {
        int heard = 0;
        for (int i = 0; i < MAX_READ_AT_ONCE && heard < MAX_HEARD_AT_ONCE; i++) {
            InetSocketAddress from = receive(channel, in.bytes);
            if (from == null) return;
            if (take(in, from, nowNanos)) heard++;
        }
    }

    /** One datagram, flipped, or null when there is none. */
    private @Nullable InetSocketAddress receive(DatagramChannel channel, ByteBuffer into) {
        try {
            into.clear();
            InetSocketAddress from = (InetSocketAddress) channel.receive(into);
            into.flip();
            return from;
        } catch (IOException e) {
            counters.add(Count.SOCKET_ERRORS);
            return null;
        }
    }

    /** True when it was the caller's. */
    private boolean take(RtpPacket packet, InetSocketAddress from, long nowNanos) {
        if (packet.isRtcp()) return takeRtcp(packet.bytes, from);
        if (!packet.parse()) {
            counters.add(Count.MALFORMED);
            return false;
        }
        G711 law = lawOf(packet.payloadType);
        SourceLatch.Verdict verdict = latch.judge(from, packet, law != null, nowNanos);
        switch (verdict) {
            case STRANGER -> counters.add(Count.STRANGERS);
            case ON_PROBATION -> counters.add(Count.ON_PROBATION);
            case CALLER -> takeFromCaller(packet, law, nowNanos);
        }
        return verdict == SourceLatch.Verdict.CALLER;
    }

    private void takeFromCaller(RtpPacket packet, @Nullable G711 law, long nowNanos) {
        counters.add(Count.RECEIVED);
        lastHeardNanos = nowNanos;
        switch (reception.accept(packet)) {
            case DOUBTFUL -> {
                counters.add(Count.DOUBTFUL);
                return;
            }
            case RESTART -> {
                jitterBuffer.reset();
                arrivalSound.reset();
            }
            case NEXT -> {}
        }
        counters.set(Count.LOST, Math.max(0, reception.lost()));
        long sequence = reception.unwrapped(packet);
        if (law != null) takeAudio(packet, law, sequence, nowNanos);
        else if (packet.payloadType == eventPayloadType) takeEvent(packet, sequence, nowNanos);
        else {
            noteSilent(sequence, nowNanos);
            if (packet.payloadType != COMFORT_NOISE) counters.add(Count.UNKNOWN_PAYLOAD);
        }
    }

    private void takeAudio(RtpPacket packet, G711 law, long sequence, long nowNanos) {
        reception.measure(packet, nowNanos);
        counters.set(Count.JITTER, reception.jitter());
        if (listening) jitterBuffer.put(sequence, packet, law, nowNanos);
        boolean heard = listening && packet.payloadLength <= ArrivalSound.MAX_PACKET;
        int length = heard ? packet.decode(law) : 0;
        arrivalSound.put(sequence, packet.timestamp, packet.pcm, length, nowNanos);
    }

    private void noteSilent(long sequence, long nowNanos) {
        jitterBuffer.note(sequence);
        arrivalSound.note(sequence, nowNanos);
    }

    private void takeEvent(RtpPacket packet, long sequence, long nowNanos) {
        noteSilent(sequence, nowNanos);
        boolean before = press.isActive();
        boolean over = press.receive(packet, nowNanos);
        if (over) keypad.pressed(press.endedDigit(), press.endedMillis());
        if (press.isActive() && (!before || over)) mute(packet.timestamp);
        else if (over) unmute(press.endTimestamp());
    }

    private void mute(int timestamp) {
        jitterBuffer.mute(timestamp);
        arrivalSound.mute(timestamp);
    }

    private void unmute(int timestamp) {
        jitterBuffer.unmute(timestamp);
        arrivalSound.unmute(timestamp);
    }

    /** A press whose end was lost ends here. */
    void tick(long nowNanos) {
        if (!press.tick(nowNanos)) return;
        keypad.pressed(press.endedDigit(), press.endedMillis());
        unmute(press.endTimestamp());
    }

    void drainRtcp(DatagramChannel channel, RtpPacket in) {
        for (int i = 0; i < MAX_HEARD_AT_ONCE; i++) {
            InetSocketAddress from = receive(channel, in.bytes);
            if (from == null) return;
            takeRtcp(in.bytes, from);
        }
    }

    private boolean takeRtcp(ByteBuffer bytes, InetSocketAddress from) {
        if (!latch.isCallersRtcp(from)) {
            counters.add(Count.STRANGERS);
            return false;
        }
        if (!rtcp.read(bytes, System.currentTimeMillis())) counters.add(Count.MALFORMED);
        return true;
    }

    /** We decode either law under its static number even when the other one was agreed on: some switch without asking. */
    private @Nullable G711 lawOf(int payloadType) {
        if (payloadType == codecPayloadType) return codec;
        return switch (payloadType) {
            case 0 -> G711.PCMU;
            case 8 -> G711.PCMA;
            default -> null;
        };
    }

    Reception reception() {
        return reception;
    }

    /** When the caller was last heard, or when we began to expect to hear it. */
    long lastHeardNanos() {
        return lastHeardNanos;
    }
}

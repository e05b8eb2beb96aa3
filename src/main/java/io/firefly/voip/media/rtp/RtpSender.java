package io.firefly.voip.media.rtp;

import io.firefly.voip.audio.G711;
import io.firefly.voip.media.rtp.RtpLeg.Count;
import io.firefly.voip.media.rtp.RtpLeg.Counters;
import io.firefly.voip.media.sdp.AudioAgreement;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Our stream: one packet every 20 ms, or two of 10 ms for who takes no longer ones; timestamps from the count of
 * samples (RFC 3550 5.1). Media thread only.
 */
final class RtpSender implements RtcpReports.Sent {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int FRAME = JitterBuffer.FRAME;
    private static final int SAMPLES_PER_MILLI = 8;
    /** After a failed send nothing is tried for a second: each failure is an exception, that is garbage. */
    private static final int ERROR_PAUSE_FRAMES = 50;

    private final Counters counters;
    private final byte[] encoded = new byte[FRAME];
    private final TelephoneEvent.Sender keys = new TelephoneEvent.Sender();
    private final int ssrc = RANDOM.nextInt();
    private int sequence = RANDOM.nextInt() & 0xFFFF;
    private int timestamp = RANDOM.nextInt();
    // RFC 3551 4.1: set on the first packet after a time in which nothing was sent.
    private boolean marker = true;
    private G711 codec = G711.PCMA;
    private int payloadType;
    private int eventPayloadType = AudioAgreement.NO_EVENTS;
    private int packetSamples = FRAME;
    private boolean allowed;
    private int packets;
    private int octets;
    private int pause;

    RtpSender(Counters counters) {
        this.counters = counters;
    }

    void agree(AudioAgreement audio) {
        codec = audio.codec();
        payloadType = audio.payloadType();
        eventPayloadType = audio.eventPayloadType();
        packetSamples = Math.min(FRAME, audio.sendMillis() * SAMPLES_PER_MILLI);
        allowed = audio.direction().sends();
    }

    /** Queues a key (RFC 4733 code); what has no room, or no negotiated event, is counted. */
    void press(int code) {
        if (eventPayloadType == AudioAgreement.NO_EVENTS || !keys.queue(code)) counters.add(Count.KEYS_DROPPED);
    }

    /** Sends the frame, or the key that is being pressed, or nothing while we are on hold. */
    void send(short[] pcm, RtpPacket out, DatagramChannel channel, @Nullable InetSocketAddress target) {
        if (!allowed || target == null || pause > 0) {
            if (pause > 0) pause--;
            marker = true;
        } else {
            if (keys.takesFrame(timestamp)) {
                writeKey(out);
                transmit(out.bytes, channel, target);
            } else {
                sendAudio(pcm, out, channel, target);
            }
            keys.advance();
        }
        timestamp += FRAME;
    }

    private void sendAudio(short[] pcm, RtpPacket out, DatagramChannel channel, InetSocketAddress target) {
        codec.encode(pcm, encoded, 0, FRAME);
        for (int from = 0; from < FRAME && pause == 0; from += packetSamples) {
            writeAudio(from, out);
            transmit(out.bytes, channel, target);
        }
    }

    private void writeKey(RtpPacket out) {
        out.ssrc = ssrc;
        out.sequence = sequence;
        out.payloadType = eventPayloadType;
        keys.write(out);
        marker = false;
    }

    private void writeAudio(int from, RtpPacket out) {
        out.ssrc = ssrc;
        out.sequence = sequence;
        out.payloadType = payloadType;
        out.marker = marker;
        out.timestamp = timestamp + from;
        out.writeHeader();
        out.bytes.put(encoded, from, packetSamples);
        marker = false;
    }

    private void transmit(ByteBuffer bytes, DatagramChannel channel, InetSocketAddress target) {
        bytes.flip();
        int length = bytes.remaining();
        sequence = (sequence + 1) & 0xFFFF;
        try {
            if (channel.send(bytes, target) == length) {
                packets++;
                octets += length - RtpPacket.HEADER_BYTES;
                counters.add(Count.SENT);
            } else {
                counters.add(Count.UNSENT);
            }
        } catch (IOException e) {
            counters.add(Count.SOCKET_ERRORS);
            pause = ERROR_PAUSE_FRAMES;
        }
    }

    /** Our clock stood still: the timestamp jumps, nothing old is sent (RFC 3550 5.1: it follows the wall clock). */
    void skip(int frames) {
        timestamp += frames * FRAME;
        marker = true;
    }

    int ssrc() {
        return ssrc;
    }

    @Override
    public int packets() {
        return packets;
    }

    @Override
    public int octets() {
        return octets;
    }

    @Override
    public int timestamp() {
        return timestamp;
    }
}

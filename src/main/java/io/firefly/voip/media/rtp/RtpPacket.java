package io.firefly.voip.media.rtp;

import io.firefly.voip.audio.G711;
import java.nio.ByteBuffer;

/**
 * A buffer for one datagram and the fields of its RTP header (RFC 3550 5.1). Used again for every packet: one to read
 * into and one to write from for each media loop.
 */
final class RtpPacket {
    static final int HEADER_BYTES = 12;
    /** Larger datagrams are cut by the receive and then fail to parse; no G.711 packet of ours comes near. */
    static final int MAX_BYTES = 2_048;

    private static final int VERSION = 2;

    final ByteBuffer bytes = ByteBuffer.allocateDirect(MAX_BYTES);
    /** What {@link #decode} made of the payload. */
    final short[] pcm = new short[MAX_BYTES];

    boolean marker;
    int payloadType;
    int sequence;
    int timestamp;
    int ssrc;
    int payloadOffset;
    int payloadLength;

    /** RFC 5761 4: the second byte tells RTCP from RTP on one port. */
    boolean isRtcp() {
        if (bytes.limit() < 8) return false;
        int type = bytes.get(1) & 0xFF;
        return type >= 192 && type <= 223;
    }

    /** Reads the header of the flipped buffer; false when this is no RTP. */
    boolean parse() {
        int length = bytes.limit();
        if (length < HEADER_BYTES || length == MAX_BYTES) return false;
        int first = bytes.get(0) & 0xFF;
        if (first >> 6 != VERSION) return false;
        marker = (bytes.get(1) & 0x80) != 0;
        payloadType = bytes.get(1) & 0x7F;
        sequence = bytes.getShort(2) & 0xFFFF;
        timestamp = bytes.getInt(4);
        ssrc = bytes.getInt(8);
        payloadOffset = HEADER_BYTES + (first & 0x0F) * 4;
        if ((first & 0x10) != 0 && !skipExtension(length)) return false;
        int padding = (first & 0x20) != 0 ? bytes.get(length - 1) & 0xFF : 0;
        if ((first & 0x20) != 0 && padding == 0) return false;
        payloadLength = length - payloadOffset - padding;
        return payloadLength >= 0;
    }

    private boolean skipExtension(int length) {
        if (payloadOffset + 4 > length) return false;
        payloadOffset += 4 + (bytes.getShort(payloadOffset + 2) & 0xFFFF) * 4;
        return payloadOffset <= length;
    }

    /** Puts the payload into {@link #pcm}; its length in samples. */
    int decode(G711 law) {
        for (int i = 0; i < payloadLength; i++) pcm[i] = law.decode(bytes.get(payloadOffset + i));
        return payloadLength;
    }

    /** Writes the header from the fields; the payload is put behind it. */
    void writeHeader() {
        bytes.clear();
        bytes.put((byte) (VERSION << 6));
        bytes.put((byte) ((marker ? 0x80 : 0) | payloadType));
        bytes.putShort((short) sequence);
        bytes.putInt(timestamp);
        bytes.putInt(ssrc);
    }
}

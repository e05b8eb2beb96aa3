package io.firefly.voip.media.rtp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * RTCP of one call (RFC 3550 6): what we report, and what the other side reports about us. Media thread only; the wall
 * clock is given in milliseconds since 1970.
 */
final class RtcpReports {
    static final int MAX_BYTES = 256;

    private static final int SENDER_REPORT = 200;
    private static final int RECEIVER_REPORT = 201;
    private static final int SOURCE_DESCRIPTION = 202;
    private static final int BYE = 203;
    private static final int BLOCK_BYTES = 24;
    private static final long NTP_EPOCH_SECONDS = 2_208_988_800L;

    private final int ssrc;
    private final byte[] cname;
    private int reportedPackets;
    private int lastReportNtp;
    private long lastReportMillis;
    private int reportsReceived;
    private int roundTripMillis = -1;
    private int fractionLost;

    RtcpReports(int ssrc, String cname) {
        this.ssrc = ssrc;
        this.cname = cname.getBytes(StandardCharsets.US_ASCII);
    }

    /** What the report says about our own stream. */
    interface Sent {
        int packets();

        int octets();

        int timestamp();
    }

    /** A compound packet: report, CNAME and, at the end of a call, BYE; flipped. */
    void write(ByteBuffer out, Sent sent, Reception reception, long wallMillis, boolean bye) {
        out.clear();
        boolean asSender = sent.packets() != reportedPackets;
        reportedPackets = sent.packets();
        int blocks = reception.isHeard() ? 1 : 0;
        int start = out.position();
        out.put((byte) (0x80 | blocks));
        out.put((byte) (asSender ? SENDER_REPORT : RECEIVER_REPORT)).putShort((short) 0);
        out.putInt(ssrc);
        if (asSender) {
            out.putLong(ntp(wallMillis));
            out.putInt(sent.timestamp()).putInt(sent.packets()).putInt(sent.octets());
        }
        if (blocks > 0) writeBlock(out, reception, wallMillis);
        finish(out, start);
        writeCname(out);
        if (bye) out.put((byte) 0x81).put((byte) BYE).putShort((short) 1).putInt(ssrc);
        out.flip();
    }

    private void writeBlock(ByteBuffer out, Reception reception, long wallMillis) {
        out.putInt(reception.ssrc());
        out.putInt((reception.fractionLostSinceLast() << 24) | (int) clampedLost(reception.lost()));
        out.putInt(reception.highestSequence());
        out.putInt(reception.jitter());
        out.putInt(lastReportNtp);
        out.putInt(lastReportNtp == 0 ? 0 : (int) ((wallMillis - lastReportMillis) * 65_536 / 1_000));
    }

    /** 24 bits with a sign (RFC 3550 6.4.1). */
    private static long clampedLost(long lost) {
        return Math.max(-0x80_0000, Math.min(0x7F_FFFF, lost)) & 0xFF_FFFF;
    }

    private void writeCname(ByteBuffer out) {
        int start = out.position();
        out.put((byte) 0x81).put((byte) SOURCE_DESCRIPTION).putShort((short) 0).putInt(ssrc);
        out.put((byte) 1).put((byte) cname.length).put(cname).put((byte) 0);
        while ((out.position() - start) % 4 != 0) out.put((byte) 0);
        finish(out, start);
    }

    private static void finish(ByteBuffer out, int start) {
        out.putShort(start + 2, (short) ((out.position() - start) / 4 - 1));
    }

    /** Reads a compound packet; false when it is malformed. Nothing of it is believed before the first fault. */
    boolean read(ByteBuffer in, long wallMillis) {
        int offset = 0;
        if (in.limit() < 8 || !isReport(in.get(1) & 0xFF)) return false;
        while (offset + 4 <= in.limit()) {
            int length = ((in.getShort(offset + 2) & 0xFFFF) + 1) * 4;
            if ((in.get(offset) & 0xC0) != 0x80 || offset + length > in.limit()) return false;
            readPart(in, offset, length, wallMillis);
            offset += length;
        }
        return offset == in.limit();
    }

    private void readPart(ByteBuffer in, int offset, int length, long wallMillis) {
        int type = in.get(offset + 1) & 0xFF;
        if (!isReport(type)) return;
        reportsReceived++;
        int blocks = offset + 8;
        if (type == SENDER_REPORT) {
            if (length < 28) return;
            lastReportNtp = (int) (in.getLong(offset + 8) >> 16);
            lastReportMillis = wallMillis;
            blocks = offset + 28;
        }
        int count = in.get(offset) & 0x1F;
        for (int i = 0; i < count && blocks + BLOCK_BYTES <= offset + length; i++, blocks += BLOCK_BYTES) {
            if (in.getInt(blocks) == ssrc) readBlock(in, blocks, wallMillis);
        }
    }

    private void readBlock(ByteBuffer in, int block, long wallMillis) {
        fractionLost = in.get(block + 4) & 0xFF;
        int lastReport = in.getInt(block + 16);
        if (lastReport == 0) return;
        int now = (int) (ntp(wallMillis) >> 16);
        int roundTrip = now - lastReport - in.getInt(block + 20);
        if (roundTrip >= 0) roundTripMillis = (int) (roundTrip * 1_000L / 65_536);
    }

    private static boolean isReport(int type) {
        return type == SENDER_REPORT || type == RECEIVER_REPORT;
    }

    /** RFC 3550 4: seconds since 1900 and their fraction. */
    private static long ntp(long wallMillis) {
        long seconds = Math.floorDiv(wallMillis, 1_000L) + NTP_EPOCH_SECONDS;
        return (seconds << 32) | ((Math.floorMod(wallMillis, 1_000L) << 32) / 1_000);
    }

    int reportsReceived() {
        return reportsReceived;
    }

    /** -1 until the other side has answered a report of ours. */
    int roundTripMillis() {
        return roundTripMillis;
    }

    /** Of the last interval, in 256ths, as the other side sees our stream. */
    int fractionLostThere() {
        return fractionLost;
    }

    /** The arithmetic of RFC 3550 A.1 (sequence numbers), A.3 (loss) and A.8 (jitter) for one source. */
    static final class Reception {
        private static final int MAX_DROPOUT = 3_000;
        private static final int MAX_MISORDER = 100;
        private static final int NONE = -1;

        private boolean heard;
        private int ssrc;
        private int rivalSsrc;
        private int rivalNext = NONE;
        private long base;
        private long highest;
        private long received;
        private long lostBefore;
        private int badNext = NONE;
        private int scaledJitter;
        private int lastTransit;
        private boolean hasTransit;
        private long expectedAtReport;
        private long receivedAtReport;

        /** What to do with a packet. */
        enum Verdict {
            NEXT,
            /** A new stream begins with it. */
            RESTART,
            /** Too strange to be heard before the one after it confirms it. */
            DOUBTFUL
        }

        Verdict accept(RtpPacket packet) {
            if (!heard) return restart(packet);
            if (packet.ssrc != ssrc) return rival(packet);
            rivalNext = NONE;
            int delta = (short) (packet.sequence - (int) highest);
            if (delta > MAX_DROPOUT || delta < -MAX_MISORDER) return jump(packet);
            badNext = NONE;
            highest = Math.max(highest, highest + delta);
            received++;
            return Verdict.NEXT;
        }

        /** Another SSRC takes over with its second packet in order. */
        private Verdict rival(RtpPacket packet) {
            boolean confirmed = packet.ssrc == rivalSsrc && packet.sequence == rivalNext;
            rivalSsrc = packet.ssrc;
            rivalNext = (packet.sequence + 1) & 0xFFFF;
            return confirmed ? restart(packet) : Verdict.DOUBTFUL;
        }

        private Verdict jump(RtpPacket packet) {
            boolean confirmed = packet.sequence == badNext;
            badNext = (packet.sequence + 1) & 0xFFFF;
            return confirmed ? restart(packet) : Verdict.DOUBTFUL;
        }

        private Verdict restart(RtpPacket packet) {
            if (heard) lostBefore = lost();
            heard = true;
            ssrc = packet.ssrc;
            rivalNext = NONE;
            badNext = NONE;
            // Far from zero, so that a packet from before the first one still has a number.
            base = 0x1_0000L + packet.sequence;
            highest = base;
            received = 1;
            expectedAtReport = 0;
            receivedAtReport = 0;
            hasTransit = false;
            scaledJitter = 0;
            return Verdict.RESTART;
        }

        /** The sequence number without its wrap, of a packet that was accepted. */
        long unwrapped(RtpPacket packet) {
            return highest + (short) (packet.sequence - (int) highest);
        }

        /** RFC 3550 A.8; of events and resent packets the timestamp says nothing, they are not measured. */
        void measure(RtpPacket packet, long arrivalNanos) {
            int transit = (int) (arrivalNanos / 125_000) - packet.timestamp;
            int difference = Math.abs(transit - lastTransit);
            lastTransit = transit;
            if (hasTransit && difference < 8_000) scaledJitter += difference - ((scaledJitter + 8) >> 4);
            hasTransit = true;
        }

        boolean isHeard() {
            return heard;
        }

        int ssrc() {
            return ssrc;
        }

        /** In timestamp units: eighths of a millisecond. */
        int jitter() {
            return scaledJitter >> 4;
        }

        int highestSequence() {
            return (int) (highest - 0x1_0000L);
        }

        /** Of all streams so far; negative when duplicates outnumber losses. */
        long lost() {
            return lostBefore + (heard ? expected() - received : 0);
        }

        private long expected() {
            return highest - base + 1;
        }

        /** RFC 3550 A.3; asking begins a new interval. */
        int fractionLostSinceLast() {
            long expected = expected() - expectedAtReport;
            long lost = expected - (received - receivedAtReport);
            expectedAtReport = expected();
            receivedAtReport = received;
            return expected <= 0 || lost <= 0 ? 0 : (int) Math.min(255, (lost << 8) / expected);
        }
    }
}

package io.firefly.voip.media.rtp;

/** Keypad digits as RTP events (RFC 4733), the receiving and the sending side of one call. Media thread only. */
final class TelephoneEvent {
    static final int PAYLOAD_BYTES = 4;

    private static final String DIGITS = "0123456789*#ABCD";
    private static final int SAMPLES_PER_MILLI = 8;
    private static final int FRAME = 160;

    private TelephoneEvent() {}

    /** The event code of a digit, -1 when there is none. */
    static int codeOf(char digit) {
        return DIGITS.indexOf(Character.toUpperCase(digit));
    }

    /** Hears every press once, however often it is repeated, and whatever gets lost of it. */
    static final class Receiver {
        /** RFC 4733 2.5.1.2: three packets of up to 40 ms missing are an end too. */
        private static final long SILENT_END_NANOS = 120_000_000;

        private boolean known;
        private boolean active;
        private int ssrc;
        private int timestamp;
        private int code;
        private int duration;
        private int earlierSegments;
        private long lastNanos;

        /** The press that has just ended; read after {@link #receive} or {@link #tick} has said so. */
        private char endedDigit;

        private int endedMillis;

        /** True when a press is over: the one of this packet, or the one before whose end was lost. */
        boolean receive(RtpPacket packet, long nowNanos) {
            if (packet.payloadLength < PAYLOAD_BYTES) return false;
            int event = packet.bytes.get(packet.payloadOffset) & 0xFF;
            boolean end = (packet.bytes.get(packet.payloadOffset + 1) & 0x80) != 0;
            int length = packet.bytes.getShort(packet.payloadOffset + 2) & 0xFFFF;
            if (event >= DIGITS.length()) return false;
            boolean over = false;
            if (!isSamePress(packet)) {
                if (isOlder(packet)) return false;
                if (!isNextSegment(packet, event)) over = begin(event);
                else earlierSegments += duration;
                ssrc = packet.ssrc;
                timestamp = packet.timestamp;
                duration = 0;
            } else if (!active) return false;
            lastNanos = nowNanos;
            duration = Math.max(duration, length);
            // When both end at once the older one is told now and this one 120 ms later.
            return over || (end && finish());
        }

        /** True when the press has ended because nothing more was heard of it. */
        boolean tick(long nowNanos) {
            return active && nowNanos - lastNanos >= SILENT_END_NANOS && finish();
        }

        boolean isActive() {
            return active;
        }

        /** The RTP timestamp at which the press that is or was last heard ends. */
        int endTimestamp() {
            return timestamp + duration;
        }

        char endedDigit() {
            return endedDigit;
        }

        int endedMillis() {
            return endedMillis;
        }

        private boolean begin(int event) {
            boolean over = active && finish();
            known = true;
            active = true;
            code = event;
            earlierSegments = 0;
            return over;
        }

        private boolean finish() {
            active = false;
            endedDigit = DIGITS.charAt(code);
            endedMillis = (earlierSegments + duration) / SAMPLES_PER_MILLI;
            return true;
        }

        private boolean isSamePress(RtpPacket packet) {
            return known && packet.ssrc == ssrc && packet.timestamp == timestamp;
        }

        private boolean isOlder(RtpPacket packet) {
            return known && packet.ssrc == ssrc && packet.timestamp - timestamp < 0;
        }

        /** RFC 4733 2.5.1.3: a press longer than 8 s goes on under a new timestamp. */
        private boolean isNextSegment(RtpPacket packet, int event) {
            return active && packet.ssrc == ssrc && event == code && packet.timestamp - timestamp == duration;
        }
    }

    /** Sends 100 ms for a digit, its end three times, and leaves a gap: eight frames together. */
    static final class Sender {
        static final int MAX_WAITING = 64;

        private static final int TONE_FRAMES = 5;
        private static final int PACKET_FRAMES = 7;
        private static final int ALL_FRAMES = 8;
        private static final byte END = (byte) 0x80;
        /** -10 dBm0. */
        private static final byte VOLUME = 10;

        private final byte[] waiting = new byte[MAX_WAITING];
        private int first;
        private int count;
        private int frame;
        private int startTimestamp;

        /** False when there is no room for another digit. */
        boolean queue(int code) {
            if (count == MAX_WAITING) return false;
            waiting[(first + count) % MAX_WAITING] = (byte) code;
            count++;
            return true;
        }

        /** True when this frame is an event instead of audio; {@code timestamp} is where the audio stands. */
        boolean takesFrame(int timestamp) {
            if (count == 0) return false;
            if (frame == 0) startTimestamp = timestamp;
            return frame < PACKET_FRAMES;
        }

        /** Fills in marker, timestamp and payload of the packet; the rest of the header is the caller's. */
        void write(RtpPacket packet) {
            packet.marker = frame == 0;
            packet.timestamp = startTimestamp;
            packet.writeHeader();
            packet.bytes.put(waiting[first]);
            packet.bytes.put(frame >= TONE_FRAMES - 1 ? (byte) (END | VOLUME) : VOLUME);
            packet.bytes.putShort((short) (Math.min(frame + 1, TONE_FRAMES) * FRAME));
        }

        /** Call once a frame, event or not. */
        void advance() {
            if (count == 0 || ++frame < ALL_FRAMES) return;
            frame = 0;
            first = (first + 1) % MAX_WAITING;
            count--;
        }
    }
}

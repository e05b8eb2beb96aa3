package io.firefly.voip.media.sdp;

import io.firefly.voip.audio.G711;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a payload type number means in one description (RFC 8866 6.6). */
record RtpMap(int payloadType, String encoding, int clockHz) {
    static final String TELEPHONE_EVENT = "telephone-event";

    /** RFC 3551 6: legal without an rtpmap line. */
    private static final Map<Integer, String> STATIC_AUDIO =
            Map.of(0, "PCMU", 3, "GSM", 4, "G723", 8, "PCMA", 9, "G722", 13, "CN", 15, "G728", 18, "G729");

    static @Nullable RtpMap ofStatic(int payloadType) {
        String encoding = STATIC_AUDIO.get(payloadType);
        return encoding == null ? null : new RtpMap(payloadType, encoding, 8_000);
    }

    /** Reads {@code 101 telephone-event/8000[/1]}; null when it is not of that form. */
    static @Nullable RtpMap parse(String value) {
        String[] parts = value.strip().split("\\s+", 2);
        if (parts.length < 2) return null;
        String[] format = parts[1].strip().split("/", -1);
        Integer payloadType = SdpReader.number(parts[0], 127);
        Integer clockHz = format.length < 2 ? null : SdpReader.number(format[1], 1_000_000);
        boolean stereo = format.length > 2 && !format[2].strip().equals("1");
        return payloadType == null || clockHz == null || stereo ? null : new RtpMap(payloadType, format[0], clockHz);
    }

    boolean isTelephoneEvent() {
        return encoding.equalsIgnoreCase(TELEPHONE_EVENT) && clockHz == 8_000;
    }

    /** The law, or null when this is something else. */
    @Nullable
    G711 law() {
        if (clockHz != 8_000) return null;
        if (encoding.equalsIgnoreCase("PCMA")) return G711.PCMA;
        return encoding.equalsIgnoreCase("PCMU") ? G711.PCMU : null;
    }

    String value() {
        return payloadType + " " + encoding + "/" + clockHz;
    }
}

package io.firefly.voip.call;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Why a call ended, in the words of the detail record and of {@code call:end?cause=}.
 *
 * <p>The SIP status is the final response before the answer; the Q.850 number goes into the Reason header of a BYE
 * (RFC 3326).
 */
public enum HangupCause {
    NORMAL(480, 16),
    CANCELLED(487, 16),
    BUSY(486, 17),
    DECLINED(603, 21),
    NOT_FOUND(404, 1),
    FORBIDDEN(403, 21),
    UNAVAILABLE(480, 20),
    OVER_LIMIT(486, 42),
    OVER_RATE(503, 42),
    OUT_OF_MINUTES(480, 21),
    NO_COMMON_CODEC(488, 88),
    DRAINING(503, 42),
    AGENT_UNAVAILABLE(503, 41),
    MEDIA_UNAVAILABLE(503, 47),
    MEDIA_TIMEOUT(408, 102),
    NO_ACK(408, 102),
    MAX_DURATION(408, 31),
    SERVER_ERROR(500, 41);

    private final int sipStatus;
    private final int q850;

    HangupCause(int sipStatus, int q850) {
        this.sipStatus = sipStatus;
        this.q850 = q850;
    }

    public int sipStatus() {
        return sipStatus;
    }

    public int q850() {
        return q850;
    }

    /** As it is written in routes and records: {@code no-common-codec}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException when no cause has that label; the message lists them all */
    public static HangupCause fromLabel(String label) {
        for (HangupCause cause : values()) {
            if (cause.label().equals(label)) return cause;
        }
        throw new IllegalArgumentException("no hangup cause '" + label + "'; known are "
                + Arrays.stream(values()).map(HangupCause::label).collect(Collectors.joining(", ")));
    }
}

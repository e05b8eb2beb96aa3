package io.firefly.voip.media.sdp;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who sends (RFC 8866 6.7), always from the view of the side whose description carries it. */
public enum Direction {
    SENDRECV(true, true),
    SENDONLY(true, false),
    RECVONLY(false, true),
    INACTIVE(false, false);

    private final boolean sends;
    private final boolean receives;

    Direction(boolean sends, boolean receives) {
        this.sends = sends;
        this.receives = receives;
    }

    public boolean sends() {
        return sends;
    }

    public boolean receives() {
        return receives;
    }

    /** The same stream from the other side: the answer to {@code sendonly} is {@code recvonly} (RFC 3264 6.1). */
    public Direction reversed() {
        return of(receives, sends);
    }

    /** What is left when this side must not be sent to: the old hold with {@code c=0.0.0.0} (RFC 3264 8.4). */
    Direction withoutReceiving() {
        return of(sends, false);
    }

    String attribute() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static Direction of(boolean sends, boolean receives) {
        if (sends) return receives ? SENDRECV : SENDONLY;
        return receives ? RECVONLY : INACTIVE;
    }

    static @Nullable Direction named(String attribute) {
        return switch (attribute) {
            case "sendrecv" -> SENDRECV;
            case "sendonly" -> SENDONLY;
            case "recvonly" -> RECVONLY;
            case "inactive" -> INACTIVE;
            default -> null;
        };
    }
}

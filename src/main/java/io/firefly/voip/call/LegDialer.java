package io.firefly.voip.call;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Places calls of ours into the network: towards a media server, a carrier, a phone. */
public interface LegDialer {
    /**
     * Sends an INVITE and returns at once.
     *
     * @param listener hears of it on the leg's signalling thread: hand over and return
     */
    DialedLeg dial(Invitation invitation, DialedLeg.Listener listener);

    /** Legs that are not over yet, those that wait for the answer to our BYE included; 0 at rest. */
    int openLegs();

    /**
     * Whom to call, with what.
     *
     * @param uri request URI, with {@code ;transport=tcp} when it shall not be UDP
     * @param callId Call-ID; unique for ever
     * @param headers further headers, one line each: no CR, LF or other control characters
     * @param sdpOffer null when the far end shall offer in its 200 (RFC 3261 13.2.1)
     * @param patience how long the far end may take until its final response; then CANCEL, and 408 is reported
     */
    record Invitation(
            String uri,
            String callId,
            Map<String, String> headers,
            @Nullable String sdpOffer,
            Duration patience) {
        public Invitation {
            headers = Map.copyOf(headers);
            headers.forEach((name, value) -> {
                if ((name + value).chars().anyMatch(c -> c < ' ' || c == 127))
                    throw new IllegalArgumentException("control character in header " + name.strip());
            });
        }
    }
}

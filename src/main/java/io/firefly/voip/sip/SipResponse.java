package io.firefly.voip.sip;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A response, ours or a peer's.
 *
 * @param reason the phrase; null takes the standard one of the status
 * @param headers name to values; the dialog's own headers (Via, From, To, Call-ID, CSeq, Contact) are not among them
 */
public record SipResponse(
        int status,
        @Nullable String reason,
        Map<String, List<String>> headers,
        @Nullable String contentType,
        String body) {
    public SipResponse {
        if (status < 100 || status > 699) throw new IllegalArgumentException("SIP status " + status);
        headers = Map.copyOf(headers);
    }

    public static SipResponse of(int status) {
        return new SipResponse(status, null, Map.of(), null, "");
    }

    public static SipResponse of(int status, @Nullable String reason, Map<String, List<String>> headers) {
        return new SipResponse(status, reason, headers, null, "");
    }

    /** Headers that say what we can (RFC 3261 11.2), with the methods that routes take. */
    static Map<String, List<String>> capabilities(Set<String> taken) {
        Set<String> methods =
                new LinkedHashSet<>(List.of("INVITE", "ACK", "CANCEL", "BYE", "UPDATE", "INFO", "OPTIONS"));
        methods.addAll(taken);
        return Map.of(
                "Allow", List.of(String.join(", ", methods)),
                "Accept", List.of("application/sdp"),
                "Supported", List.of("timer"));
    }

    static SipResponse overloaded() {
        String seconds = String.valueOf(5 + SipDialog.secondsToWait());
        return of(503, null, Map.of("Retry-After", List.of(seconds)));
    }

    /** This response and those of the given headers that it does not say itself. */
    SipResponse orElse(Map<String, List<String>> defaults) {
        Map<String, List<String>> all = new HashMap<>(defaults);
        all.putAll(headers);
        return new SipResponse(status, reason, all, contentType, body);
    }
}

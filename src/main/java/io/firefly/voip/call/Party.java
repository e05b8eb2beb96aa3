package io.firefly.voip.call;

import org.jspecify.annotations.Nullable;

/**
 * Somebody named in the signalling.
 *
 * @param user the user part as it was sent, percent-decoded: a number or a name; empty when the address has none
 * @param host the host part; empty for a {@code tel:} address
 * @param uri the address itself, without angle brackets
 */
public record Party(
        String user, String host, String uri, @Nullable String displayName) {
    /** Nobody: a header that is absent or says anonymous@anonymous.invalid (RFC 3323). */
    public static final Party ANONYMOUS =
            new Party("anonymous", "anonymous.invalid", "sip:anonymous@anonymous.invalid", null);

    /** The telephone number, if the user part looks like one: visual separators removed, a leading + kept. */
    public @Nullable String number() {
        String bare = user.replaceAll("[().\\- ]", "");
        return bare.matches("\\+?[0-9*#]{2,24}") ? bare : null;
    }

    /** The number if there is one, else the user part. */
    public String numberOrUser() {
        String number = number();
        return number != null ? number : user;
    }

    /** For logs at INFO: the last three digits only. */
    public String masked() {
        String shown = numberOrUser();
        if (number() == null || shown.length() < 6) return shown;
        return shown.substring(0, 2) + "***" + shown.substring(shown.length() - 3);
    }
}

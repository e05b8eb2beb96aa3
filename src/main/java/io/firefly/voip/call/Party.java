package io.firefly.voip.call;

import java.util.regex.Pattern;
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
    private static final Pattern SEPARATORS = Pattern.compile("[().\\- ]");
    private static final Pattern NUMBER = Pattern.compile("\\+?[0-9*#]{2,24}");
    private static final Pattern SHORT = Pattern.compile("[A-Za-z0-9-]{1,8}");

    /** Nobody: a header that is absent or says anonymous@anonymous.invalid (RFC 3323). */
    public static final Party ANONYMOUS =
            new Party("anonymous", "anonymous.invalid", "sip:anonymous@anonymous.invalid", null);

    /** RFC 3323 4.1.1.3: by its user or its host. */
    public boolean isAnonymous() {
        return user.equalsIgnoreCase(ANONYMOUS.user) || host.equalsIgnoreCase(ANONYMOUS.host);
    }

    /** The telephone number, if the user part looks like one: visual separators removed, a leading + kept. */
    public @Nullable String number() {
        String bare = SEPARATORS.matcher(user).replaceAll("");
        return NUMBER.matcher(bare).matches() ? bare : null;
    }

    /** The number if there is one, else the user part. */
    public String numberOrUser() {
        String number = number();
        return number != null ? number : user;
    }

    /**
     * For logs at INFO. Shown in full: what says nothing about a person, that is numbers of up to five digits (internal
     * extensions, services) and plain words of up to eight letters, digits and dashes ({@code echo}, {@code chat}).
     * Longer numbers: the last three digits, with the first two characters from ten on. Any other name, an e-mail
     * address among them: its first letter.
     */
    public String masked() {
        String number = number();
        if (number != null) return maskedNumber(number);
        if (user.isEmpty() || user.equals(ANONYMOUS.user) || SHORT.matcher(user).matches()) return user;
        return user.substring(0, user.offsetByCodePoints(0, 1)) + "***";
    }

    private static String maskedNumber(String number) {
        if (number.length() < 6) return number;
        String last = "***" + number.substring(number.length() - 3);
        return number.length() < 10 ? last : number.substring(0, 2) + last;
    }
}

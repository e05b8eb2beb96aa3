package io.firefly.voip.call;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Our own identity of a call; appears in every log line, detail record and recording name. Safe in a file name. */
public record CallId(String value) {
    private static final Pattern SPELLING = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final SecureRandom RANDOM = new SecureRandom();

    public CallId {
        if (!SPELLING.matcher(value).matches()) throw new IllegalArgumentException("call id '" + value + "'");
    }

    /** A new identity: 64 random bits, so that it cannot be guessed from another one. */
    public static CallId next() {
        byte[] bits = new byte[8];
        RANDOM.nextBytes(bits);
        return new CallId(HexFormat.of().formatHex(bits));
    }

    @Override
    public String toString() {
        return value;
    }
}

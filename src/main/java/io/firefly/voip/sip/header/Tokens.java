package io.firefly.voip.sip.header;

import java.security.SecureRandom;
import java.util.HexFormat;

/** What nobody else may guess or have. Any thread. */
public final class Tokens {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Tokens() {}

    /** 96 random bits (RFC 3261 19.3 asks for 32). */
    public static String newTag() {
        byte[] bits = new byte[12];
        RANDOM.nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }

    /** Names a transaction (RFC 3261 8.1.1.7). */
    public static String newBranch() {
        return "z9hG4bK" + newTag();
    }
}

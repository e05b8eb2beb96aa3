package io.firefly.voip.sip.digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The hash functions of RFC 8760 that telephones use. */
public enum DigestAlgorithm {
    MD5("MD5"),
    SHA_256("SHA-256");

    private final String token;

    DigestAlgorithm(String token) {
        this.token = token;
    }

    /** As it is written in {@code algorithm=} and in settings. The JDK uses the same names. */
    public String token() {
        return token;
    }

    /** Case does not matter; an absent parameter means MD5 (RFC 7616 3.3). Empty for what we do not compute. */
    public static Optional<DigestAlgorithm> ofToken(@Nullable String token) {
        if (token == null) return Optional.of(MD5);
        for (DigestAlgorithm algorithm : values()) {
            if (algorithm.token.equalsIgnoreCase(token)) return Optional.of(algorithm);
        }
        return Optional.empty();
    }

    /** HA1: what a registrar stores in place of the password. Hexadecimal, lower case. */
    public String ha1(String user, String realm, String password) {
        return hash(user + ':' + realm + ':' + password);
    }

    /** Hexadecimal hash of the UTF-8 text, lower case. */
    String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance(token).digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + token, e);
        }
    }
}

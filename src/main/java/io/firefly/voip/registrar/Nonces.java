package io.firefly.voip.registrar;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Nonces that carry their own proof: base64(milliseconds, 12 random bytes, HMAC of both and the realm). Nothing is kept
 * when one is issued, so a flood of unanswered challenges costs no memory and any node with the same key can verify it.
 */
final class Nonces {
    private static final String HMAC = "HmacSHA256";
    private static final int RANDOM_BYTES = 12;
    private static final int SIGNED_BYTES = Long.BYTES + RANDOM_BYTES;
    private static final int SIGNATURE_BYTES = 16;
    // Base64 of 36 bytes: no padding, hence one text per nonce.
    private static final int TEXT_LENGTH = (SIGNED_BYTES + SIGNATURE_BYTES) / 3 * 4;

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key;
    private final byte[] realm;
    private final long lifetimeMillis;
    private final Clock clock;

    /** @param key the secret the nodes of a cluster share; null draws one for the life of this process */
    Nonces(@Nullable String key, String realm, Duration lifetime, Clock clock) {
        this.key = new SecretKeySpec(key != null ? key.getBytes(StandardCharsets.UTF_8) : drawn(), HMAC);
        this.realm = realm.getBytes(StandardCharsets.UTF_8);
        this.lifetimeMillis = lifetime.toMillis();
        this.clock = clock;
    }

    private byte[] drawn() {
        byte[] bits = new byte[32];
        random.nextBytes(bits);
        return bits;
    }

    String issue() {
        byte[] noise = new byte[RANDOM_BYTES];
        random.nextBytes(noise);
        byte[] signed = ByteBuffer.allocate(SIGNED_BYTES)
                .putLong(clock.millis())
                .put(noise)
                .array();
        byte[] whole = ByteBuffer.allocate(SIGNED_BYTES + SIGNATURE_BYTES)
                .put(signed)
                .put(signature(signed))
                .array();
        return Base64.getEncoder().encodeToString(whole);
    }

    /** When we issued this nonce, in milliseconds; empty when it is not ours or too old. */
    OptionalLong issuedAtMillis(String nonce) {
        if (nonce.length() != TEXT_LENGTH) return OptionalLong.empty();
        byte[] whole;
        try {
            whole = Base64.getDecoder().decode(nonce);
        } catch (IllegalArgumentException e) {
            // Not base64: somebody else's nonce, which is an answer and not an error.
            return OptionalLong.empty();
        }
        if (whole.length != SIGNED_BYTES + SIGNATURE_BYTES) return OptionalLong.empty();
        byte[] signed = Arrays.copyOf(whole, SIGNED_BYTES);
        byte[] signature = Arrays.copyOfRange(whole, SIGNED_BYTES, whole.length);
        if (!MessageDigest.isEqual(signature, signature(signed))) return OptionalLong.empty();
        long issuedAt = ByteBuffer.wrap(signed).getLong();
        return clock.millis() - issuedAt < lifetimeMillis ? OptionalLong.of(issuedAt) : OptionalLong.empty();
    }

    private byte[] signature(byte[] signed) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            mac.update(signed);
            return Arrays.copyOf(mac.doFinal(realm), SIGNATURE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }
}

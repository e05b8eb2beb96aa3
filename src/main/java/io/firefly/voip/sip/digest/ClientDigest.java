package io.firefly.voip.sip.digest;

import io.firefly.voip.sip.digest.DigestCredentials.Protection;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client side: answers a challenge of a registrar, a proxy or a carrier. */
public final class ClientDigest {
    private static final Logger LOG = LoggerFactory.getLogger(ClientDigest.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String FIRST_USE = "00000001";

    private ClientDigest() {}

    /**
     * The value of Authorization (for WWW-Authenticate) or Proxy-Authorization (for Proxy-Authenticate).
     *
     * @param uri exactly as it will stand on the request line
     * @throws IllegalArgumentException for a challenge we cannot answer: malformed, an unknown algorithm, auth-int only
     */
    public static String authorization(
            String challengeHeaderValue, String method, String uri, String user, String password) {
        DigestChallenge challenge = read(challengeHeaderValue);
        DigestAlgorithm algorithm = DigestAlgorithm.ofToken(challenge.algorithm())
                .orElseThrow(() -> new IllegalArgumentException(
                        "challenge wants algorithm '" + challenge.algorithm() + "'; MD5 and SHA-256 can be answered"));
        DigestCredentials answer = new DigestCredentials(
                user,
                challenge.realm(),
                challenge.nonce(),
                uri,
                challenge.algorithm(),
                protection(challenge),
                challenge.opaque(),
                "");
        String ha1 = algorithm.ha1(user, challenge.realm(), password);
        return answer.withResponse(answer.expectedResponse(algorithm, ha1, method))
                .text();
    }

    /** The same; empty for a challenge that we cannot answer. */
    public static Optional<String> answer(
            String challengeHeaderValue, String method, String uri, String user, String password) {
        try {
            return Optional.of(authorization(challengeHeaderValue, method, uri, user, password));
        } catch (IllegalArgumentException unknownAlgorithm) {
            LOG.debug("challenge skipped: {}", unknownAlgorithm.getMessage());
            return Optional.empty();
        }
    }

    private static DigestChallenge read(String headerValue) {
        HeaderReading<DigestChallenge> reading = DigestChallenge.parse(headerValue);
        if (reading instanceof HeaderReading.Malformed<DigestChallenge> bad) {
            throw new IllegalArgumentException("challenge cannot be read: " + bad.reason());
        }
        return ((HeaderReading.Value<DigestChallenge>) reading).value();
    }

    private static @Nullable Protection protection(DigestChallenge challenge) {
        if (challenge.qop().isEmpty()) return null;
        if (!challenge.qop().contains("auth")) {
            throw new IllegalArgumentException("challenge wants qop " + challenge.qop() + "; auth can be answered");
        }
        byte[] bits = new byte[12];
        RANDOM.nextBytes(bits);
        return new Protection("auth", FIRST_USE, HexFormat.of().formatHex(bits));
    }
}

package io.firefly.voip.sip.digest;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * WWW-Authenticate or Proxy-Authenticate.
 *
 * @param algorithm the token as sent; null when the parameter is absent, which means MD5
 * @param qop the offered qualities in lower case; empty in a challenge of RFC 2069 style
 * @param stale the nonce was too old but the password right: try again without asking anybody
 */
public record DigestChallenge(
        String realm,
        String nonce,
        @Nullable String algorithm,
        List<String> qop,
        @Nullable String opaque,
        boolean stale) {
    public DigestChallenge {
        qop = List.copyOf(qop);
    }

    /** A challenge of our own: always qop=auth. */
    public static DigestChallenge ours(String realm, String nonce, DigestAlgorithm algorithm, boolean stale) {
        return new DigestChallenge(realm, nonce, algorithm.token(), List.of("auth"), null, stale);
    }

    public static HeaderReading<DigestChallenge> parse(String headerValue) {
        HeaderReading<AuthParameters> reading = AuthParameters.parse(headerValue);
        if (reading instanceof HeaderReading.Malformed<AuthParameters> bad) {
            return new HeaderReading.Malformed<>(bad.reason());
        }
        AuthParameters parameters = ((HeaderReading.Value<AuthParameters>) reading).value();
        String realm = parameters.get("realm");
        String nonce = parameters.get("nonce");
        if (realm == null) return new HeaderReading.Malformed<>("realm is missing");
        if (nonce == null) return new HeaderReading.Malformed<>("nonce is missing");
        return new HeaderReading.Value<>(new DigestChallenge(
                realm,
                nonce,
                parameters.get("algorithm"),
                qualities(parameters.get("qop")),
                parameters.get("opaque"),
                "true".equalsIgnoreCase(parameters.get("stale"))));
    }

    private static List<String> qualities(@Nullable String qop) {
        if (qop == null) return List.of();
        return Arrays.stream(qop.toLowerCase(Locale.ROOT).split(",", -1))
                .map(String::strip)
                .filter(quality -> !quality.isEmpty())
                .toList();
    }

    /** The header value. */
    public String text() {
        AuthText text = new AuthText().quoted("realm", realm).quoted("nonce", nonce);
        if (opaque != null) text.quoted("opaque", opaque);
        if (stale) text.token("stale", "true");
        if (algorithm != null) text.token("algorithm", algorithm);
        if (!qop.isEmpty()) text.quoted("qop", String.join(",", qop));
        return text.toString();
    }
}

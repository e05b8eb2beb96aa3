package io.firefly.voip.sip.digest;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Authorization or Proxy-Authorization.
 *
 * @param algorithm the token as sent; null when the parameter is absent, which means MD5
 * @param uri the raw text of {@code uri=}: a URI that was parsed and written again hashes to something else
 * @param protection null for an answer of RFC 2069 style, which anybody can replay
 * @param response hexadecimal, as sent
 */
public record DigestCredentials(
        String username,
        String realm,
        String nonce,
        String uri,
        @Nullable String algorithm,
        @Nullable Protection protection,
        @Nullable String opaque,
        String response) {
    private static final Pattern COUNT = Pattern.compile("[0-9A-Fa-f]{1,8}");

    /**
     * What qop adds.
     *
     * @param nc the nonce count as sent: hexadecimal, how often the client has used this nonce
     */
    public record Protection(String qop, String nc, String cnonce) {
        /** The nonce count as a number, 0 to 2^32-1. */
        public long nonceCount() {
            return Long.parseLong(nc, 16);
        }
    }

    public static HeaderReading<DigestCredentials> parse(String headerValue) {
        HeaderReading<AuthParameters> reading = AuthParameters.parse(headerValue);
        if (reading instanceof HeaderReading.Malformed<AuthParameters> bad) {
            return new HeaderReading.Malformed<>(bad.reason());
        }
        AuthParameters parameters = ((HeaderReading.Value<AuthParameters>) reading).value();
        for (String name : new String[] {"username", "realm", "nonce", "uri", "response"}) {
            if (parameters.get(name) == null) return new HeaderReading.Malformed<>(name + " is missing");
        }
        String mistake = mistakeInProtection(parameters);
        return mistake != null
                ? new HeaderReading.Malformed<>(mistake)
                : new HeaderReading.Value<>(new DigestCredentials(
                        value(parameters, "username"),
                        value(parameters, "realm"),
                        value(parameters, "nonce"),
                        value(parameters, "uri"),
                        parameters.get("algorithm"),
                        protection(parameters),
                        parameters.get("opaque"),
                        value(parameters, "response")));
    }

    private static @Nullable String mistakeInProtection(AuthParameters parameters) {
        if (parameters.get("qop") == null) return null;
        if (parameters.get("cnonce") == null) return "qop without cnonce";
        String nc = parameters.get("nc");
        if (nc == null) return "qop without nc";
        // RFC 7616 3.4 wants eight digits; fewer are tolerated because the raw text goes into the hash anyway.
        return COUNT.matcher(nc).matches() ? null : "nc is not a hexadecimal number of 8 digits";
    }

    private static @Nullable Protection protection(AuthParameters parameters) {
        if (parameters.get("qop") == null) return null;
        return new Protection(value(parameters, "qop"), value(parameters, "nc"), value(parameters, "cnonce"));
    }

    private static String value(AuthParameters parameters, String name) {
        String value = parameters.get(name);
        return value != null ? value : "";
    }

    /** The response these credentials ought to carry for that HA1 (RFC 7616 3.4.1). */
    public String expectedResponse(DigestAlgorithm with, String ha1, String method) {
        String ha2 = with.hash(method + ':' + uri);
        if (protection == null) return with.hash(ha1 + ':' + nonce + ':' + ha2);
        return with.hash(ha1
                + ':'
                + nonce
                + ':'
                + protection.nc()
                + ':'
                + protection.cnonce()
                + ':'
                + protection.qop()
                + ':'
                + ha2);
    }

    DigestCredentials withResponse(String computed) {
        return new DigestCredentials(username, realm, nonce, uri, algorithm, protection, opaque, computed);
    }

    /** The header value, quoted where RFC 7616 3.4 quotes. */
    public String text() {
        AuthText text = new AuthText()
                .quoted("username", username)
                .quoted("realm", realm)
                .quoted("nonce", nonce)
                .quoted("uri", uri)
                .quoted("response", response);
        if (algorithm != null) text.token("algorithm", algorithm);
        if (protection != null) {
            text.token("qop", protection.qop()).token("nc", protection.nc()).quoted("cnonce", protection.cnonce());
        }
        if (opaque != null) text.quoted("opaque", opaque);
        return text.toString();
    }

    /** Without the response: this value may end up in a log. */
    @Override
    public String toString() {
        return "DigestCredentials[username=" + username + ", realm=" + realm + ", uri=" + uri + "]";
    }
}

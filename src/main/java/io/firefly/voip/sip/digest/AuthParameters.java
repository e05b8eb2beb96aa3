package io.firefly.voip.sip.digest;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameter list behind {@code Digest}: {@code name=token} and {@code name="quoted"}, any order, any case of names.
 *
 * <p>Bounded: a text of more than 4096 characters or 24 parameters is malformed.
 */
final class AuthParameters {
    private static final int MAX_LENGTH = 4096;
    private static final int MAX_PARAMETERS = 24;
    private static final String SCHEME = "Digest";

    private final Map<String, String> values;

    private AuthParameters(Map<String, String> values) {
        this.values = values;
    }

    @Nullable
    String get(String name) {
        return values.get(name);
    }

    static HeaderReading<AuthParameters> parse(String text) {
        if (text.length() > MAX_LENGTH) return malformed("longer than " + MAX_LENGTH + " characters");
        String trimmed = text.strip();
        if (!trimmed.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                || trimmed.length() == SCHEME.length()
                || !isSpace(trimmed.charAt(SCHEME.length()))) {
            return malformed("the scheme is not Digest");
        }
        return new Cursor(trimmed, SCHEME.length()).read();
    }

    private static HeaderReading<AuthParameters> malformed(String reason) {
        return new HeaderReading.Malformed<>(reason);
    }

    private static String shown(String name) {
        return name.length() <= 20 ? name : name.substring(0, 20) + "...";
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    // RFC 3261 25.1: token
    private static boolean isToken(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "-.!%*_+`'~".indexOf(c) >= 0;
    }

    /** Walks once over the text; the first mistake ends the walk with its reason. */
    private static final class Cursor {
        private final String text;
        private final Map<String, String> values = new LinkedHashMap<>();
        private int at;
        private @Nullable String mistake;

        Cursor(String text, int at) {
            this.text = text;
            this.at = at;
        }

        HeaderReading<AuthParameters> read() {
            skipSpace();
            while (mistake == null && at < text.length()) {
                parameter();
                skipSpace();
                separator();
            }
            return mistake != null ? malformed(mistake) : new HeaderReading.Value<>(new AuthParameters(values));
        }

        private void parameter() {
            String name = token().toLowerCase(Locale.ROOT);
            skipSpace();
            if (name.isEmpty() || at >= text.length() || text.charAt(at) != '=') {
                mistake = "name=value expected at position " + at;
                return;
            }
            at++;
            skipSpace();
            String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
            if (mistake != null) return;
            if (values.putIfAbsent(name, value) != null) mistake = "parameter '" + shown(name) + "' is there twice";
            if (values.size() > MAX_PARAMETERS) mistake = "more than " + MAX_PARAMETERS + " parameters";
        }

        private void separator() {
            if (mistake != null || at >= text.length()) return;
            if (text.charAt(at) != ',') {
                mistake = "',' expected at position " + at;
                return;
            }
            // An empty element between two commas is legal in a list (RFC 7230 7) and seen in the wild.
            while (at < text.length() && (text.charAt(at) == ',' || isSpace(text.charAt(at)))) at++;
        }

        private String token() {
            int from = at;
            while (at < text.length() && isToken(text.charAt(at))) at++;
            return text.substring(from, at);
        }

        private String quoted() {
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    return value.toString();
                }
                if (c == '\\' && at + 1 < text.length()) c = text.charAt(++at);
                if ((c < ' ' && c != '\t') || c == 0x7f) {
                    mistake = "control character at position " + at;
                    return "";
                }
                value.append(c);
            }
            mistake = "a quoted string is not closed";
            return "";
        }

        private void skipSpace() {
            while (at < text.length() && isSpace(text.charAt(at))) at++;
        }
    }
}

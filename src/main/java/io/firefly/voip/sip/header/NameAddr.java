package io.firefly.voip.sip.header;

import io.firefly.voip.call.Party;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One address of a From, To, Contact, Diversion, ... header: {@code "Bob" <sip:bob@x>;tag=1} or {@code sip:bob@x;tag=1}.
 *
 * @param displayName without quotes and escapes; null when there is none
 * @param uriText the address as it was sent, without angle brackets
 * @param parameters the header's parameters (not the address'): lower-case name to value without quotes
 */
public record NameAddr(@Nullable String displayName, String uriText, SipUri uri, Map<String, String> parameters) {
    private static final int MAX_CHARS = 4096;

    public NameAddr {
        parameters = Map.copyOf(parameters);
    }

    /** @throws HeaderSyntaxException when this is neither a name-addr nor an addr-spec (RFC 3261 25.1) */
    public static NameAddr parse(String text) throws HeaderSyntaxException {
        String value = text.trim();
        if (value.length() > MAX_CHARS) throw new HeaderSyntaxException("address too long", text);
        int nameEnd = value.startsWith("\"") ? closingQuote(value) + 1 : 0;
        int open = value.indexOf('<', nameEnd);
        if (open < 0 && nameEnd > 0) throw new HeaderSyntaxException("name without address", text);
        return open < 0 ? addrSpec(value) : nameAddr(value, open);
    }

    public Party party() {
        return new Party(uri.user(), uri.host(), uriText, displayName);
    }

    public @Nullable String tag() {
        return parameters.get("tag");
    }

    /** Splits header values that may each hold several entries at commas outside of quotes and angle brackets. */
    public static List<String> entries(List<String> values, int maxEntries) {
        List<String> entries = new ArrayList<>();
        for (String value : values) {
            for (String entry : split(value, ',')) {
                if (!entry.isBlank() && entries.size() < maxEntries) entries.add(entry.trim());
            }
        }
        return entries;
    }

    /** RFC 3261 20: without angle brackets, parameters belong to the header and not to the address. */
    private static NameAddr addrSpec(String value) throws HeaderSyntaxException {
        int semicolon = value.indexOf(';', Math.max(0, value.indexOf('@')));
        String uri = (semicolon < 0 ? value : value.substring(0, semicolon)).trim();
        Map<String, String> parameters = semicolon < 0 ? Map.of() : parameters(value.substring(semicolon));
        return new NameAddr(null, uri, SipUri.parse(uri), parameters);
    }

    private static NameAddr nameAddr(String value, int open) throws HeaderSyntaxException {
        int close = value.indexOf('>', open);
        if (close < 0) throw new HeaderSyntaxException("'<' without '>'", value);
        String uri = value.substring(open + 1, close).trim();
        String name = unquoted(value.substring(0, open).trim());
        return new NameAddr(
                name.isEmpty() ? null : name, uri, SipUri.parse(uri), parameters(value.substring(close + 1)));
    }

    private static Map<String, String> parameters(String text) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String parameter : split(text, ';')) {
            int equals = parameter.indexOf('=');
            String name = (equals < 0 ? parameter : parameter.substring(0, equals)).trim();
            String value =
                    equals < 0 ? "" : unquoted(parameter.substring(equals + 1).trim());
            if (!name.isEmpty()) found.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
        }
        return found;
    }

    private static int closingQuote(String value) throws HeaderSyntaxException {
        for (int i = 1; i < value.length(); i++) {
            if (value.charAt(i) == '\\') i++;
            else if (value.charAt(i) == '"') return i;
        }
        throw new HeaderSyntaxException("open quote", value);
    }

    private static String unquoted(String text) {
        if (text.length() < 2 || !text.startsWith("\"") || !text.endsWith("\"")) return text;
        return text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1").replaceAll("\\p{Cntrl}", " ");
    }

    private static List<String> split(String value, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        boolean bracketed = false;
        int start = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (quoted && c == '\\') i++;
            else if (c == '"' && !bracketed) quoted = !quoted;
            else if (!quoted && (c == '<' || c == '>')) bracketed = c == '<';
            else if (!quoted && !bracketed && c == separator) {
                parts.add(value.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(value.substring(start));
        return parts;
    }
}

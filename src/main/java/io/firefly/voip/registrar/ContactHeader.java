package io.firefly.voip.registrar;

import io.firefly.voip.sip.digest.HeaderReading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All Contact values of a REGISTER, whether they came comma-joined or one per line (RFC 3261 20.10).
 *
 * @param star {@code Contact: *} was among them
 */
record ContactHeader(boolean star, List<Contact> contacts) {
    private static final int MAX_PARAMETERS_LENGTH = 512;
    private static final int MAX_CONTACTS = 32;
    // RFC 3261 25.1 generic-param. What does not fit would go back into a 200 and break it for every phone of the user.
    private static final Pattern PARAMETER =
            Pattern.compile("[A-Za-z0-9.!%*_+`'~-]+(\\s*=\\s*(\"([^\"\\\\]|\\\\.)*+\"|[^\\s\"<>,;\\\\]*))?");

    /** @param parameters lower-case name to value as sent, quotes included; empty for a parameter without value */
    record Contact(ContactUri uri, Map<String, String> parameters) {
        /** RFC 5626: the telephone itself, whatever address it has today. */
        @Nullable
        String instance() {
            return parameters.get("+sip.instance");
        }

        @Nullable
        String regId() {
            return parameters.get("reg-id");
        }

        @Nullable
        String expires() {
            return parameters.get("expires");
        }

        /** Everything but expires, as it goes back in the 200. */
        String parameterText() {
            return parameters.entrySet().stream()
                    .filter(parameter -> !parameter.getKey().equals("expires"))
                    .map(parameter -> parameter.getValue().isEmpty()
                            ? parameter.getKey()
                            : parameter.getKey() + "=" + parameter.getValue())
                    .collect(Collectors.joining(";"));
        }
    }

    static HeaderReading<ContactHeader> parse(List<String> values) {
        boolean star = false;
        List<Contact> contacts = new ArrayList<>();
        for (String value : values) {
            for (String one : split(value, ',')) {
                if (one.isBlank()) continue;
                if (contacts.size() == MAX_CONTACTS) return malformed("more than " + MAX_CONTACTS + " contacts");
                if (one.strip().equals("*")) {
                    star = true;
                    continue;
                }
                HeaderReading<Contact> reading = contact(one.strip());
                if (reading instanceof HeaderReading.Malformed<Contact> bad) return malformed(bad.reason());
                contacts.add(((HeaderReading.Value<Contact>) reading).value());
            }
        }
        return new HeaderReading.Value<>(new ContactHeader(star, List.copyOf(contacts)));
    }

    private static HeaderReading<Contact> contact(String text) {
        if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) return malformed("control character");
        int open = indexOutsideQuotes(text, '<');
        int close = open < 0 ? -1 : text.indexOf('>', open);
        if (open >= 0 && close < 0) return malformed("'<' is not closed");
        String address;
        String rest;
        if (open >= 0) {
            address = text.substring(open + 1, close);
            rest = text.substring(close + 1).strip();
            if (!rest.isEmpty() && rest.charAt(0) != ';') return malformed("';' expected after '>'");
        } else {
            // RFC 3261 20.10: without angle brackets what follows the semicolon belongs to the header.
            int semicolon = text.indexOf(';');
            address = semicolon < 0 ? text : text.substring(0, semicolon);
            rest = semicolon < 0 ? "" : text.substring(semicolon);
        }
        ContactUri uri = ContactUri.parse(address.strip());
        if (uri == null) return malformed("not a SIP address");
        if (rest.length() > MAX_PARAMETERS_LENGTH) return malformed("parameters too long");
        for (String part : split(rest, ';')) {
            if (!part.isBlank() && !PARAMETER.matcher(part.strip()).matches()) return malformed("bad parameter");
        }
        return new HeaderReading.Value<>(new Contact(uri, parameters(rest)));
    }

    static Map<String, String> parameters(String text) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String part : split(text, ';')) {
            String one = part.strip();
            if (one.isEmpty()) continue;
            int equals = one.indexOf('=');
            String name = equals < 0 ? one : one.substring(0, equals).strip();
            String value = equals < 0 ? "" : one.substring(equals + 1).strip();
            parameters.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
        }
        return parameters;
    }

    /** Splits where the separator stands neither in quotes nor in angle brackets. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        boolean bracketed = false;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted) i++;
            else if (c == '"' && !bracketed) quoted = !quoted;
            else if (c == '<' && !quoted) bracketed = true;
            else if (c == '>' && !quoted) bracketed = false;
            else if (c == separator && !quoted && !bracketed) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static int indexOutsideQuotes(String text, char wanted) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted) i++;
            else if (c == '"') quoted = !quoted;
            else if (c == wanted && !quoted) return i;
        }
        return -1;
    }

    private static <T> HeaderReading<T> malformed(String reason) {
        return new HeaderReading.Malformed<>(reason);
    }
}

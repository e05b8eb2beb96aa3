package io.firefly.voip.registrar;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A SIP URI that can be compared with another one by the rules of RFC 3261 19.1.4.
 *
 * @param text as it was sent; this is what goes back on the wire
 * @param port -1 when not said: sip:host and sip:host:5060 are not equal
 * @param parameters lower-case name to lower-case value
 */
record ContactUri(
        String text,
        String scheme,
        String userinfo,
        String host,
        int port,
        Map<String, String> parameters,
        Map<String, String> headers) {
    private static final int MAX_LENGTH = 512;
    private static final Pattern FORBIDDEN = Pattern.compile("[\\s\\p{Cntrl}\"<>\\\\]");
    private static final Pattern HOST = Pattern.compile("\\[[0-9a-f:.]+]|[a-z0-9._-]+");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    /** Those that make a difference even when only one of the two URIs has them. */
    private static final Set<String> DECISIVE = Set.of("user", "ttl", "method", "maddr", "transport");

    /** Null when it is no SIP or SIPS URI, or longer than 512 characters. */
    static @Nullable ContactUri parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0 || text.length() > MAX_LENGTH || FORBIDDEN.matcher(text).find()) return null;
        String scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!scheme.equals("sip") && !scheme.equals("sips")) return null;
        String rest = text.substring(colon + 1);
        int question = rest.indexOf('?');
        String headers = question < 0 ? "" : rest.substring(question + 1);
        if (question >= 0) rest = rest.substring(0, question);
        int at = rest.lastIndexOf('@');
        String userinfo = at < 0 ? "" : rest.substring(0, at);
        String[] parts = rest.substring(at + 1).split(";", -1);
        int port = port(parts[0]);
        String host = host(parts[0]);
        if (host.isEmpty() || port < -1) return null;
        return new ContactUri(
                text, scheme, decoded(userinfo), host, port, pairs(parts, 1), pairs(headers.split("&", -1), 0));
    }

    private static int portColon(String hostPort) {
        int colon = hostPort.lastIndexOf(':');
        return colon > hostPort.lastIndexOf(']') ? colon : -1;
    }

    private static String host(String hostPort) {
        int colon = portColon(hostPort);
        String host = (colon < 0 ? hostPort : hostPort.substring(0, colon)).toLowerCase(Locale.ROOT);
        return HOST.matcher(host).matches() ? host : "";
    }

    private static int port(String hostPort) {
        int colon = portColon(hostPort);
        if (colon < 0) return -1;
        String digits = hostPort.substring(colon + 1);
        if (!PORT.matcher(digits).matches()) return -2;
        int port = Integer.parseInt(digits);
        return port >= 1 && port <= 65_535 ? port : -2;
    }

    private static Map<String, String> pairs(String[] parts, int from) {
        Map<String, String> pairs = new HashMap<>();
        for (int i = from; i < parts.length; i++) {
            if (parts[i].isEmpty()) continue;
            int equals = parts[i].indexOf('=');
            String name = equals < 0 ? parts[i] : parts[i].substring(0, equals);
            String value = equals < 0 ? "" : parts[i].substring(equals + 1);
            pairs.put(decoded(name).toLowerCase(Locale.ROOT), decoded(value).toLowerCase(Locale.ROOT));
        }
        return Map.copyOf(pairs);
    }

    private static String decoded(String text) {
        if (text.indexOf('%') < 0) return text;
        try {
            // URLDecoder would turn + into a blank, and + begins every international number.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // A stray percent sign is part of the name, nothing else.
            return text;
        }
    }

    boolean isSameAs(ContactUri other) {
        return scheme.equals(other.scheme)
                && userinfo.equals(other.userinfo)
                && host.equals(other.host)
                && port == other.port
                && headers.equals(other.headers)
                && parametersAgree(other);
    }

    private boolean parametersAgree(ContactUri other) {
        Set<String> names = new HashSet<>(parameters.keySet());
        names.addAll(other.parameters.keySet());
        for (String name : names) {
            String mine = parameters.get(name);
            String theirs = other.parameters.get(name);
            if (mine == null || theirs == null) {
                if (DECISIVE.contains(name)) return false;
            } else if (!mine.equals(theirs)) {
                return false;
            }
        }
        return true;
    }
}

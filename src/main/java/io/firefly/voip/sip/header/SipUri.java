package io.firefly.voip.sip.header;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@code sip:}, {@code sips:} (RFC 3261 19.1) or {@code tel:} (RFC 3966) address.
 *
 * @param scheme lower case
 * @param user percent-decoded, without password and user parameters; empty when there is none
 * @param host as sent, IPv6 in brackets; empty for {@code tel:}
 * @param port -1 when not said
 * @param parameters lower-case name to value; empty text for a parameter without one
 * @param headers what stands behind {@code ?}, percent-decoded, lower-case names
 */
public record SipUri(
        String scheme,
        String user,
        String host,
        int port,
        Map<String, String> parameters,
        Map<String, String> headers) {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final int MAX_CHARS = 2048;

    public SipUri {
        parameters = Map.copyOf(parameters);
        headers = Map.copyOf(headers);
    }

    /** @throws HeaderSyntaxException when this is no address of the three schemes */
    public static SipUri parse(String text) throws HeaderSyntaxException {
        String uri = text.trim();
        if (uri.length() > MAX_CHARS || hasBlankOrControl(uri)) throw new HeaderSyntaxException("no address", text);
        int colon = uri.indexOf(':');
        String scheme = colon < 0 ? "" : uri.substring(0, colon).toLowerCase(Locale.ROOT);
        String rest = uri.substring(colon + 1);
        return switch (scheme) {
            case "tel" -> parseTel(rest);
            case "sip", "sips" -> parseSip(scheme, rest);
            default -> throw new HeaderSyntaxException("address of no known scheme", text);
        };
    }

    /** The value of {@code transport=}, lower case; {@code udp} when not said. */
    public String transport() {
        return parameters.getOrDefault("transport", "udp").toLowerCase(Locale.ROOT);
    }

    /** The port, or the default one of the scheme. */
    public int portOrDefault() {
        if (port > 0) return port;
        return scheme.equals("sips") || transport().equals("tls") ? 5061 : 5060;
    }

    private static SipUri parseTel(String rest) throws HeaderSyntaxException {
        int end = rest.indexOf(';');
        String number = end < 0 ? rest : rest.substring(0, end);
        if (number.isEmpty()) throw new HeaderSyntaxException("tel address without number", rest);
        Map<String, String> parameters = end < 0 ? Map.of() : pairs(rest.substring(end + 1), ';');
        return new SipUri("tel", decoded(number), "", -1, parameters, Map.of());
    }

    private static SipUri parseSip(String scheme, String rest) throws HeaderSyntaxException {
        // '@' stands nowhere but behind the user part: everywhere else RFC 3261 25.1 wants it escaped.
        int at = rest.indexOf('@');
        String user = at < 0 ? "" : withoutPasswordAndParameters(rest.substring(0, at));
        String hostAndMore = rest.substring(at + 1);
        int question = hostAndMore.indexOf('?');
        String headers = question < 0 ? "" : hostAndMore.substring(question + 1);
        String hostAndParameters = question < 0 ? hostAndMore : hostAndMore.substring(0, question);
        int semicolon = hostAndParameters.indexOf(';');
        String hostPort = semicolon < 0 ? hostAndParameters : hostAndParameters.substring(0, semicolon);
        String parameters = semicolon < 0 ? "" : hostAndParameters.substring(semicolon + 1);
        int portColon = hostPort.lastIndexOf(':');
        boolean hasPort = portColon > hostPort.lastIndexOf(']');
        String host = hasPort ? hostPort.substring(0, portColon) : hostPort;
        if (!HOST.matcher(host).matches()) throw new HeaderSyntaxException("bad host", rest);
        int port = hasPort ? port(hostPort.substring(portColon + 1)) : -1;
        return new SipUri(scheme, decoded(user), host, port, pairs(parameters, ';'), pairs(headers, '&'));
    }

    private static String withoutPasswordAndParameters(String userInfo) {
        int end = userInfo.indexOf(':');
        String user = end < 0 ? userInfo : userInfo.substring(0, end);
        int semicolon = user.indexOf(';');
        return semicolon < 0 ? user : user.substring(0, semicolon);
    }

    private static int port(String digits) throws HeaderSyntaxException {
        if (!PORT.matcher(digits).matches()) throw new HeaderSyntaxException("bad port", digits);
        int port = Integer.parseInt(digits);
        if (port == 0 || port > 65535) throw new HeaderSyntaxException("bad port", digits);
        return port;
    }

    private static Map<String, String> pairs(String text, char separator) {
        if (text.isEmpty()) return Map.of();
        Map<String, String> found = new LinkedHashMap<>();
        for (String pair : text.split(String.valueOf(separator), 64)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            if (!name.isBlank()) found.putIfAbsent(name.trim().toLowerCase(Locale.ROOT), decoded(value.trim()));
        }
        return Collections.unmodifiableMap(found);
    }

    /** Percent-decoding; an escape that is broken or would smuggle in a control character stays as it was sent. */
    static String decoded(String text) {
        if (text.indexOf('%') < 0) return text;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        int i = 0;
        while (i < text.length()) {
            int octet = escapedOctet(text, i);
            if (octet >= 0x20 && octet != 0x7F) {
                bytes.write(octet);
                i += 3;
            } else {
                bytes.writeBytes(String.valueOf(text.charAt(i)).getBytes(StandardCharsets.UTF_8));
                i++;
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int escapedOctet(String text, int at) {
        if (text.charAt(at) != '%' || at + 2 >= text.length()) return -1;
        int high = Character.digit(text.charAt(at + 1), 16);
        int low = Character.digit(text.charAt(at + 2), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static boolean hasBlankOrControl(String text) {
        return text.chars().anyMatch(c -> c <= 0x20 || c == 0x7F);
    }

    /** The value of a URI parameter, or null. */
    public @Nullable String parameter(String name) {
        return parameters.get(name.toLowerCase(Locale.ROOT));
    }
}

package io.firefly.voip.phone;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whom to call.
 *
 * @param uri the Request-URI without parameters
 * @param transport what {@code ;transport=} asks for, null when it is not there
 */
record Target(
        String uri,
        String user,
        String host,
        int port,
        @Nullable String transport) {
    private static final Pattern URI = Pattern.compile(
            "(?:sip:)?(?:([^@:\\s<>\"]{1,200})@)?(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]{1,253})(?::(\\d{1,5}))?((?:;[^\\s<>\"]*)?)",
            Pattern.CASE_INSENSITIVE);
    private static final int SIP_PORT = 5060;

    /** @throws IllegalArgumentException with a sentence for the user when it is not a SIP address */
    static Target parse(String text) {
        Matcher parts = URI.matcher(text);
        if (!parts.matches()) throw new IllegalArgumentException("'" + text + "' is not like sip:echo@127.0.0.1:5060");
        String user = parts.group(1) == null ? "" : parts.group(1);
        String host = parts.group(2);
        String explicitPort = parts.group(3);
        int port = explicitPort == null ? SIP_PORT : Integer.parseInt(explicitPort);
        if (port < 1 || port > 65_535) throw new IllegalArgumentException("'" + text + "': port 1 to 65535");
        String uri = "sip:" + (user.isEmpty() ? "" : user + "@") + host + (explicitPort == null ? "" : ":" + port);
        return new Target(uri, user, host, port, transportOf(parts.group(4)));
    }

    private static @Nullable String transportOf(String parameters) {
        Matcher transport = Pattern.compile(";transport=(\\w+)").matcher(parameters.toLowerCase(Locale.ROOT));
        return transport.find() ? transport.group(1) : null;
    }
}

package io.firefly.voip.media.sdp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads addresses without ever asking a name server: what the network says must not make us wait. */
final class IpLiteral {
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");

    private IpLiteral() {}

    /** Null when the text is a host name or nonsense. A multicast {@code /ttl} is cut off. */
    static @Nullable InetAddress parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        return literal.indexOf(':') >= 0 ? ipv6(literal) : ipv4(literal);
    }

    private static @Nullable InetAddress ipv4(String literal) {
        String[] parts = literal.split("\\.", -1);
        if (parts.length != 4) return null;
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            Integer part = SdpReader.number(parts[i], 255);
            if (part == null) return null;
            bytes[i] = part.byteValue();
        }
        return address(bytes);
    }

    private static @Nullable InetAddress ipv6(String literal) {
        if (!IPV6.matcher(literal).matches()) return null;
        try {
            // With a colon inside, the JDK takes the text for a literal and asks nobody.
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static @Nullable InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}

package io.firefly.voip.camel.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/**
 * Stands before every request of a route: which host, by which scheme, at which address. The address that was looked at is
 * the one that is used, so a name cannot lead elsewhere in between.
 */
final class HttpGuard implements ExecChainHandler, DnsResolver {
    private final HttpGuardProperties settings;
    private final DnsResolver names;

    HttpGuard(HttpGuardProperties settings) {
        this(settings, SystemDefaultDnsResolver.INSTANCE);
    }

    HttpGuard(HttpGuardProperties settings, DnsResolver names) {
        this.settings = settings;
        this.names = names;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        String host = scope.route.getTargetHost().getHostName();
        if (!isInternal(host)) {
            checkListed(host);
            if (!scope.route.isSecure())
                throw new IOException("http: is for firefly.http.internal-hosts only; use https:");
        }
        ClassicHttpResponse response = chain.proceed(request, scope);
        if (response.getEntity() != null) {
            response.setEntity(new BoundedAnswer(response.getEntity(), settings.maxAnswerBytes()));
        }
        return response;
    }

    private boolean isInternal(String host) {
        return settings.internalHosts().contains(host.toLowerCase(Locale.ROOT));
    }

    private void checkListed(String host) throws IOException {
        String name = host.toLowerCase(Locale.ROOT);
        for (String allowed : settings.allowedHosts()) {
            boolean matches = allowed.startsWith("*.") ? name.endsWith(allowed.substring(1)) : name.equals(allowed);
            if (matches) return;
        }
        throw new IOException(
                "the host " + name.replaceAll("[^a-z0-9.:\\[\\]_-]", "?") + " is not in firefly.http.allowed-hosts");
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = names.resolve(host);
        if (isInternal(host)) return addresses;
        for (InetAddress address : addresses) {
            if (!isPublic(address)) {
                throw new UnknownHostException(
                        "a host of firefly.http.allowed-hosts leads into the own network: " + address.getHostAddress());
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return names.resolveCanonicalHostname(host);
    }

    /** RFC 6890: what is reached through the internet and nowhere else. */
    static boolean isPublic(InetAddress address) {
        boolean local = address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress();
        byte[] bytes = address.getAddress();
        return !local && (bytes.length == 4 ? isPublic(bytes, 0) : isPublicV6(bytes));
    }

    private static boolean isPublic(byte[] bytes, int at) {
        int first = bytes[at] & 0xFF;
        int second = bytes[at + 1] & 0xFF;
        int third = bytes[at + 2] & 0xFF;
        if (first == 0 || first == 10 || first == 127 || first >= 224) return false;
        if (first == 100) return (second & 0xC0) != 64;
        if (first == 169) return second != 254;
        if (first == 172) return (second & 0xF0) != 16;
        if (first == 192) return second != 168 && !(second == 0 && (third == 0 || third == 2));
        if (first == 198) return (second & 0xFE) != 18 && !(second == 51 && third == 100);
        return !(first == 203 && second == 0 && third == 113);
    }

    /** 2000::/3 is what is assigned; within it 6to4 carries an IPv4 address that is judged like one. */
    private static boolean isPublicV6(byte[] bytes) {
        if ((bytes[0] & 0xE0) != 0x20) return false;
        boolean sixToFour = bytes[0] == 0x20 && bytes[1] == 0x02;
        boolean teredo = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0 && bytes[3] == 0;
        boolean documentation = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0D && (bytes[3] & 0xFF) == 0xB8;
        return !teredo && !documentation && (!sixToFour || isPublic(bytes, 2));
    }
}

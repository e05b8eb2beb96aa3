package io.firefly.voip.console;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a request may change something. With a token: whoever shows it. Without: whoever calls from this machine and
 * not through a proxy, and names it as this machine; a page of another host that a browser here is made to load does not.
 */
final class WriteGuard {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final List<String> SIGNS_OF_A_PROXY =
            List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");
    private static final String BEARER = "Bearer ";

    private final String token;

    /** @param token empty when there is none */
    WriteGuard(String token) {
        this.token = token;
    }

    boolean wantsToken() {
        return !token.isEmpty();
    }

    /** Null when the request may; else why not. */
    @Nullable
    String objection(HttpServletRequest request) {
        if (!isFromOurPage(request)) return "a page of another host may not do this";
        if (wantsToken())
            return showsToken(request) ? null : "this needs Authorization: Bearer <firefly.console.token>";
        if (isFromHere(request)) return null;
        return "only from this machine, called as localhost; for others set firefly.console.token";
    }

    private boolean showsToken(HttpServletRequest request) {
        String shown = request.getHeader("Authorization");
        if (shown == null || !shown.startsWith(BEARER)) return false;
        byte[] given = shown.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(given, token.getBytes(StandardCharsets.UTF_8)); // takes equally long for any guess
    }

    private static boolean isFromHere(HttpServletRequest request) {
        try {
            if (!InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress()) return false;
        } catch (UnknownHostException e) {
            return false;
        }
        boolean isProxied = SIGNS_OF_A_PROXY.stream().anyMatch(name -> request.getHeader(name) != null);
        return !isProxied && THIS_MACHINE.contains(withoutPort(request.getHeader("Host")));
    }

    /** Browsers say from which page a request that writes comes; others say nothing. */
    private static boolean isFromOurPage(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        if (origin == null) return true;
        try {
            String page = URI.create(origin).getHost();
            return page != null && page.equals(withoutPort(request.getHeader("Host")));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String withoutPort(@Nullable String host) {
        return host == null ? "" : host.replaceFirst(":\\d+$", "");
    }
}

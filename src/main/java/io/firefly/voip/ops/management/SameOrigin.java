package io.firefly.voip.ops.management;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A page of another origin gets nothing from here, whatever cookie or password the browser adds (Fetch Metadata, W3C;
 * Origin, RFC 6454). Somebody who follows a link to us is let in; programs send neither header.
 */
final class SameOrigin extends OncePerRequestFilter {
    private static final Set<String> OURS = Set.of("same-origin", "none");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isForeign(request)) {
            // Not sendError: the page for errors would ask for the login first.
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
            response.setContentType("text/plain");
            response.getWriter().println("requests of other origins are refused");
            return;
        }
        chain.doFilter(request, response);
    }

    private static boolean isForeign(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        if (origin != null && !isOwn(origin, request)) return true;
        String site = request.getHeader("Sec-Fetch-Site");
        return site != null && !OURS.contains(site) && !isLinkFollowed(request);
    }

    private static boolean isLinkFollowed(HttpServletRequest request) {
        return request.getMethod().equals("GET")
                && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
                && "document".equals(request.getHeader("Sec-Fetch-Dest"));
    }

    private static boolean isOwn(String origin, HttpServletRequest request) {
        @Nullable String host = request.getHeader("Host");
        if (host == null) return false;
        try {
            URI uri = URI.create(origin);
            return host.toLowerCase(Locale.ROOT).equals(uri.getRawAuthority())
                    && request.getScheme().equals(uri.getScheme());
        } catch (IllegalArgumentException notAnOrigin) {
            return false;
        }
    }

    /** A browser says at least one of these; a program with a Basic login says none, and no page can make it do so. */
    static boolean isProgram(HttpServletRequest request) {
        return request.getHeader("Authorization") != null
                && request.getHeader("Origin") == null
                && request.getHeader("Referer") == null
                && request.getHeader("Sec-Fetch-Site") == null
                && request.getHeader("Cookie") == null;
    }
}

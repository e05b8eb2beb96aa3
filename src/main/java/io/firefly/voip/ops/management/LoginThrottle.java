package io.firefly.voip.ops.management;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/**
 * Checks the login, and lets an address that was wrong ten times within a minute wait for one; nobody else waits. Knows
 * 1000 addresses and forgets the longest unheard. Any thread.
 */
final class LoginThrottle implements AuthenticationProvider {
    static final String ROLE = "OPERATOR";
    static final int FAILURES = 10;
    private static final int MAX_ADDRESSES = 1000;
    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();
    private static final Logger log = LoggerFactory.getLogger(LoginThrottle.class);

    private final ManagementLogin login;
    private final LongSupplier nanoTime;
    private final LongAdder refused = new LongAdder();
    private final Map<String, Failures> byAddress = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    private record Failures(int number, long sinceNanos) {}

    LoginThrottle(ManagementLogin login, LongSupplier nanoTime) {
        this.login = login;
        this.nanoTime = nanoTime;
    }

    @Override
    public Authentication authenticate(Authentication asked) {
        String address = address(asked);
        if (failures(address) >= FAILURES) {
            refused.increment();
            throw new LockedException("too many wrong passwords from this address: wait a minute");
        }
        String user = asked.getName();
        Object password = asked.getCredentials();
        if (!login.accepts(user, password == null ? "" : password.toString())) {
            refused.increment();
            failed(address);
            throw new BadCredentialsException("wrong user or password");
        }
        succeeded(address);
        var known = UsernamePasswordAuthenticationToken.authenticated(
                user, null, AuthorityUtils.createAuthorityList("ROLE_" + ROLE));
        known.setDetails(asked.getDetails());
        return known;
    }

    /** Since the start. */
    long refused() {
        return refused.sum();
    }

    private synchronized int failures(String address) {
        Failures known = byAddress.get(address);
        return known == null || isOver(known) ? 0 : known.number();
    }

    private synchronized void failed(String address) {
        Failures known = byAddress.get(address);
        Failures now = known == null || isOver(known)
                ? new Failures(1, nanoTime.getAsLong())
                : new Failures(known.number() + 1, known.sinceNanos());
        byAddress.put(address, now);
        if (now.number() == FAILURES) log.warn("management: {} wrong passwords from {}: it waits", FAILURES, address);
    }

    private synchronized void succeeded(String address) {
        byAddress.remove(address);
    }

    private boolean isOver(Failures failures) {
        return nanoTime.getAsLong() - failures.sinceNanos() > WINDOW_NANOS;
    }

    private static String address(Authentication asked) {
        @Nullable Object details = asked.getDetails();
        return details instanceof WebAuthenticationDetails web ? String.valueOf(web.getRemoteAddress()) : "";
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }
}

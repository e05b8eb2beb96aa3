package io.firefly.voip.registrar;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which counts (nc) of a nonce have been used: the highest one and the 64 below it, as IPsec and SRTP do. Requests of one
 * telephone may overtake each other; none may come twice.
 *
 * <p>Bounded. When a nonce falls out before its time, all nonces issued up to then and not in the table count as used:
 * the client hears stale and comes again, nobody can replay. Any thread.
 */
final class NonceCounts {
    private static final class Window {
        private final long issuedAtMillis;
        private long highest = -1;
        private long seen;

        Window(long issuedAtMillis) {
            this.issuedAtMillis = issuedAtMillis;
        }

        boolean take(long count) {
            if (count > highest) {
                long ahead = count - highest;
                seen = ahead >= Long.SIZE ? 1 : (seen << ahead) | 1;
                highest = count;
                return true;
            }
            long behind = highest - count;
            if (behind >= Long.SIZE || (seen >> behind & 1) == 1) return false;
            seen |= 1L << behind;
            return true;
        }
    }

    private final int maxNonces;
    private final long lifetimeMillis;
    private final Map<String, Window> windows = new LinkedHashMap<>();
    private long forgottenUpToMillis = Long.MIN_VALUE;
    private long evicted;

    NonceCounts(int maxNonces, long lifetimeMillis) {
        this.maxNonces = maxNonces;
        this.lifetimeMillis = lifetimeMillis;
    }

    /** True the first time this count of this nonce is seen. Call it for right answers only: strangers fill no memory. */
    synchronized boolean take(String nonce, long issuedAtMillis, long count, long nowMillis) {
        Window window = windows.get(nonce);
        if (window == null) {
            if (issuedAtMillis <= forgottenUpToMillis) return false;
            window = new Window(issuedAtMillis);
            windows.put(nonce, window);
            makeRoom(nowMillis);
        }
        return window.take(count);
    }

    private void makeRoom(long nowMillis) {
        Iterator<Window> oldest = windows.values().iterator();
        while (oldest.hasNext()) {
            Window window = oldest.next();
            boolean expired = nowMillis - window.issuedAtMillis >= lifetimeMillis;
            if (!expired && windows.size() <= maxNonces) return;
            oldest.remove();
            if (!expired) {
                forgottenUpToMillis = Math.max(forgottenUpToMillis, window.issuedAtMillis);
                evicted++;
            }
        }
    }

    synchronized int size() {
        return windows.size();
    }

    /** Nonces that fell out before their time because the table was full. */
    synchronized long evicted() {
        return evicted;
    }
}

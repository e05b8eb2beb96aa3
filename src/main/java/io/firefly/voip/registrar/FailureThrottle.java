package io.firefly.voip.registrar;

import io.firefly.voip.call.Source;
import io.firefly.voip.registrar.RegistrarProperties.Throttle;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Refuses whoever guesses passwords: one address that fails for one user, and one address that fails for many.
 *
 * <p>There is no lock per user alone: it would let anybody lock out anybody. A trusted address (a proxy before us) speaks
 * for many phones and is judged per user only. Known and unknown users are counted alike. Any thread; bounded tables.
 */
final class FailureThrottle {
    private record Key(Object network, @Nullable String user) {
        // The name comes from the network: a key must not be as long as its sender likes.
        static Key of(Source source, String user) {
            int length = Math.min(user.length(), Subscribers.MAX_USER_LENGTH + 1);
            return new Key(networkOf(source), user.substring(0, length));
        }
    }

    private record Failures(int count, long sinceMillis, long refusedUntilMillis) {
        static final Failures NONE = new Failures(0, 0, 0);
    }

    private record Rule(int failures, long withinMillis, long refuseMillis) {
        Failures after(Failures before, long nowMillis) {
            boolean sameSpell = before.count() > 0 && nowMillis - before.sinceMillis() < withinMillis;
            int count = sameSpell ? before.count() + 1 : 1;
            long since = sameSpell ? before.sinceMillis() : nowMillis;
            return new Failures(count, since, count >= failures ? nowMillis + refuseMillis : 0);
        }

        long livesMillis() {
            return Math.max(withinMillis, refuseMillis);
        }
    }

    private final Rule perUser;
    private final Rule perAddress;
    private final BoundedTable<Key, Failures> table;
    private final Clock clock;

    FailureThrottle(Throttle settings, Clock clock) {
        this.perUser = new Rule(
                settings.failures(),
                settings.within().toMillis(),
                settings.refuseFor().toMillis());
        this.perAddress = new Rule(
                settings.addressFailures(),
                settings.addressWithin().toMillis(),
                settings.addressRefuseFor().toMillis());
        this.table = new BoundedTable<>(settings.maxEntries());
        this.clock = clock;
    }

    boolean refuses(Source source) {
        return !source.trusted() && isRefused(new Key(networkOf(source), null));
    }

    boolean refuses(Source source, String user) {
        return isRefused(Key.of(source, user));
    }

    private boolean isRefused(Key key) {
        long now = clock.millis();
        Failures failures = table.get(key, now);
        return failures != null && failures.refusedUntilMillis() > now;
    }

    /** @return true when this failure was the one that closed the door */
    boolean failed(Source source, String user) {
        boolean closed = count(Key.of(source, user), perUser);
        if (!source.trusted()) closed |= count(new Key(networkOf(source), null), perAddress);
        return closed;
    }

    private boolean count(Key key, Rule rule) {
        long now = clock.millis();
        return table.update(key, Failures.NONE, before -> rule.after(before, now), now, rule.livesMillis())
                        .refusedUntilMillis()
                > 0;
    }

    void succeeded(Source source, String user) {
        table.remove(Key.of(source, user));
    }

    // An IPv6 subscriber owns at least a /64 (RFC 6177): counting single addresses would count nothing.
    private static Object networkOf(Source source) {
        InetAddress address = source.address().getAddress();
        if (address == null) return source.address().getHostString();
        byte[] bytes = address.getAddress();
        return bytes.length == 16 ? (Object) ByteBuffer.wrap(bytes).getLong() : address;
    }
}

package io.firefly.voip.sip.valve;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How much each source may send: a token bucket per address, and one of its own for each dialog and each flow (address
 * and port) that somebody proved to be theirs, so that junk from next door silences nobody's call.
 *
 * <p>Whoever goes on when told to slow down is not heard. Only a connection proves an address, so only that leads to a
 * ban; a forged datagram could ban anybody. Every question costs the same however many sources there are. Any thread.
 */
public final class SourceRates {
    public enum Verdict {
        PASS,
        /** 503. */
        SLOW_DOWN,
        /** No answer: this source does not listen to answers. */
        SILENCE,
        BANNED
    }

    /** A token bucket: how many at once, how many a second, and how long a ban lasts; doubled each time, up to a day. */
    public record Rate(int burst, double perSecond, Duration ban) {}

    private static final int MAX_SOURCES = 20_000;
    private static final long LONGEST_BAN_NANOS = TimeUnit.DAYS.toNanos(1);
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** The longest that a registration lasts. */
    private static final long FLOW_NANOS = TimeUnit.HOURS.toNanos(2);

    private final Rate rate;
    private final LongSupplier nanoTime;
    // Least recently heard first, so that the first is the one to forget.
    private final Map<InetAddress, Bucket> strangers = new LinkedHashMap<>(64, 0.75f, true);
    private final Map<InetSocketAddress, Bucket> flows = new LinkedHashMap<>(64, 0.75f, true);
    private final Map<String, Bucket> dialogs = new LinkedHashMap<>(64, 0.75f, true);
    // Shared by all newcomers once there are too many to remember: a flood from forged addresses costs no memory.
    private final Bucket crowd;
    private long sweptNanos;

    public SourceRates(Rate rate, LongSupplier nanoTime) {
        this.rate = rate;
        this.nanoTime = nanoTime;
        long now = nanoTime.getAsLong();
        this.crowd = new Bucket(now);
        this.sweptNanos = now - SWEEP_NANOS;
    }

    /**
     * One request of somebody unknown.
     *
     * @param connected true when a connection proves the address
     */
    public synchronized Verdict ask(InetSocketAddress source, double cost, boolean connected) {
        long now = nanoTime.getAsLong();
        Bucket flow = flows.get(source);
        if (flow != null && now - flow.provedNanos < FLOW_NANOS) return flow.take(cost, now, false);
        InetAddress address = network(source.getAddress());
        Bucket bucket = strangers.get(address);
        if (bucket == null) bucket = newcomer(address, now);
        return bucket.take(cost, now, connected);
    }

    /** One request inside of a dialog of ours. */
    public synchronized Verdict askDialog(String dialog, double cost) {
        long now = nanoTime.getAsLong();
        Bucket bucket = dialogs.get(dialog);
        if (bucket == null) {
            if (dialogs.size() >= MAX_SOURCES) removeEldest(dialogs);
            bucket = new Bucket(now);
            dialogs.put(dialog, bucket);
        }
        return bucket.take(cost, now, false);
    }

    /** Somebody proved that they receive what is sent there: they registered from there, or acknowledged an answer. */
    public synchronized void proved(InetSocketAddress flow) {
        long now = nanoTime.getAsLong();
        Bucket bucket = flows.get(flow);
        if (bucket == null) {
            if (flows.size() >= MAX_SOURCES) removeEldest(flows);
            bucket = new Bucket(now);
            flows.put(flow, bucket);
        }
        bucket.provedNanos = now;
    }

    private Bucket newcomer(InetAddress address, long now) {
        if (strangers.size() >= MAX_SOURCES && !makeRoom(now)) return crowd;
        Bucket bucket = new Bucket(now);
        strangers.put(address, bucket);
        return bucket;
    }

    private boolean makeRoom(long now) {
        Iterator<Bucket> oldest = strangers.values().iterator();
        if (oldest.next().isQuiet(now)) {
            oldest.remove();
            return true;
        }
        // Behind one that is banned and silent may be others: looked for once in a while, not for each datagram.
        if (now - sweptNanos < SWEEP_NANOS) return false;
        sweptNanos = now;
        strangers.values().removeIf(bucket -> bucket.isQuiet(now));
        return strangers.size() < MAX_SOURCES;
    }

    private static void removeEldest(Map<?, Bucket> buckets) {
        Iterator<?> eldest = buckets.values().iterator();
        eldest.next();
        eldest.remove();
    }

    /** One customer has a whole /64 of IPv6. */
    private static InetAddress network(InetAddress source) {
        if (!(source instanceof Inet6Address)) return source;
        byte[] bytes = source.getAddress();
        Arrays.fill(bytes, 8, 16, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException sixteenBytesAreAlwaysRight) {
            throw new IllegalStateException(sixteenBytesAreAlwaysRight);
        }
    }

    /** Used under the lock of the table. */
    private final class Bucket {
        private double tokens = rate.burst();
        private long filledNanos;
        private long provedNanos;
        private int refusals;
        private int bans;
        private boolean banned;
        private long banEndNanos;

        Bucket(long now) {
            filledNanos = now;
            provedNanos = now;
        }

        Verdict take(double cost, long now, boolean mayBeBanned) {
            if (isBanned(now)) return Verdict.BANNED;
            banned = false;
            double earned = (now - filledNanos) / 1e9 * rate.perSecond();
            filledNanos = now;
            tokens = Math.min(rate.burst(), tokens + earned);
            if (tokens >= cost) {
                tokens -= cost;
                if (tokens > rate.burst() / 2.0) refusals = 0;
                return Verdict.PASS;
            }
            refusals++;
            if (refusals <= rate.burst() || this == crowd) return Verdict.SLOW_DOWN;
            if (mayBeBanned && !rate.ban().isZero()) ban(now);
            return banned ? Verdict.BANNED : Verdict.SILENCE;
        }

        private void ban(long now) {
            long nanos = rate.ban().toNanos() << Math.min(bans, 10);
            banned = true;
            banEndNanos = now + Math.min(nanos, LONGEST_BAN_NANOS);
            bans++;
            refusals = 0;
        }

        private boolean isBanned(long now) {
            return banned && banEndNanos - now > 0;
        }

        /** True when a fresh bucket would be as good. */
        private boolean isQuiet(long now) {
            double missing = rate.burst() - tokens;
            return !isBanned(now) && (now - filledNanos) / 1e9 * rate.perSecond() >= missing;
        }
    }
}

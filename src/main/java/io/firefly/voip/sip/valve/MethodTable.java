package io.firefly.voip.sip.valve;

import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who takes the requests of a method: the last who asked for it. Any thread.
 *
 * @param <H> a handler
 */
public final class MethodTable<H> {
    private static final Set<String> KNOWN = Set.of(
            "INVITE",
            "ACK",
            "CANCEL",
            "BYE",
            "OPTIONS",
            "REGISTER",
            "INFO",
            "UPDATE",
            "PRACK",
            "MESSAGE",
            "SUBSCRIBE",
            "NOTIFY",
            "REFER",
            "PUBLISH");
    /** A route that is being swapped is back within that time. */
    private static final long SWAP_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Map<String, Deque<Registration<H>>> byMethod = new ConcurrentHashMap<>();
    private final Map<String, Long> lastSeenNanos = new ConcurrentHashMap<>();
    private volatile boolean complete;

    /** No record: two registrations of one handler are two. */
    private static final class Registration<H> {
        private final Set<String> methods;
        private final H handler;

        Registration(Set<String> methods, H handler) {
            this.methods = Set.copyOf(methods);
            this.handler = handler;
        }
    }

    /** @return takes the registration back */
    public AutoCloseable add(Set<String> methods, H handler) {
        Registration<H> registration = new Registration<>(methods, handler);
        for (String method : methods)
            byMethod.computeIfAbsent(method, first -> new ConcurrentLinkedDeque<>())
                    .addFirst(registration);
        return () -> remove(registration);
    }

    /** Everybody who takes a method at the start has said so: what is left is taken by nobody. */
    public void complete() {
        complete = true;
    }

    private void remove(Registration<H> registration) {
        for (String method : registration.methods) {
            boolean removed = registered(method).remove(registration);
            if (removed) lastSeenNanos.put(method, System.nanoTime());
        }
    }

    public @Nullable H handler(String method) {
        Registration<H> last = registered(method).peekFirst();
        return last == null ? null : last.handler;
    }

    /** The status for a request that has no handler: 503 when there will be one in a moment, else 405 or 501. */
    public int refusal(String method) {
        Long seen = lastSeenNanos.get(method);
        boolean swapped = seen != null && System.nanoTime() - seen < SWAP_NANOS;
        boolean starting = !complete && isKnown(method);
        if (swapped || starting) return 503;
        return isKnown(method) ? 405 : 501;
    }

    /** True for a method that some RFC of ours names. */
    public static boolean isKnown(String method) {
        return KNOWN.contains(method);
    }

    /** Methods that somebody takes now. */
    public Set<String> methods() {
        Set<String> methods = new TreeSet<>();
        byMethod.forEach((method, registered) -> {
            if (!registered.isEmpty()) methods.add(method);
        });
        return methods;
    }

    private Deque<Registration<H>> registered(String method) {
        return byMethod.getOrDefault(method, new ConcurrentLinkedDeque<>());
    }
}

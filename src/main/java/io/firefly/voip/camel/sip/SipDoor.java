package io.firefly.voip.camel.sip;

import io.firefly.voip.sip.SipFront;
import io.firefly.voip.sip.SipRequest;
import io.firefly.voip.sip.SipResponder;
import io.firefly.voip.sip.SipResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One method at the front door and the route that takes it; the newest when there are two. While the route is being swapped nobody does for some
 * milliseconds: whoever comes then waits a little, and is served by the next version. A door that stays without a route
 * goes, so that its method is refused like any other.
 */
final class SipDoor {
    private static final Logger LOG = LoggerFactory.getLogger(SipDoor.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final String method;
    private final SipFront front;
    private final Supplier<ExecutorService> routeThreads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** The newest first: it takes everything. */
    private final Deque<SipConsumer> routes = new ArrayDeque<>();

    private @Nullable AutoCloseable registration;
    private long absentSinceNanos = System.nanoTime();

    SipDoor(String method, SipFront front, Supplier<ExecutorService> routeThreads) {
        this.method = method;
        this.front = front;
        this.routeThreads = routeThreads;
    }

    void open(SipConsumer consumer) {
        lock.lock();
        try {
            if (registration == null) registration = front.handle(Set.of(method), this::onRequest);
            routes.remove(consumer);
            routes.addFirst(consumer);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** @param stays whether another version of the route is waited for */
    void close(SipConsumer consumer, boolean stays) {
        lock.lock();
        try {
            if (!routes.remove(consumer) || !routes.isEmpty()) return;
            absentSinceNanos = System.nanoTime();
            if (!stays) unregister();
            else
                CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(this::goUnused);
        } finally {
            lock.unlock();
        }
    }

    private void goUnused() {
        lock.lock();
        try {
            if (routes.isEmpty() && patienceLeftNanos() <= 0) unregister();
        } finally {
            lock.unlock();
        }
    }

    private void unregister() {
        AutoCloseable open = registration;
        registration = null;
        try {
            if (open != null) open.close();
        } catch (Exception e) {
            LOG.warn("the front door does not let go of {}", method, e);
        }
    }

    /** On a thread of the front door: hands over. */
    private void onRequest(SipRequest request, SipResponder responder) {
        try {
            routeThreads.get().execute(() -> bringIn(request, responder));
        } catch (RejectedExecutionException full) {
            LOG.warn("Call-ID {}: {} refused, too many requests wait for their route", request.callId(), method);
            responder.respond(SipResponse.of(503, null, Map.of("Retry-After", List.of("5"))));
        }
    }

    private void bringIn(SipRequest request, SipResponder responder) {
        try {
            SipConsumer route = enter();
            if (route != null) route.take(request, responder);
            else responder.respond(SipResponse.of(503, null, Map.of("Retry-After", List.of("1"))));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            responder.respond(SipResponse.of(503, null, Map.of("Retry-After", List.of("1"))));
        }
    }

    /** The route, which counts one more inside from now on; null when none came in time. */
    private @Nullable SipConsumer enter() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (routes.isEmpty()) {
                long left = patienceLeftNanos();
                if (left <= 0) return null;
                long unused = changed.awaitNanos(left);
            }
            SipConsumer route = routes.getFirst();
            route.countIn();
            return route;
        } finally {
            lock.unlock();
        }
    }

    private long patienceLeftNanos() {
        return absentSinceNanos + PATIENCE.toNanos() - System.nanoTime();
    }
}

package io.firefly.voip.callcontrol;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The orders of one call, carried out one after the other: the next one begins when the one before has completed.
 * Call thread only.
 */
final class OrderQueue {
    /** A route that gives more orders than this to one call is out of its mind. */
    private static final int MAX_WAITING = 100;

    private final CallThreads.CallThread thread;
    private final Runnable whenIdle;
    private final Consumer<Throwable> whenFailed;
    private final Deque<Order> waiting = new ArrayDeque<>();
    private @Nullable Order current;
    private boolean closed;

    /**
     * @param whenIdle runs whenever the last order is done
     * @param whenFailed hears of an order that threw or completed exceptionally; later orders are dropped
     */
    OrderQueue(CallThreads.CallThread thread, Runnable whenIdle, Consumer<Throwable> whenFailed) {
        this.thread = thread;
        this.whenIdle = whenIdle;
        this.whenFailed = whenFailed;
    }

    void add(String name, Supplier<CompletionStage<?>> work) {
        if (closed) return;
        if (waiting.size() >= MAX_WAITING) {
            fail(new IllegalStateException("more than " + MAX_WAITING + " orders wait for one call"));
            return;
        }
        waiting.add(new Order(name, work));
        if (current == null) next();
    }

    /** Nothing that waits will be carried out, nothing new is taken. */
    void close() {
        closed = true;
        waiting.clear();
    }

    private void next() {
        current = waiting.poll();
        if (current == null) {
            whenIdle.run();
            return;
        }
        Order order = current;
        try {
            order.work().get().whenComplete((done, failure) -> thread.execute(() -> over(failure)));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void over(@Nullable Throwable failure) {
        if (closed) return;
        if (failure != null) fail(failure);
        else next();
    }

    private void fail(Throwable failure) {
        close();
        whenFailed.accept(failure);
    }

    @Override
    public String toString() {
        return current == null ? "idle" : current.name() + " and " + waiting.size() + " waiting";
    }

    private record Order(String name, Supplier<CompletionStage<?>> work) {}
}

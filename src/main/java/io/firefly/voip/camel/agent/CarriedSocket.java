package io.firefly.voip.camel.agent;

import io.firefly.voip.agent.Upstream;
import io.firefly.voip.camel.agent.CamelUpstream.Answer;
import io.firefly.voip.camel.agent.CamelUpstream.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A conversation's end of its socket. Orders go down under one lock, which keeps them in order; events come up under
 * another, which keeps them one at a time. While the downstream route is being reloaded, orders wait in an outbox.
 */
final class CarriedSocket implements Upstream.Socket {
    private static final int ABNORMAL = 1006;
    private static final int RETRY_MILLIS = 50;
    /** Longer than any reload of a route takes, shorter than a caller would wait. */
    private static final int MAX_RETRIES = 1000 / RETRY_MILLIS;

    private static final int MAX_OUTBOX = 256;
    private static final int MAX_OUTBOX_CHARS = 4 * 1024 * 1024;
    /** The websocket's CLOSE event knows why a socket is gone; only if it stays away do we end the conversation. */
    private static final int CLOSE_EVENT_MILLIS = 10_000;

    private static final String NO_ROUTE = "route agent-downstream is not running";

    private final CamelUpstream upstream;
    private final Upstream.Request request;
    private final Upstream.Listener listener;
    private final Object down = new Object();
    private final Object up = new Object();
    private final Deque<Order> outbox = new ArrayDeque<>();
    private int outboxChars;
    private int retries;
    private boolean closeOrdered;
    private volatile boolean ended;

    CarriedSocket(CamelUpstream upstream, Upstream.Request request, Upstream.Listener listener) {
        this.upstream = upstream;
        this.request = request;
        this.listener = listener;
    }

    /** Headers and, for a frame, its text. */
    private record Order(
            Map<String, Object> headers, @Nullable String text) {
        int size() {
            return text == null ? 0 : text.length();
        }
    }

    String key() {
        return request.key();
    }

    void connect() {
        Map<String, Object> headers = headers("connect");
        headers.put(CamelUpstream.URI, request.uri().toString());
        headers.put(CamelUpstream.HANDSHAKE, request.headers());
        Answer answer = submit(new Order(headers, null));
        if (answer.outcome() == Outcome.REFUSED) endSoon(ABNORMAL, answer.reason());
    }

    @Override
    public boolean send(String text) {
        if (ended) return false;
        return submit(new Order(headers("send"), text)).outcome() != Outcome.REFUSED;
    }

    @Override
    public void close(int code, String reason) {
        synchronized (down) {
            if (ended || closeOrdered) return;
            closeOrdered = true;
            Map<String, Object> headers = headers("close");
            headers.put(CamelUpstream.CLOSE_CODE, code);
            headers.put(CamelUpstream.CLOSE_REASON, reason);
            Answer answer = submit(new Order(headers, null));
            if (answer.outcome() == Outcome.REFUSED) {
                endSoon(ABNORMAL, answer.reason());
            } else {
                upstream.later(CLOSE_EVENT_MILLIS, () -> end(ABNORMAL, "no CLOSE event came"));
            }
        }
    }

    private Map<String, Object> headers(String order) {
        Map<String, Object> headers = new HashMap<>(8);
        headers.put(CamelUpstream.ORDER, order);
        headers.put(CamelUpstream.KEY, request.key());
        return headers;
    }

    private Answer submit(Order order) {
        synchronized (down) {
            if (!outbox.isEmpty()) return keep(order);
            Answer answer = upstream.order(order.headers(), order.text());
            return answer.outcome() == Outcome.NO_ROUTE ? keep(order) : answer;
        }
    }

    private Answer keep(Order order) {
        if (outbox.size() >= MAX_OUTBOX || outboxChars + order.size() > MAX_OUTBOX_CHARS) {
            return new Answer(Outcome.REFUSED, NO_ROUTE);
        }
        outbox.add(order);
        outboxChars += order.size();
        if (outbox.size() == 1) {
            retries = 0;
            upstream.later(RETRY_MILLIS, this::retry);
        }
        return new Answer(Outcome.NO_ROUTE, null);
    }

    private void retry() {
        String failure = null;
        synchronized (down) {
            while (!outbox.isEmpty() && failure == null) {
                Order order = outbox.element();
                Answer answer = upstream.order(order.headers(), order.text());
                if (answer.outcome() == Outcome.NO_ROUTE) {
                    if (++retries < MAX_RETRIES && !ended) {
                        upstream.later(RETRY_MILLIS, this::retry);
                        return;
                    }
                    failure = NO_ROUTE;
                } else {
                    outbox.remove();
                    outboxChars -= order.size();
                    boolean isFrame = order.text() != null;
                    if (answer.outcome() == Outcome.REFUSED && !isFrame) failure = answer.reason();
                }
            }
            if (failure != null) outbox.clear();
        }
        if (failure != null) end(ABNORMAL, failure);
    }

    void opened() {
        synchronized (up) {
            if (!ended) listener.opened();
        }
    }

    void text(String frame) {
        synchronized (up) {
            if (!ended) listener.text(frame);
        }
    }

    /** The last thing the listener hears, however it came about. */
    void end(int code, @Nullable String reason) {
        synchronized (up) {
            if (ended) return;
            ended = true;
            upstream.forget(this);
            listener.closed(code, reason);
        }
    }

    /** Ends on a thread of our own, so that the one who opens has the socket in hand before it is closed. */
    void endSoon(int code, @Nullable String reason) {
        upstream.later(0, () -> end(code, reason));
    }
}

package io.firefly.voip.camel.agent;

import io.firefly.voip.agent.Upstream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the agents' sockets through Camel: what an agent sends enters the route {@code agent-downstream}, what its
 * provider sends comes out of {@code agent-upstream} by {@code agent:deliver}.
 */
final class CamelUpstream implements Upstream, AutoCloseable {
    // The headers of the websocket: component. Known here by name only: the routes decide what carries the frames.
    static final String KEY = "WebsocketKey";
    static final String EVENT = "WebsocketEvent";
    static final String CLOSE_CODE = "WebsocketCloseCode";
    static final String CLOSE_REASON = "WebsocketCloseReason";
    static final String URI = "WebsocketUri";
    static final String HANDSHAKE = "WebsocketHandshake";
    /** What agent-downstream is to do: {@code send}, {@code connect} or {@code close}. */
    static final String ORDER = "UpstreamOrder";

    /** No wait for a route that is not there: the media and agent threads must not stand still. */
    private static final String DOWNSTREAM = "direct:agent-downstream?block=false";

    private static final int ABNORMAL = 1006;
    private static final int NORMAL = 1000;
    private static final Logger log = LoggerFactory.getLogger(CamelUpstream.class);

    private final Supplier<CamelContext> camel;
    private final Map<String, CarriedSocket> sockets = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor timer;
    private final LongAdder strays = new LongAdder();
    private volatile @Nullable Door door;

    /** Camel is asked for with the first socket: its routes need what needs us. */
    CamelUpstream(Supplier<CamelContext> camel) {
        this.camel = camel;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "agent-upstream");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    /** The way into the downstream route. */
    private record Door(Endpoint endpoint, AsyncProducer producer) {}

    /** What came of an order. */
    enum Outcome {
        DONE,
        REFUSED,
        /** The route is stopped or being reloaded: try again soon. */
        NO_ROUTE
    }

    /** An order's outcome and, when it was refused, why. */
    record Answer(Outcome outcome, @Nullable String reason) {}

    @Override
    public Socket open(Request request, Listener listener) {
        CarriedSocket socket = new CarriedSocket(this, request, listener);
        if (sockets.putIfAbsent(request.key(), socket) == null) {
            socket.connect();
        } else {
            socket.endSoon(ABNORMAL, "a socket with the key '" + request.key() + "' is open already");
        }
        return socket;
    }

    /** One order through the route. Any thread; returns at once. */
    Answer order(Map<String, Object> headers, @Nullable String body) {
        Exchange exchange;
        try {
            Door open = door();
            exchange = open.endpoint().createExchange();
            Message message = exchange.getMessage();
            headers.forEach(message::setHeader);
            message.setBody(body);
            open.producer().process(exchange, synchronous -> {});
        } catch (Exception e) {
            return new Answer(Outcome.REFUSED, e.getMessage());
        }
        Exception failure = exchange.getException();
        if (failure == null) return new Answer(Outcome.DONE, null);
        boolean noRoute = failure instanceof DirectConsumerNotAvailableException;
        return new Answer(noRoute ? Outcome.NO_ROUTE : Outcome.REFUSED, failure.getMessage());
    }

    private Door door() throws Exception {
        Door known = door;
        return known != null ? known : findDoor();
    }

    private synchronized Door findDoor() throws Exception {
        Door known = door;
        if (known != null) return known;
        Endpoint endpoint = camel.get().getEndpoint(DOWNSTREAM);
        AsyncProducer producer = endpoint.createAsyncProducer();
        producer.start();
        Door found = new Door(endpoint, producer);
        door = found;
        return found;
    }

    /** An event on its way up. Websocket thread; events of one key come one at a time, in order. */
    void deliver(String key, String event, Message message) {
        CarriedSocket socket = sockets.get(key);
        if (socket == null) {
            stray(key, event);
            return;
        }
        switch (event) {
            case "TEXT" -> socket.text(message.getBody(String.class));
            case "OPEN" -> socket.opened();
            case "CLOSE" ->
                socket.end(
                        message.getHeader(CLOSE_CODE, ABNORMAL, Integer.class),
                        message.getHeader(CLOSE_REASON, String.class));
            default -> log.debug("provider sent {} on {}: ignored", event, key);
        }
    }

    /** A socket nobody wants any more would stay open for ever and cost money. */
    private void stray(String key, String event) {
        strays.increment();
        if (event.equals("CLOSE")) return;
        Answer unused = order(
                Map.of(ORDER, "close", KEY, key, CLOSE_CODE, NORMAL, CLOSE_REASON, "the conversation is over"), null);
    }

    void forget(CarriedSocket socket) {
        sockets.remove(socket.key(), socket);
    }

    /** Runs a task on the thread {@code agent-upstream}; never after {@link #close}. */
    void later(long delayMillis, Runnable task) {
        if (timer.isShutdown()) return;
        Future<?> unused = timer.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
    }

    /** Conversations that have a socket or are getting one. */
    int openSockets() {
        return sockets.size();
    }

    /** Events of sockets no conversation knows. */
    long strays() {
        return strays.sum();
    }

    @Override
    public void close() {
        sockets.values().forEach(socket -> socket.close(NORMAL, "shutting down"));
        timer.shutdownNow();
    }
}

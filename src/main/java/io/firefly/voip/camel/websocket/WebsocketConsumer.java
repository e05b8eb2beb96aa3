package io.firefly.voip.camel.websocket;

import io.firefly.voip.camel.websocket.Mailbox.Event;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/** Makes an exchange of every event of its sockets. Stopping or suspending it closes no socket. */
final class WebsocketConsumer extends DefaultConsumer implements Suspendable {
    private static final long COMPLAINT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final WebsocketEndpoint endpoint;
    private final String group;
    private final @Nullable Executor worker;
    private final AtomicLong nextComplaintNanos = new AtomicLong(System.nanoTime());

    WebsocketConsumer(WebsocketEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.group = (endpoint.role() == WebsocketEndpoint.Role.SERVER ? "server/" : "client/") + endpoint.name();
        this.worker = endpoint.options().worker() ? endpoint.sockets().workers() : null;
    }

    WebsocketEndpoint.Options options() {
        return endpoint.options();
    }

    @Override
    public boolean isHostedService() {
        return endpoint.listen() != null;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        endpoint.sockets().attach(group, endpoint.listen(), this);
    }

    @Override
    protected void doStop() throws Exception {
        endpoint.sockets().detach(group, this);
        super.doStop();
    }

    @Override
    protected void doSuspend() {
        endpoint.sockets().detach(group, this);
    }

    @Override
    protected void doResume() throws Exception {
        endpoint.sockets().attach(group, endpoint.listen(), this);
    }

    /**
     * Routes one event. Event loop of the socket.
     *
     * @return false when it goes on elsewhere; the socket is told when that is over
     */
    boolean route(LiveSocket socket, Event event) {
        Exchange exchange = exchange(socket, event);
        if (worker == null) {
            return getAsyncProcessor().process(exchange, synchronous -> {
                done(exchange);
                if (!synchronous) socket.routed(event);
            });
        }
        // One event of a socket at a time: the pool's queue is never longer than the number of sockets.
        worker.execute(() -> getAsyncProcessor().process(exchange, synchronous -> {
            done(exchange);
            socket.routed(event);
        }));
        return false;
    }

    private Exchange exchange(LiveSocket socket, Event event) {
        Exchange exchange = createExchange(false);
        Message message = exchange.getMessage();
        message.setHeader(WebsocketHeaders.KEY, socket.key());
        message.setHeader(WebsocketHeaders.EVENT, event.name());
        socket.headers().forEach((name, value) -> {
            if (event.shows(name)) message.setHeader(name, value);
        });
        if (event.isLast()) {
            message.setHeader(WebsocketHeaders.CLOSE_CODE, event.closeCode());
            message.setHeader(WebsocketHeaders.CLOSE_REASON, event.closeReason());
        }
        message.setBody(event.body());
        return exchange;
    }

    private void done(Exchange exchange) {
        Exception failure = exchange.getException();
        if (failure != null) complain(exchange, failure);
        releaseExchange(exchange, false);
    }

    /** A route that fails on every frame of every call must not fill the disk. */
    private void complain(Exchange exchange, Exception failure) {
        endpoint.sockets().countFailedRouting();
        long now = System.nanoTime();
        long due = nextComplaintNanos.get();
        if (now - due >= 0 && nextComplaintNanos.compareAndSet(due, now + COMPLAINT_INTERVAL_NANOS)) {
            getExceptionHandler().handleException("route failed on a websocket event", exchange, failure);
        }
    }
}

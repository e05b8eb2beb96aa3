package io.firefly.voip.camel.sip;

import io.firefly.voip.sip.SipRequest;
import io.firefly.voip.sip.SipResponder;
import io.firefly.voip.sip.SipResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One exchange per request: request to body, what the route leaves behind to response. */
final class SipConsumer extends DefaultConsumer implements Suspendable, ShutdownAware {
    private static final Logger LOG = LoggerFactory.getLogger(SipConsumer.class);

    private final SipEndpoint endpoint;
    private final AtomicInteger inside = new AtomicInteger();

    SipConsumer(SipEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        open();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        open();
    }

    @Override
    protected void doSuspend() throws Exception {
        close(true);
        super.doSuspend();
    }

    @Override
    protected void doStop() throws Exception {
        close(!endpoint.getCamelContext().isStopping());
        super.doStop();
    }

    private void open() {
        for (String method : endpoint.methodSet())
            endpoint.component().door(method).open(this);
    }

    private void close(boolean stays) {
        for (String method : endpoint.methodSet())
            endpoint.component().door(method).close(this, stays);
    }

    /** By the door, which lets nobody in any more when the route goes: the route waits for whom it has let in. */
    void countIn() {
        inside.incrementAndGet();
    }

    /** Runs the route for one request that was counted in. */
    void take(SipRequest request, SipResponder responder) {
        Exchange exchange = createExchange(false);
        Message message = exchange.getIn();
        message.setBody(request);
        message.setHeader(SipConstants.METHOD, request.method());
        request.headers()
                .forEach((name, values) -> message.setHeader(
                        SipConstants.REQUEST_HEADER_PREFIX + name, values.size() == 1 ? values.get(0) : values));
        try {
            createUoW(exchange);
        } catch (Exception failure) {
            exchange.setException(failure);
            inside.decrementAndGet();
            reply(request, responder, exchange);
            return;
        }
        getAsyncProcessor().process(exchange, doneSync -> {
            try {
                reply(request, responder, exchange);
            } finally {
                inside.decrementAndGet();
                doneUoW(exchange);
                releaseExchange(exchange, false);
            }
        });
    }

    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        return false;
    }

    @Override
    public int getPendingExchangesSize() {
        return inside.get();
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        // Nothing is kept here that could be finished early.
    }

    private static void reply(SipRequest request, SipResponder responder, Exchange exchange) {
        if (responder.isDone()) return;
        try {
            responder.respond(response(request, exchange));
        } catch (RuntimeException unusable) {
            LOG.error(
                    "Call-ID {}: the route of {} left no usable response",
                    request.callId(),
                    request.method(),
                    unusable);
            responder.respond(SipResponse.of(500));
        }
    }

    private static SipResponse response(SipRequest request, Exchange exchange) {
        Exception failure = exchange.getException();
        if (failure != null) {
            // The error handler has told it already, when there is one.
            if (!exchange.getExchangeExtension().isRedeliveryExhausted())
                LOG.error("Call-ID {}: the route of {} failed", request.callId(), request.method(), failure);
            return SipResponse.of(500);
        }
        Message message = exchange.getMessage();
        Integer status = message.getHeader(SipConstants.STATUS, Integer.class);
        if (status == null) status = request.method().equals("INVITE") ? 480 : 200;
        String contentType = message.getHeader(SipConstants.CONTENT_TYPE, String.class);
        String body = contentType == null ? null : message.getBody(String.class);
        return new SipResponse(
                status,
                message.getHeader(SipConstants.REASON, String.class),
                headersToSend(message),
                contentType,
                body == null ? "" : body);
    }

    /** The headers named {@code SipHeader.<Name>}. */
    static Map<String, List<String>> headersToSend(Message message) {
        String prefix = SipConstants.SEND_HEADER_PREFIX.toLowerCase(Locale.ROOT);
        Map<String, List<String>> headers = new HashMap<>();
        message.getHeaders().forEach((name, value) -> {
            if (value == null || !name.toLowerCase(Locale.ROOT).startsWith(prefix)) return;
            List<String> values = new ArrayList<>();
            if (value instanceof Iterable<?> several) several.forEach(one -> values.add(String.valueOf(one)));
            else values.add(value.toString());
            headers.put(name.substring(prefix.length()), List.copyOf(values));
        });
        return headers;
    }
}

package io.firefly.voip.camel.sip;

import io.firefly.voip.sip.SipRequest;
import io.firefly.voip.sip.SipResponder;
import io.firefly.voip.sip.SipResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One exchange per request: request to body, what the route leaves behind to response. */
final class SipConsumer extends DefaultConsumer implements Suspendable {
    private static final Logger LOG = LoggerFactory.getLogger(SipConsumer.class);

    private final SipEndpoint endpoint;
    private @Nullable AutoCloseable registration;

    SipConsumer(SipEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        register();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        register();
    }

    @Override
    protected void doSuspend() throws Exception {
        unregister();
        super.doSuspend();
    }

    @Override
    protected void doStop() throws Exception {
        unregister();
        super.doStop();
    }

    private void register() {
        registration = endpoint.component().front().handle(endpoint.methodSet(), this::onRequest);
    }

    private void unregister() throws Exception {
        AutoCloseable open = registration;
        registration = null;
        if (open != null) open.close();
    }

    /** On a thread of the front door: hands over. */
    private void onRequest(SipRequest request, SipResponder responder) {
        try {
            endpoint.component().routeThreads().execute(() -> route(request, responder));
        } catch (RejectedExecutionException full) {
            LOG.warn(
                    "Call-ID {}: {} refused, too many requests wait for their route",
                    request.callId(),
                    request.method());
            responder.respond(SipResponse.of(503, null, Map.of("Retry-After", List.of("5"))));
        }
    }

    private void route(SipRequest request, SipResponder responder) {
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
            reply(request, responder, exchange);
            return;
        }
        getAsyncProcessor().process(exchange, doneSync -> {
            try {
                reply(request, responder, exchange);
            } finally {
                doneUoW(exchange);
                releaseExchange(exchange, false);
            }
        });
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

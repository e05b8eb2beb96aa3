package io.firefly.voip.camel.sip;

import io.firefly.voip.sip.SipFront.Outgoing;
import io.firefly.voip.sip.SipResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/** Sends a request and puts the final response on the exchange. No thread waits for it. */
final class SipProducer extends DefaultAsyncProducer {
    private final SipEndpoint endpoint;

    SipProducer(SipEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Message message = exchange.getMessage();
        String contentType = message.getHeader(SipConstants.CONTENT_TYPE, endpoint.getContentType(), String.class);
        String body = contentType == null ? null : message.getBody(String.class);
        Outgoing request = new Outgoing(
                endpoint.getMethod(),
                "sip:" + endpoint.address(),
                endpoint.getFrom(),
                headers(message),
                contentType,
                body == null ? "" : body,
                endpoint.credentials());
        endpoint.component().front().send(request).whenComplete((response, failure) -> {
            answered(exchange, response, failure);
            callback.done(false);
        });
        return false;
    }

    private Map<String, List<String>> headers(Message message) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        String event = endpoint.getEvent();
        Integer expires = endpoint.getExpires();
        if (event != null) headers.put("Event", List.of(event));
        if (expires != null) headers.put("Expires", List.of(expires.toString()));
        headers.putAll(SipConsumer.headersToSend(message));
        return headers;
    }

    private void answered(Exchange exchange, @Nullable SipResponse response, @Nullable Throwable failure) {
        if (failure != null || response == null) {
            exchange.setException(failure);
            return;
        }
        Message message = exchange.getMessage();
        message.setHeader(SipConstants.STATUS, response.status());
        message.setHeader(SipConstants.REASON, response.reason());
        response.headers()
                .forEach((name, values) -> message.setHeader(
                        SipConstants.REQUEST_HEADER_PREFIX + name, values.size() == 1 ? values.get(0) : values));
        message.setBody(response.body());
        if (response.status() >= 300 && endpoint.isThrowExceptionOnFailure())
            exchange.setException(new CamelExchangeException(
                    endpoint.getMethod() + " to sip:" + endpoint.address() + " was answered " + response.status() + " "
                            + response.reason(),
                    exchange));
    }
}

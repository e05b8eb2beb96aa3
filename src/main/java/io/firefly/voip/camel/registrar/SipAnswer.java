package io.firefly.voip.camel.registrar;

import io.firefly.voip.sip.SipRequest;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** The exchange headers from which the {@code sip:} consumer makes the response. */
final class SipAnswer {
    private static final String STATUS = "SipStatus";
    private static final String REASON = "SipReason";
    private static final String HEADER_PREFIX = "SipHeader.";

    private SipAnswer() {}

    /** Anything but 200 ends the route here. */
    static void write(Exchange exchange, int status, @Nullable String reason, Map<String, List<String>> headers) {
        Message message = exchange.getMessage();
        message.setHeader(STATUS, status);
        message.removeHeader(REASON);
        if (reason != null) message.setHeader(REASON, reason);
        headers.forEach((name, values) -> message.setHeader(HEADER_PREFIX + name, values));
        if (status != 200) exchange.setRouteStop(true);
    }

    /** @throws IllegalStateException when the body is something else: a mistake in the route */
    static SipRequest request(Exchange exchange, RegistrarStep step) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof SipRequest request) return request;
        throw new IllegalStateException("registrar:" + step.label() + " needs the SIP request as body, not "
                + (body == null ? "nothing" : body.getClass().getSimpleName())
                + "; it belongs into a route that begins with sip:");
    }
}

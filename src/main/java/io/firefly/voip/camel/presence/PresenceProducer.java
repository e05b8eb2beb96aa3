package io.firefly.voip.camel.presence;

import io.firefly.voip.events.EventAnswer;
import io.firefly.voip.events.EventRequest;
import io.firefly.voip.events.EventState;
import io.firefly.voip.sip.SipRequest;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** Carries out the PUBLISH or SUBSCRIBE in the body and writes its answer into the exchange. */
final class PresenceProducer extends DefaultProducer {
    private final PresenceStep step;
    private final @Nullable EventState events;

    PresenceProducer(PresenceEndpoint endpoint, PresenceStep step, @Nullable EventState events) {
        super(endpoint);
        this.step = step;
        this.events = events;
    }

    @Override
    public void process(Exchange exchange) {
        SipRequest request = request(exchange);
        if (events == null) {
            exchange.getMessage().setHeader("SipStatus", 200);
            return;
        }
        EventAnswer answer =
                step == PresenceStep.PUBLISH ? published(request, events) : events.subscribe(asked(request));
        if (step == PresenceStep.SUBSCRIBE && answer.isAccepted()) whenAnswered(exchange, request.dialogId(), events);
        write(exchange, answer);
    }

    /** RFC 3903 6: who may change whose state is ours to say. Subscribers their own, trusted addresses anybody's. */
    private static EventAnswer published(SipRequest request, EventState events) {
        String subscriber = request.source().subscriber();
        boolean own = subscriber == null
                ? request.isTrusted()
                : subscriber.equals(request.requested().user());
        if (!own) return new EventAnswer(403, null, Map.of());
        if (request.header("content-encoding") != null) return new EventAnswer(415, null, Map.of());
        return events.publish(asked(request));
    }

    private static EventRequest asked(SipRequest request) {
        String subscriber = request.source().subscriber();
        String sender = subscriber != null
                ? subscriber
                : request.source().address().getAddress().getHostAddress();
        return new EventRequest(
                request.dialogId(),
                request.requested().user(),
                sender,
                request.headers(),
                request.contentType(),
                request.body());
    }

    private static void whenAnswered(Exchange exchange, String subscription, EventState events) {
        exchange.getExchangeExtension().addOnCompletion(new Synchronization() {
            @Override
            public void onComplete(Exchange done) {
                Integer status = done.getMessage().getHeader("SipStatus", Integer.class);
                if (status != null && status >= 300) events.drop(subscription);
                else events.confirm(subscription);
            }

            @Override
            public void onFailure(Exchange failed) {
                events.drop(subscription);
            }
        });
    }

    /** Anything but 200 ends the route here. */
    private static void write(Exchange exchange, EventAnswer answer) {
        Message message = exchange.getMessage();
        message.setHeader("SipStatus", answer.status());
        message.removeHeader("SipReason");
        if (answer.reason() != null) message.setHeader("SipReason", answer.reason());
        answer.headers().forEach((name, values) -> message.setHeader("SipHeader." + name, values));
        if (!answer.isAccepted()) exchange.setRouteStop(true);
    }

    /** @throws IllegalStateException when the body is something else: a mistake in the route */
    private SipRequest request(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof SipRequest request && request.method().equals(step.name())) return request;
        String got = body instanceof SipRequest request ? "a " + request.method() : "something else";
        throw new IllegalStateException("presence:" + step.label() + " needs a " + step.name() + " as body, not " + got
                + "; it belongs into a route that begins with sip:<edge>?methods=" + step.name());
    }
}

package io.firefly.voip.camel.call;

import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.callcontrol.CallOrders;
import io.firefly.voip.callcontrol.admission.Admission;
import io.firefly.voip.callcontrol.admission.Admission.Refused;
import io.firefly.voip.callcontrol.transfer.TransferOutcome;
import io.firefly.voip.tenant.Tenant;
import io.firefly.voip.tenant.TenantDirectory.TenantMatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** A {@code call:} step: an order to the call. Returns when the order is accepted, not when it is carried out. */
final class CallProducer extends DefaultAsyncProducer {
    /** Exchange variable: whose call it is. */
    private static final String TENANT = "tenant";

    /** Exchange variable: the flow that serves the call. */
    private static final String CALLFLOW = "callflow";

    private static final Logger LOG = LoggerFactory.getLogger(CallProducer.class);
    private final CallStep step;
    private final Supplier<CallOrders> orders;
    private @Nullable Expression expression;

    CallProducer(CallEndpoint endpoint, CallStep step, Supplier<CallOrders> orders) {
        super(endpoint);
        this.step = step;
        this.orders = orders;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        if (CallStep.isExpression(step.text()))
            expression =
                    getEndpoint().getCamelContext().resolveLanguage("simple").createExpression(step.text());
    }

    /** Digits or target. */
    private String text(Exchange exchange) {
        Expression asks = expression;
        return asks == null ? step.text() : step.checked(asks.evaluate(exchange, String.class));
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            if (step.verb() == CallVerb.TRANSFER) return transfer(exchange, callback);
            order(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    /** Who asked for the call's sake waits for the outcome; a call flow has said all it wants and goes on. */
    private boolean transfer(Exchange exchange, AsyncCallback callback) {
        CallId call = CallExchange.callOf(exchange);
        CompletionStage<TransferOutcome> outcome = orders.get().transfer(call, text(exchange));
        if (!exchange.getPattern().isOutCapable()) {
            callback.done(true);
            return true;
        }
        var unused = outcome.whenComplete((went, failure) -> {
            if (failure == null) exchange.getMessage().setBody(went.toJson());
            else exchange.setException(failure);
            callback.done(false);
        });
        return false;
    }

    private void order(Exchange exchange) throws Exception {
        if (step.verb() == CallVerb.OFFER) {
            offer(exchange);
            return;
        }
        CallId call = CallExchange.callOf(exchange);
        switch (step.verb()) {
            case ADMIT -> admit(call, exchange);
            case FLOW -> orders.get().noteCallflow(call, variable(exchange, CALLFLOW, String.class));
            case RING -> orders.get().ring(call, step.delay());
            case ANSWER -> orders.get().answer(call, step.record());
            case PLAY -> play(call, step.file());
            case ECHO -> orders.get().echo(call);
            case DTMF -> orders.get().sendDtmf(call, text(exchange));
            case CALLER -> exchange.getMessage().setBody(orders.get().caller(call));
            case END -> end(call);
            default -> throw new IllegalStateException(step.verb() + " is no step");
        }
    }

    private void offer(Exchange exchange) throws Exception {
        Object body = exchange.getMessage().getBody();
        IncomingCall incoming = exchange.getMessage().getBody(IncomingCall.class);
        if (incoming == null) {
            throw new IllegalArgumentException(
                    "call:offer needs a request that can become a call, an INVITE; the body is "
                            + (body == null ? "empty" : "a " + body.getClass().getSimpleName()));
        }
        CallExchange.begin(exchange, incoming.id());
        orders.get().offer(incoming);
    }

    private void admit(CallId call, Exchange exchange) {
        String stranger = exchange.getVariable(TENANT) instanceof TenantMatch match ? match.refusal() : null;
        Tenant tenant = tenant(call, exchange);
        Admission answer =
                stranger == null ? orders.get().admit(call, tenant) : new Refused(HangupCause.FORBIDDEN, stranger);
        if (answer instanceof Refused refused) {
            // Limits are life; who speaks for a stranger is a break-in or a mistake in trunks.
            LOG.atLevel(stranger == null ? Level.INFO : Level.WARN)
                    .log(
                            "refused call={} tenant={} sip={} cause={} reason={}",
                            call,
                            tenant.id(),
                            refused.cause().sipStatus(),
                            refused.cause().label(),
                            refused.reason());
            orders.get().end(call, refused.cause());
            exchange.setRouteStop(true);
        }
    }

    /** From here on the variable holds the tenant itself, whatever way it was found. */
    private static Tenant tenant(CallId call, Exchange exchange) {
        Object found = exchange.getVariable(TENANT);
        if (found instanceof TenantMatch match) {
            Tenant tenant = match.tenant();
            LOG.info("tenant={} by={}{}", tenant.id(), match.reason(), tenant.openNow() ? "" : " (closed now)");
            exchange.setVariable(TENANT, tenant);
            return tenant;
        }
        if (found instanceof Tenant tenant) return tenant;
        throw new IllegalStateException(
                "call:admit needs the variable 'tenant', set by ${bean:tenants?method=tenantOf};" + " for call " + call
                        + " it is " + found);
    }

    private void play(CallId call, @Nullable Path file) {
        if (file != null && Files.isReadable(file)) {
            orders.get().play(call, file, step.tempo());
        } else {
            LOG.error("cannot play {}: it is not there; the call is ended", file);
            orders.get().end(call, HangupCause.MEDIA_UNAVAILABLE);
        }
    }

    private void end(CallId call) {
        if (step.afterGoodbye()) orders.get().endAfterGoodbye(call);
        else orders.get().end(call, step.cause());
    }

    private <T> T variable(Exchange exchange, String name, Class<T> type) {
        T value = exchange.getVariable(name, type);
        if (value == null) throw new IllegalStateException(step.verb() + " needs the variable '" + name + "'");
        return value;
    }
}

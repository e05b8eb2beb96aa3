package io.firefly.voip.camel.call;

import io.firefly.voip.call.Call;
import io.firefly.voip.call.CallEvent;
import io.firefly.voip.call.CallEventListener;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.callcontrol.CallOrders;
import io.firefly.voip.cdr.CallDetailRecord;
import io.firefly.voip.cdr.CdrListener;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Brings what happens in calls to the routes. A caller never stays in silence: a call that no route takes, that its
 * routes fail at, or that they leave undecided, is ended here.
 */
final class CallDesk implements CallEventListener, CdrListener {
    private static final Logger LOG = LoggerFactory.getLogger(CallDesk.class);
    private static final String MDC_CALL = "call";
    private final CallEntrances entrances;
    private final CallWorkers workers;
    private final Supplier<CallOrders> orders;
    private final AtomicLong unheardRecords = new AtomicLong();

    /** @param orders asked for when the first call comes: call control listens to us, so it cannot be there before us */
    CallDesk(CallEntrances entrances, CallWorkers workers, Supplier<CallOrders> orders) {
        this.entrances = entrances;
        this.workers = workers;
        this.orders = orders;
    }

    @Override
    public void onCallEvent(CallEvent event) {
        if (!(event instanceof CallEvent.CallOffered offered)) return;
        Call call = offered.call();
        if (!workers.offer(call.id(), () -> decide(call))) {
            LOG.error("call {}: no room for another call at the routes ({} so far)", call.id(), workers.refused());
            orders.get().end(call.id(), HangupCause.OVER_LIMIT);
        }
    }

    @Override
    public void onCallDetail(CallDetailRecord detail) {
        CallId call = new CallId(detail.callId());
        if (!workers.offer(call, () -> record(call, detail))) unheard(detail, "no room for it");
    }

    /** Runs the routes of a call that waits, and ends it when they do not decide. What they left; null without a route. */
    @Nullable
    Exchange decide(Call call) {
        Exchange decision = atEntrance(entrances.incoming(), call.id(), call);
        if (decision == null) {
            LOG.error("call {}: no route listens at call:incoming; the call is ended", call.id());
            orders.get().end(call.id(), HangupCause.UNAVAILABLE);
        } else if (decision.getException() != null) {
            LOG.error("call {}: its routes failed; the call is ended", call.id(), decision.getException());
            orders.get().end(call.id(), HangupCause.SERVER_ERROR);
        } else if (!CallExchange.wasAsked(decision)) {
            LOG.error("call {}: no route decided anything about it; the call is ended", call.id());
            orders.get().end(call.id(), HangupCause.UNAVAILABLE);
        }
        return decision;
    }

    void record(CallId call, CallDetailRecord detail) {
        Exchange kept = atEntrance(entrances.ended(), call, detail);
        if (kept == null) unheard(detail, "no route listens");
        else if (kept.getException() != null) unheard(detail, "its route failed: " + kept.getException());
    }

    /** A record is money: what no route could take is at least in the log. */
    private void unheard(CallDetailRecord detail, String why) {
        LOG.error("call:ended: {}; records unheard so far {}; {}", why, unheardRecords.incrementAndGet(), detail);
    }

    private static @Nullable Exchange atEntrance(CallEntrance entrance, CallId call, Object body) {
        try (var inLog = MDC.putCloseable(MDC_CALL, call.value())) {
            CallConsumer listener = entrance.enter();
            if (listener == null) return null;
            try {
                return listener.run(call, body);
            } finally {
                entrance.leave();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}

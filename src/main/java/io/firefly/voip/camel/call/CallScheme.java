package io.firefly.voip.camel.call;

import io.firefly.voip.call.Call;
import io.firefly.voip.call.CallId;
import io.firefly.voip.callcontrol.CallOrders;
import io.firefly.voip.cdr.CallDetailRecord;
import java.time.Duration;
import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The scheme {@code call:} for one Camel context of its own: the same steps and options as those that serve, with orders
 * that go to whoever is given. Routes run on the thread that asks.
 */
public final class CallScheme implements AutoCloseable {
    private final CallEntrances entrances = CallEntrances.patientFor(Duration.ZERO);
    private final CallWorkers idle = new CallWorkers(1, 1);
    private final CallComponent component;
    private final CallDesk desk;

    /** @param ringDelay for {@code call:ring} without a delay */
    public CallScheme(CallOrders orders, Duration ringDelay) {
        component = CallComponent.serving(() -> orders, entrances, ringDelay);
        desk = new CallDesk(entrances, idle, () -> orders);
    }

    /** Belongs to one Camel context. */
    public Component component() {
        return component;
    }

    /** Checks every word and orders nothing; a new one for each dry run. */
    public static Component onTrial(Duration ringDelay) {
        return CallComponent.onTrial(ringDelay);
    }

    /** Runs what listens at {@code call:incoming}; what it leaves undecided is ended. Null when nothing listens. */
    public @Nullable Exchange incoming(Call call) {
        return desk.decide(call);
    }

    /** Runs what listens at {@code call:ended}. */
    public void ended(CallDetailRecord detail) {
        desk.record(new CallId(detail.callId()), detail);
    }

    /** Makes an exchange that was born elsewhere one about this call. */
    public static void begin(Exchange exchange, CallId call) {
        CallExchange.begin(exchange, call);
    }

    @Override
    public void close() {
        idle.close();
    }
}

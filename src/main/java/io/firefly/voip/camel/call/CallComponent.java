package io.firefly.voip.camel.call;

import io.firefly.voip.callcontrol.CallOrders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scheme {@code call:}. Every word of a step is checked here, when its route is built. */
@Component("call")
final class CallComponent extends DefaultComponent {
    private static final Logger LOG = LoggerFactory.getLogger(CallComponent.class);
    private final Supplier<CallOrders> orders;
    private final CallEntrances entrances;
    private final Duration ringDelay;
    private final boolean onTrial;
    /** Found once: a look into Spring's context at every step would cost more than the step. */
    private volatile @Nullable CallOrders found;

    private CallComponent(Supplier<CallOrders> orders, CallEntrances entrances, Duration ringDelay, boolean onTrial) {
        this.orders = orders;
        this.entrances = entrances;
        this.ringDelay = ringDelay;
        this.onTrial = onTrial;
    }

    /** @param ringDelay for {@code call:ring} without a delay */
    static CallComponent serving(Supplier<CallOrders> orders, CallEntrances entrances, Duration ringDelay) {
        return new CallComponent(orders, entrances, ringDelay, false);
    }

    /** Checks every word and orders nothing. */
    static CallComponent onTrial(Duration ringDelay) {
        Supplier<CallOrders> none = () -> {
            throw new IllegalStateException("a dry run orders nothing");
        };
        return new CallComponent(none, CallEntrances.patientFor(Duration.ZERO), ringDelay, true);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        CallStep step = CallStep.parse(remaining, parameters, ringDelay);
        parameters.clear();
        warnWhenMissing(step.file());
        return new CallEndpoint(uri, this, step);
    }

    private void warnWhenMissing(@Nullable Path file) {
        if (file == null || Files.isReadable(file)) return;
        if (onTrial) throw new IllegalArgumentException(CallStep.missingFile(file));
        LOG.warn("call:play: the file {} is not there now; a call that gets here will be ended", file);
    }

    CallOrders orders() {
        CallOrders known = found;
        if (known != null) return known;
        CallOrders looked = orders.get();
        found = looked;
        return looked;
    }

    CallEntrances entrances() {
        return entrances;
    }
}

package io.firefly.voip.camel.reload;

import io.firefly.voip.camel.reload.RouteLibrary.Result;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Counts how changes of the routes went. Written by one thread at a time, read by any. */
final class ReloadMeters implements MeterBinder {
    private final Map<String, AtomicLong> outcomes = new ConcurrentHashMap<>();
    private final List<MultiGauge> versions = new CopyOnWriteArrayList<>();
    private volatile Instant lastSuccess = Instant.EPOCH;
    private volatile boolean isGood;
    private volatile String version = "";

    ReloadMeters() {
        for (String outcome : List.of("applied", "partly", "refused")) outcomes.put(outcome, new AtomicLong());
    }

    void count(Result result) {
        outcomes.computeIfAbsent(result.outcome(), outcome -> new AtomicLong()).incrementAndGet();
        isGood = result.outcome().equals("applied");
        if (result.applied()) lastSuccess = result.at();
        version = result.version();
        versions.forEach(this::showVersion);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        outcomes.forEach(
                (outcome, count) -> FunctionCounter.builder("firefly.route.reloads", count, AtomicLong::doubleValue)
                        .description("changes of the route files: applied, partly (others are still wrong), refused")
                        .tag("result", outcome)
                        .register(registry));
        Gauge.builder("firefly.route.last.success.timestamp", this, meters -> meters.lastSuccess.toEpochMilli() / 1e3)
                .description("when a change was applied last")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("firefly.route.last.reload.success", this, meters -> meters.isGood ? 1 : 0)
                .description("1 when all that is in the folder serves")
                .register(registry);
        MultiGauge info = MultiGauge.builder("firefly.route.version.info")
                .description("the set of route files that serves, by its hash")
                .register(registry);
        versions.add(info);
        showVersion(info);
    }

    private void showVersion(MultiGauge info) {
        info.register(List.of(MultiGauge.Row.of(Tags.of("version", version), 1)), true);
    }
}

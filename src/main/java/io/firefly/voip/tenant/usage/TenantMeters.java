package io.firefly.voip.tenant.usage;

import io.firefly.voip.tenant.usage.TenantUsage.Ruling;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** What each tenant uses, as metrics. The first tenants that call have names, all others are {@code other}. Any thread. */
final class TenantMeters implements TenantUsage.Watcher {
    private static final String OTHER = "other";

    private final MeterRegistry registry;
    private final TenantUsage usage;
    private final int maxNames;
    private final Set<String> named = ConcurrentHashMap.newKeySet();

    TenantMeters(MeterRegistry registry, TenantUsage usage, int maxNames) {
        this.registry = registry;
        this.usage = usage;
        this.maxNames = maxNames;
        gauges(OTHER, calls -> others(usage::callsOf), minutes -> others(this::minutes));
    }

    private void gauges(String tenant, ToDoubleFunction<TenantUsage> calls, ToDoubleFunction<TenantUsage> minutes) {
        Gauge.builder("firefly.tenant.calls", usage, calls)
                .tag("tenant", tenant)
                .description("calls of the tenant that were admitted and are not over")
                .register(registry);
        Gauge.builder("firefly.tenant.minutes.today", usage, minutes)
                .tag("tenant", tenant)
                .description("answered minutes of the tenant's day, of all nodes")
                .register(registry);
    }

    private double minutes(String tenant) {
        return usage.talkedToday(tenant).toMillis() / 60_000.0;
    }

    private double others(ToDoubleFunction<String> figure) {
        return usage.tenants().stream()
                .filter(tenant -> !named.contains(tenant))
                .mapToDouble(figure)
                .sum();
    }

    @Override
    public void appeared(String tenant) {
        synchronized (named) {
            if (named.size() >= maxNames || !named.add(tenant)) return;
        }
        gauges(tenant, calls -> usage.callsOf(tenant), minutes -> minutes(tenant));
    }

    @Override
    public void refused(String tenant, Ruling ruling) {
        String shown = named.contains(tenant) ? tenant : OTHER;
        String reason = ruling.name().toLowerCase(Locale.ROOT).replace('_', '-');
        registry.counter("firefly.tenant.refusals", "tenant", shown, "reason", reason)
                .increment();
    }
}

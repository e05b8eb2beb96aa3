package io.firefly.voip.agent.cost;

import io.firefly.voip.agent.AgentUsage;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;

/** What all calls used since the start: {@code firefly.agent.tokens} and {@code firefly.agent.cost}. Any thread. */
public final class UsageMeter implements MeterBinder {
    private final AtomicReference<AgentUsage> sum = new AtomicReference<>(AgentUsage.NONE);

    public void add(AgentUsage more) {
        sum.accumulateAndGet(more, AgentUsage::plus);
    }

    public AgentUsage sum() {
        return Objects.requireNonNull(sum.get());
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        tokens(registry, "input", AgentUsage::inputTokens);
        tokens(registry, "cached", AgentUsage::cachedTokens);
        tokens(registry, "output", AgentUsage::outputTokens);
        FunctionCounter.builder("firefly.agent.cost", this, all -> all.sum().nanoDollars() / 1e9)
                .description("what the agents' answers cost, by the list of prices")
                .baseUnit("usd")
                .register(registry);
    }

    private void tokens(MeterRegistry registry, String kind, ToLongFunction<AgentUsage> count) {
        FunctionCounter.builder("firefly.agent.tokens", this, all -> count.applyAsLong(all.sum()))
                .tag("kind", kind)
                .description("tokens of the agents' answers; cached ones are part of the input")
                .register(registry);
    }
}

package io.firefly.voip.agent.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firefly.voip.agent.simulator.wire.Clock;
import java.util.Locale;

/** The tokens of a minute, refilled as it passes. Only a script makes it an end; otherwise it is just told. */
final class TokenBudget {
    private static final int ORDINARY = 40_000;

    private final boolean enforced;
    private final int perMinute;
    private final Clock clock;
    private double left;
    private long refilledMillis;

    /** @param perMinute 0 for the usual ones, never enforced */
    TokenBudget(int perMinute, Clock clock) {
        this.enforced = perMinute > 0;
        this.perMinute = enforced ? perMinute : ORDINARY;
        this.clock = clock;
        this.left = this.perMinute;
        this.refilledMillis = clock.nowMillis();
    }

    void spend(long tokens) {
        refill();
        left = Math.max(0, left - tokens);
    }

    boolean isExhausted() {
        refill();
        return enforced && left < 1;
    }

    String complaint() {
        return String.format(
                Locale.ROOT,
                "Rate limit reached on tokens per min (TPM): Limit %d, Used %d. Please try again in %.3fs.",
                perMinute,
                perMinute - (long) left,
                resetSeconds());
    }

    void describe(ObjectNode limit) {
        refill();
        limit.put("name", "tokens")
                .put("limit", perMinute)
                .put("remaining", (long) left)
                .put("reset_seconds", Math.round(resetSeconds() * 1_000) / 1_000.0);
    }

    private double resetSeconds() {
        return (perMinute - left) * 60 / perMinute;
    }

    private void refill() {
        long now = clock.nowMillis();
        left = Math.min(perMinute, left + (now - refilledMillis) / 60_000.0 * perMinute);
        refilledMillis = now;
    }
}

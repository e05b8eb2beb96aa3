package io.firefly.voip.tenant.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.tenant.Tenant;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TenantMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final TenantUsage usage = new TenantUsage(MinuteLedger.NONE, Clock.systemUTC());

    @Test
    void theFirstTenantsHaveNamesAndAllOthersAreOne() {
        usage.admit(tenant("early"));
        usage.watch(new TenantMeters(registry, usage, 2));
        for (int i = 0; i < 100; i++) usage.admit(tenant("t" + i));
        usage.admit(tenant("t0"));
        usage.admit(tenant("t50"));
        usage.admit(tenant("t51"));

        assertThat(calls("early")).isEqualTo(1);
        assertThat(calls("t0")).isEqualTo(1);
        assertThat(calls("other")).isEqualTo(99);
        assertThat(refusals("t0")).isEqualTo(1);
        assertThat(refusals("other")).isEqualTo(2);
        assertThat(registry.getMeters())
                .extracting(Meter::getId)
                .extracting(id -> id.getTag("tenant"))
                .containsOnly("early", "t0", "other");
    }

    private double calls(String tenant) {
        return registry.get("firefly.tenant.calls")
                .tag("tenant", tenant)
                .gauge()
                .value();
    }

    private double refusals(String tenant) {
        return registry.get("firefly.tenant.refusals")
                .tags("tenant", tenant, "reason", "too-many")
                .counter()
                .count();
    }

    private static Tenant tenant(String id) {
        return new Tenant(id, "echo", "none", new Tenant.Limits(1, Duration.ofHours(1)), false);
    }
}

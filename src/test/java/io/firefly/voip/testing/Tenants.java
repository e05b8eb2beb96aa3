package io.firefly.voip.testing;

import io.firefly.voip.call.Call;
import io.firefly.voip.tenant.Tenant;
import io.firefly.voip.tenant.TenantDirectory;
import java.time.Duration;

/** A directory in which every call belongs to one tenant. */
public record Tenants(Tenant tenant) implements TenantDirectory {
    public static Tenant withFlow(String callflow) {
        return new Tenant("acme", callflow, "reception", new Tenant.Limits(10, Duration.ofMinutes(15)), false);
    }

    @Override
    public TenantMatch tenantOf(Call call) {
        return new TenantMatch(tenant, "default tenant");
    }
}

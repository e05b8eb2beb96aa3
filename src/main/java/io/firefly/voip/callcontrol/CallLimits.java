package io.firefly.voip.callcontrol;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.tenant.Tenant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts the calls of each tenant. Any thread. */
final class CallLimits {
    private final ConcurrentMap<String, Integer> callsOfTenant = new ConcurrentHashMap<>();

    Admission admit(Tenant tenant) {
        int limit = tenant.limits().concurrentCalls();
        boolean[] admitted = {false};
        int calls = callsOfTenant.compute(tenant.id(), (id, now) -> {
            int before = now == null ? 0 : now;
            admitted[0] = before < limit;
            return admitted[0] ? before + 1 : before;
        });
        if (admitted[0]) return new Admission.Admitted(calls);
        return new Admission.Refused(
                HangupCause.OVER_LIMIT, "tenant " + tenant.id() + " has its " + limit + " calls already");
    }

    void release(Tenant tenant) {
        callsOfTenant.computeIfPresent(tenant.id(), (id, now) -> now <= 1 ? null : now - 1);
    }

    int callsOf(Tenant tenant) {
        return callsOfTenant.getOrDefault(tenant.id(), 0);
    }
}

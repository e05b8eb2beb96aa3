package io.firefly.voip.callcontrol.admission;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.callcontrol.admission.Admission.Refused;
import io.firefly.voip.tenant.Tenant;
import io.firefly.voip.tenant.Tenant.Limits;
import io.firefly.voip.tenant.usage.TenantUsage;
import io.firefly.voip.tenant.usage.TenantUsage.Verdict;

/**
 * What a call hears that its tenant may not have. Any thread.
 *
 * <p>503 is for too many at once, which is over in a second. 486 and 480 are for the rest: a carrier that hears 503 may
 * take us for broken and send the calls of all tenants elsewhere (RFC 3261 21.5.4).
 */
public final class CallLimits {
    private final TenantUsage usage;

    public CallLimits(TenantUsage usage) {
        this.usage = usage;
    }

    public Admission admit(Tenant tenant) {
        Verdict verdict = usage.admit(tenant);
        Limits limits = tenant.limits();
        String who = "tenant " + tenant.id();
        return switch (verdict.ruling()) {
            case ADMITTED -> new Admission.Admitted(verdict.callsNow());
            case TOO_MANY ->
                new Refused(HangupCause.OVER_LIMIT, who + " has its " + limits.concurrentCalls() + " calls already");
            case TOO_FAST ->
                new Refused(
                        HangupCause.OVER_RATE, who + " may have " + limits.callsPerSecond() + " new calls per second");
            case OUT_OF_MINUTES ->
                new Refused(
                        HangupCause.OUT_OF_MINUTES,
                        who + " has used its " + limits.minutesPerDay() + " minutes of today in " + tenant.timeZone());
        };
    }

    public void release(Tenant tenant) {
        usage.release(tenant);
    }

    /** The minutes of a call begin to count. */
    public void answered(Tenant tenant) {
        usage.answered(tenant);
    }

    public void hungUp(Tenant tenant) {
        usage.hungUp(tenant);
    }
}

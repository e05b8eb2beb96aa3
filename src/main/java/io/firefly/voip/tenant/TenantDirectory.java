package io.firefly.voip.tenant;

import io.firefly.voip.call.Call;
import org.jspecify.annotations.Nullable;

/** Finds whose call it is. Read on every call: answers from memory. */
public interface TenantDirectory {
    /**
     * The tenant of a call: by the first known Diversion entry, newest first, when the source may be believed; then by
     * the called number; else the default tenant.
     */
    TenantMatch tenantOf(Call call);

    /**
     * A tenant and why it was chosen.
     *
     * @param reason in words for the log: {@code diversion +4412345}, {@code called number}
     * @param refusal why the call must not be served: its source may not speak for this tenant; null when it may
     */
    record TenantMatch(
            Tenant tenant, String reason, @Nullable String refusal) {
        public TenantMatch(Tenant tenant, String reason) {
            this(tenant, reason, null);
        }
    }
}

package io.firefly.voip.tenant;

import io.firefly.voip.call.Call;
import io.firefly.voip.call.Diversion;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tenants of {@code tenants.yaml}. Any thread reads; {@link #replace} swaps all of them at once. */
public final class TenantBook implements TenantDirectory {
    /** All that is known at one time. */
    record Page(List<Tenant> tenants, Tenant fallback, NumberPlan<Tenant> numbers, NumberPlan<Tenant> diversions) {}

    private final AgentBook agents;
    private final String defaultRoute;
    private volatile Page page;

    /**
     * Knows the default tenant alone.
     *
     * @param agents those a tenant may name
     * @param defaultRoute the call flow of the default tenant: {@code firefly.routing.default-route}
     */
    public TenantBook(AgentBook agents, String defaultRoute) {
        this.agents = agents;
        this.defaultRoute = defaultRoute;
        Tenant fallback =
                new Tenant(TenantsReader.DEFAULT, defaultRoute, "reception", TenantsReader.DEFAULT_LIMITS, false);
        this.page = new Page(List.of(fallback), fallback, new NumberPlan<>(), new NumberPlan<>());
    }

    /**
     * Puts the tenants of this text in the place of all others.
     *
     * @param fileName for the messages
     * @throws DirectoryFormatException with every mistake, an agent nobody knows included; the tenants from before stay
     */
    public void replace(String yamlText, String fileName) {
        page = new TenantsReader(new YamlFile(fileName, yamlText), agents.names(), defaultRoute).read();
    }

    @Override
    public TenantMatch tenantOf(Call call) {
        Page now = page;
        if (call.isTrusted()) {
            TenantMatch match = byDiversion(now, call.getDiversions());
            if (match != null) return match;
        }
        Tenant called = now.numbers().find(call.getCalledUser());
        return called != null ? new TenantMatch(called, "called number") : new TenantMatch(now.fallback(), "default");
    }

    private static @Nullable TenantMatch byDiversion(Page now, List<Diversion> newestFirst) {
        for (Diversion diversion : newestFirst) {
            Tenant tenant = now.diversions().find(diversion.party().user());
            // Who asked for privacy is still served as who they are; only the log does not name them (RFC 5806
            // privacy).
            String shown =
                    diversion.privateAddress() ? "(private)" : diversion.party().numberOrUser();
            if (tenant != null) return new TenantMatch(tenant, "diversion " + shown);
        }
        return null;
    }

    /** All tenants, the default one first. */
    public List<Tenant> tenants() {
        return page.tenants();
    }

    /** A sentence for each tenant whose agent is not there any more; to be asked after the agents have changed. */
    public List<String> unknownAgents() {
        return page.tenants().stream()
                .filter(tenant -> agents.byName(tenant.agent()).isEmpty())
                .map(tenant -> "tenant '" + tenant.id() + "' names agent '" + tenant.agent() + "', which is not known"
                        + Spelling.hint(tenant.agent(), agents.names()))
                .toList();
    }

    /**
     * A sentence for each tenant whose call flow is not there.
     *
     * @param callflows those that exist, as tenants name them: {@code chat}
     */
    public List<String> unknownCallflows(Set<String> callflows) {
        return page.tenants().stream()
                .filter(tenant -> !callflows.contains(tenant.callflow()))
                .map(tenant -> "tenant '" + tenant.id() + "' wants callflow '" + tenant.callflow()
                        + "', and there is no route callflow-" + tenant.callflow()
                        + "; its callers hear 500" + Spelling.hint(tenant.callflow(), callflows))
                .toList();
    }
}

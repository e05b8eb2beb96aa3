package io.firefly.voip.tenant;

import io.firefly.voip.call.Call;
import io.firefly.voip.call.Diversion;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tenants of {@code tenants.yaml}. Any thread reads; {@link #commit} swaps all of them at once. */
public final class TenantBook implements TenantDirectory {
    /** All that is known at one time. Immutable; only this package looks inside. */
    public static final class Page {
        final List<Tenant> tenants;
        final Tenant fallback;
        final NumberPlan<Tenant> numbers;
        final NumberPlan<Tenant> diversions;

        Page(List<Tenant> tenants, Tenant fallback, NumberPlan<Tenant> numbers, NumberPlan<Tenant> diversions) {
            this.tenants = tenants;
            this.fallback = fallback;
            this.numbers = numbers;
            this.diversions = diversions;
        }

        /** A sentence for each tenant whose agent is not there. */
        public List<String> unknownAgents(Set<String> agents) {
            return tenants.stream()
                    .filter(tenant -> !agents.contains(tenant.agent()))
                    .map(tenant -> "tenant '" + tenant.id() + "' names agent '" + tenant.agent()
                            + "', which is not known" + Spelling.hint(tenant.agent(), agents))
                    .toList();
        }

        /**
         * A sentence for each tenant whose call flow is not there.
         *
         * @param callflows those that exist, as tenants name them: {@code chat}
         */
        public List<String> unknownCallflows(Set<String> callflows) {
            return tenants.stream()
                    .filter(tenant -> !callflows.contains(tenant.callflow()))
                    .map(tenant -> "tenant '" + tenant.id() + "' wants callflow '" + tenant.callflow()
                            + "', and there is no route callflow-" + tenant.callflow()
                            + "; its callers hear 500" + Spelling.hint(tenant.callflow(), callflows))
                    .toList();
        }
    }

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
     * Reads without changing what serves.
     *
     * @param fileName for the messages
     * @param agents the names that tenants may use: those that are to serve beside this page
     * @throws DirectoryFormatException with every mistake, an agent nobody knows included
     */
    public Page parse(String yamlText, String fileName, Set<String> agents) {
        return new TenantsReader(new YamlFile(fileName, yamlText), agents, defaultRoute).read();
    }

    /** Puts these tenants in the place of all others; the next call finds them. */
    public void commit(Page read) {
        page = read;
    }

    /**
     * {@link #parse} with the agents that serve, and {@link #commit}.
     *
     * @throws DirectoryFormatException with every mistake; the tenants from before stay
     */
    public void replace(String yamlText, String fileName) {
        commit(parse(yamlText, fileName, agents.names()));
    }

    @Override
    public TenantMatch tenantOf(Call call) {
        Page now = page;
        if (call.isTrusted()) {
            TenantMatch match = byDiversion(now, call.getDiversions());
            if (match != null) return match;
        }
        Tenant called = now.numbers.find(call.getCalledUser());
        return called != null ? new TenantMatch(called, "called number") : new TenantMatch(now.fallback, "default");
    }

    private static @Nullable TenantMatch byDiversion(Page now, List<Diversion> newestFirst) {
        for (Diversion diversion : newestFirst) {
            Tenant tenant = now.diversions.find(diversion.party().user());
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
        return page.tenants;
    }

    /** A sentence for each tenant whose agent is not there any more; to be asked after the agents have changed. */
    public List<String> unknownAgents() {
        return page.unknownAgents(agents.names());
    }

    /** A sentence for each tenant whose call flow is not there; {@code callflows} as tenants name them: {@code chat}. */
    public List<String> unknownCallflows(Set<String> callflows) {
        return page.unknownCallflows(callflows);
    }
}

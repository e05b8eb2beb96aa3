package io.firefly.voip.tenant;

import io.firefly.voip.call.Call;
import io.firefly.voip.call.Diversion;
import io.firefly.voip.tenant.plan.NetworkPlan;
import io.firefly.voip.tenant.plan.NetworkPlan.Network;
import io.firefly.voip.tenant.plan.NumberPlan;
import java.net.InetAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tenants. Any thread reads; {@link #commit} swaps all of them at once. */
public final class TenantBook implements TenantDirectory {
    private final AgentBook agents;
    private final String defaultRoute;
    private final Clock clock;
    private volatile Page page;

    /**
     * Knows the default tenant alone.
     *
     * @param agents those a tenant may name
     * @param defaultRoute the call flow of the default tenant: {@code firefly.routing.default-route}
     */
    public TenantBook(AgentBook agents, String defaultRoute) {
        this(agents, defaultRoute, Clock.systemUTC());
    }

    /** @param clock tells whether a tenant is open */
    public TenantBook(AgentBook agents, String defaultRoute, Clock clock) {
        this.agents = agents;
        this.defaultRoute = defaultRoute;
        this.clock = clock;
        this.page = new Page(
                List.of(TenantsReader.builtIn(defaultRoute)),
                new NumberPlan<>(),
                new NumberPlan<>(),
                List.of(),
                new NetworkPlan<>());
    }

    /**
     * Reads without changing what serves.
     *
     * @param fileName for the messages
     * @param agentNames those that tenants may name: the agents that are to serve beside this page
     * @throws DirectoryFormatException with every mistake, an agent nobody knows included
     */
    public Page parse(String yamlText, String fileName, Set<String> agentNames) {
        YamlFile file = new YamlFile(fileName, yamlText);
        return read(file.top(TenantsReader.TOP), file.problems(), agentNames);
    }

    /**
     * Reads without changing what serves, wherever the tenants are kept.
     *
     * @param top has {@code default}, {@code tenants}, {@code trunks}; null when there is nothing to read, which is a
     *     problem noted already
     * @throws DirectoryFormatException with every mistake
     */
    public Page read(@Nullable Fields top, Problems problems, Set<String> agentNames) {
        return new TenantsReader(problems, agentNames, defaultRoute).read(top);
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
        return page.tenantOf(call, clock);
    }

    /** The same tenants at another time: who would get this call on Christmas Eve? */
    public TenantDirectory at(Clock other) {
        return call -> page.tenantOf(call, other);
    }

    /** The tenants that serve. */
    public Page page() {
        return page;
    }

    /** All tenants, the default one first. */
    public List<Tenant> tenants() {
        return page.tenants();
    }

    /** A sentence for each tenant whose agent is not there any more; to be asked after the agents have changed. */
    public List<String> unknownAgents() {
        return page.unknownAgents(agents.names());
    }

    /** A sentence for each tenant whose call flow is not there; {@code callflows} as tenants name them: {@code chat}. */
    public List<String> unknownCallflows(Set<String> callflows) {
        return page.unknownCallflows(callflows);
    }

    /**
     * Networks that may say for whom a call is.
     *
     * @param tenants ids of those whose Diversion counts when it comes from here
     */
    record Trunk(String id, List<Network> networks, Set<String> tenants) {}

    /** A trunk for people to read. */
    public record TrunkLine(String id, List<String> networks, List<String> tenants) {
        private static TrunkLine of(Trunk trunk) {
            List<String> written =
                    trunk.networks().stream().map(Network::written).toList();
            return new TrunkLine(
                    trunk.id(), written, trunk.tenants().stream().sorted().toList());
        }
    }

    /** All that is known at one time. Not changed any more once it was read. */
    public static final class Page {
        private final Map<String, Tenant> tenants = new LinkedHashMap<>();
        private final NumberPlan<Tenant> numbers;
        private final NumberPlan<Tenant> diversions;
        private final List<Trunk> trunks;
        private final NetworkPlan<Trunk> networks;

        Page(
                List<Tenant> tenants,
                NumberPlan<Tenant> numbers,
                NumberPlan<Tenant> diversions,
                List<Trunk> trunks,
                NetworkPlan<Trunk> networks) {
            tenants.forEach(tenant -> this.tenants.put(tenant.id(), tenant));
            this.numbers = numbers;
            this.diversions = diversions;
            this.trunks = trunks;
            this.networks = networks;
        }

        /** All tenants, the default one first. */
        public List<Tenant> tenants() {
            return List.copyOf(tenants.values());
        }

        public Optional<Tenant> byId(String id) {
            return Optional.ofNullable(tenants.get(id));
        }

        /** The trunks as they were written. */
        public List<TrunkLine> trunks() {
            return trunks.stream().map(TrunkLine::of).toList();
        }

        /** The trunk that an address belongs to. */
        public Optional<String> trunkOf(InetAddress source) {
            return Optional.ofNullable(networks.find(source)).map(Trunk::id);
        }

        TenantMatch tenantOf(Call call, Clock clock) {
            TenantMatch match = call.isTrusted() ? byDiversion(call) : null;
            if (match == null) match = byCalledNumber(call);
            return new TenantMatch(match.tenant().at(clock.instant()), match.reason(), match.refusal());
        }

        private TenantMatch byCalledNumber(Call call) {
            Tenant called = numbers.find(call.getCalledUser());
            if (called != null) return new TenantMatch(called, "called number");
            return new TenantMatch(Objects.requireNonNull(tenants.get(TenantsReader.DEFAULT)), "default");
        }

        private @Nullable TenantMatch byDiversion(Call call) {
            for (Diversion diversion : call.getDiversions()) {
                Tenant tenant = diversions.find(diversion.party().user());
                if (tenant != null) return asserted(tenant, diversion, call);
            }
            return null;
        }

        /**
         * A trunk that speaks for a tenant it is not bound to is refused, not passed on to the next Diversion or to the
         * called number: it would be served as somebody else.
         */
        private TenantMatch asserted(Tenant tenant, Diversion diversion, Call call) {
            // Who asked for privacy is still served as who they are; only the log does not name them (RFC 5806
            // privacy).
            String reason = "diversion "
                    + (diversion.privateAddress()
                            ? "(private)"
                            : diversion.party().numberOrUser());
            InetAddress source = call.source().address().getAddress();
            Trunk trunk = source == null ? null : networks.find(source);
            if (trunk == null) return new TenantMatch(tenant, reason);
            String by = reason + " from trunk " + trunk.id();
            if (trunk.tenants().contains(tenant.id())) return new TenantMatch(tenant, by);
            return new TenantMatch(
                    tenant, by, "trunk " + trunk.id() + " may not speak for tenant " + tenant.id() + " by " + reason);
        }

        /** A sentence for each tenant whose agent is not there. */
        public List<String> unknownAgents(Set<String> agents) {
            return tenants.values().stream()
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
            List<String> sentences = new ArrayList<>();
            for (Tenant tenant : tenants.values()) {
                addUnknown(tenant, "callflow", tenant.callflow(), callflows, sentences);
                if (tenant.closedCallflow() != null) {
                    addUnknown(tenant, "closed-callflow", tenant.closedCallflow(), callflows, sentences);
                }
            }
            return sentences;
        }

        private static void addUnknown(
                Tenant tenant, String field, String flow, Set<String> callflows, List<String> sentences) {
            if (callflows.contains(flow)) return;
            sentences.add("tenant '" + tenant.id() + "' wants " + field + " '" + flow
                    + "', and there is no route callflow-" + flow + "; its callers hear 500"
                    + Spelling.hint(flow, callflows));
        }

        /**
         * A sentence for each network of a trunk whose callers must prove who they are, and whose Diversion does
         * therefore not count.
         *
         * @param trusted {@code firefly.sip.trusted-addresses}
         */
        public List<String> untrustedTrunks(List<String> trusted) {
            List<Network> believed = trusted.stream()
                    .map(Network::parse)
                    .filter(Objects::nonNull)
                    .toList();
            List<String> sentences = new ArrayList<>();
            for (Trunk trunk : trunks) {
                for (Network network : trunk.networks()) {
                    if (believed.stream().anyMatch(wide -> wide.covers(network))) continue;
                    sentences.add("trunk '" + trunk.id() + "': " + network.written()
                            + " is not in firefly.sip.trusted-addresses, so its Diversion does not count");
                }
            }
            return sentences;
        }
    }
}

package io.firefly.voip.tenant;

import io.firefly.voip.tenant.Fields.Text;
import io.firefly.voip.tenant.Tenant.Limits;
import io.firefly.voip.tenant.TenantBook.Page;
import io.firefly.voip.tenant.TenantBook.Trunk;
import io.firefly.voip.tenant.plan.NetworkPlan;
import io.firefly.voip.tenant.plan.NetworkPlan.Network;
import io.firefly.voip.tenant.plan.NumberPlan;
import io.firefly.voip.tenant.plan.OpeningHours;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the tenants and trunks once. What a tenant does not say it takes from the default tenant. */
final class TenantsReader {
    static final String DEFAULT = "default";
    static final Limits DEFAULT_LIMITS = new Limits(100, Duration.ofHours(1));
    static final Set<String> TOP = inOrder("default", "trunks", "tenants");
    static final Set<String> DEFAULT_FIELDS =
            inOrder("closed-callflow", "agent", "record", "retention-days", "time-zone", "hours", "limits");
    static final Set<String> FIELDS = inOrder(
            "id",
            "numbers",
            "diversions",
            "callflow",
            "closed-callflow",
            "agent",
            "record",
            "retention-days",
            "time-zone",
            "hours",
            "limits");
    static final Set<String> LIMIT_FIELDS =
            inOrder("concurrent-calls", "calls-per-second", "minutes-per-day", "max-call-length");
    static final Set<String> TRUNK_FIELDS = inOrder("id", "addresses", "tenants");
    private static final String NAME = "[a-z0-9][a-z0-9-]{0,63}";

    private final Problems problems;
    private final Set<String> agents;
    private final Tenant builtIn;
    private final List<Tenant> tenants = new ArrayList<>();
    private final Set<String> ids = new LinkedHashSet<>(Set.of(DEFAULT));
    private final NumberPlan<Tenant> numbers = new NumberPlan<>();
    private final NumberPlan<Tenant> diversions = new NumberPlan<>();
    private final Map<String, Trunk> trunks = new LinkedHashMap<>();
    private final NetworkPlan<Trunk> networks = new NetworkPlan<>();

    TenantsReader(Problems problems, Set<String> agents, String defaultRoute) {
        this.problems = problems;
        this.agents = agents;
        this.builtIn = builtIn(defaultRoute);
    }

    static Tenant builtIn(String defaultRoute) {
        return new Tenant(DEFAULT, defaultRoute, "reception", DEFAULT_LIMITS, false);
    }

    /** @throws DirectoryFormatException with every mistake */
    Page read(@Nullable Fields top) {
        Tenant fallback = builtIn;
        if (top != null) {
            Fields defaults = top.fields("default", DEFAULT_FIELDS);
            if (defaults != null) {
                fallback = tenant(DEFAULT, builtIn.callflow(), defaults, builtIn);
            } else if (!agents.contains(builtIn.agent())) {
                top.problem("default", "'default' must name an agent, since there is no '" + builtIn.agent() + "'.");
            }
            tenants.add(fallback);
            for (Fields fields : top.entries("tenants", FIELDS)) addTenant(fields, fallback);
            for (Fields fields : top.entries("trunks", TRUNK_FIELDS)) addTrunk(fields);
        }
        problems.throwIfAny();
        return new Page(tenants, numbers, diversions, List.copyOf(trunks.values()), networks);
    }

    private void addTenant(Fields fields, Tenant fallback) {
        Text id = fields.requiredText("id");
        String callflow = flow(fields, "callflow");
        Tenant tenant = tenant(
                id == null ? "" : id.value(), callflow == null ? fallback.callflow() : callflow, fields, fallback);
        if (id != null) checkId(fields, id.value());
        List<Text> called = fields.texts("numbers");
        List<Text> diverting = fields.texts("diversions");
        for (Text pattern : called) addNumber(numbers, pattern, tenant);
        for (Text pattern : diverting) addNumber(diversions, pattern, tenant);
        // Only when nothing else is wrong: a misspelt 'numers' would otherwise be told twice.
        if (called.isEmpty() && diverting.isEmpty() && problems.isEmpty()) {
            fields.problem("id", "no call can reach tenant '" + tenant.id() + "': give it 'numbers' or 'diversions'.");
        }
        tenants.add(tenant);
    }

    private static @Nullable String flow(Fields fields, String name) {
        Text flow = fields.text(name);
        if (flow == null) return null;
        if (!flow.value().matches(NAME)) {
            flow.problem("'" + name + "' must be small letters, digits and dashes, not '" + flow.value() + "'.");
        }
        return flow.value();
    }

    private void checkId(Fields fields, String id) {
        // The id becomes a metric tag and part of file names.
        if (!id.matches(NAME)) {
            fields.problem("id", "'id' must be small letters, digits and dashes, not '" + id + "'.");
        } else if (!ids.add(id)) {
            fields.problem(
                    "id",
                    id.equals(DEFAULT)
                            ? "'default' stands beside 'tenants', not among them."
                            : "tenant '" + id + "' is there twice.");
        }
    }

    private static void addNumber(NumberPlan<Tenant> plan, Text pattern, Tenant tenant) {
        String mistake = NumberPlan.mistakeIn(pattern.value());
        if (mistake != null) {
            pattern.problem(mistake);
            return;
        }
        Tenant owner = plan.add(pattern.value(), tenant);
        if (owner != null) {
            pattern.problem("'" + pattern.value() + "' belongs to tenant '" + owner.id() + "' already.");
        }
    }

    private Tenant tenant(String id, String callflow, Fields fields, Tenant otherwise) {
        Boolean record = fields.truth("record");
        Integer retention = fields.count("retention-days");
        ZoneId zone = HoursReader.zone(fields, otherwise.timeZone());
        OpeningHours hours = HoursReader.hours(fields, otherwise.hours(), zone);
        String closed = flow(fields, "closed-callflow");
        if (closed != null && hours == null) {
            fields.problem("closed-callflow", "'closed-callflow' never serves: without 'hours' it is always open.");
        }
        return new Tenant(
                id,
                callflow,
                closed == null ? otherwise.closedCallflow() : closed,
                agent(fields, otherwise),
                limits(fields.fields("limits", LIMIT_FIELDS), otherwise.limits()),
                record == null ? otherwise.record() : record,
                retention == null ? otherwise.retentionDays() : retention,
                zone,
                hours,
                true);
    }

    private String agent(Fields fields, Tenant otherwise) {
        Text written = fields.text("agent");
        String agent = written == null ? otherwise.agent() : written.value();
        if (!agents.contains(agent)) {
            fields.problem(
                    "agent",
                    "no agent '" + agent + "'" + Spelling.hint(agent, agents) + " Known: "
                            + agents.stream().limit(20).collect(Collectors.joining(", "))
                            + (agents.size() > 20 ? ", ..." : ""));
        }
        return agent;
    }

    private static Limits limits(@Nullable Fields fields, Limits otherwise) {
        if (fields == null) return otherwise;
        Integer calls = fields.count("concurrent-calls");
        Integer rate = fields.count("calls-per-second");
        Integer minutes = fields.count("minutes-per-day");
        Duration length = fields.duration("max-call-length");
        return new Limits(
                calls == null ? otherwise.concurrentCalls() : calls,
                rate == null ? otherwise.callsPerSecond() : rate,
                minutes == null ? otherwise.minutesPerDay() : minutes,
                length == null ? otherwise.maxCallLength() : length);
    }

    private void addTrunk(Fields fields) {
        Text id = fields.requiredText("id");
        Set<String> speaksFor = new LinkedHashSet<>();
        List<Text> named = fields.texts("tenants");
        if (named.isEmpty()) {
            fields.problem("tenants", "'tenants' must name those whose Diversion counts when it comes from here.");
        }
        for (Text tenant : named) {
            speaksFor.add(tenant.value());
            if (!ids.contains(tenant.value())) {
                tenant.problem("no tenant '" + tenant.value() + "'" + Spelling.hint(tenant.value(), ids));
            }
        }
        List<Network> ours = new ArrayList<>();
        Trunk trunk = new Trunk(id == null ? "" : id.value(), ours, speaksFor);
        if (id != null && !id.value().matches(NAME)) {
            id.problem("'id' must be small letters, digits and dashes, not '" + id.value() + "'.");
        } else if (id != null && trunks.putIfAbsent(id.value(), trunk) != null) {
            id.problem("trunk '" + id.value() + "' is there twice.");
        }
        List<Text> addresses = fields.texts("addresses");
        if (addresses.isEmpty()) fields.problem("addresses", "'addresses' must name networks: [203.0.113.0/24].");
        for (Text address : addresses) addNetwork(address, trunk, ours);
    }

    private void addNetwork(Text written, Trunk trunk, List<Network> ours) {
        Network network = Network.parse(written.value());
        if (network == null) {
            written.problem(
                    "'" + written.value() + "' is no network: write 203.0.113.0/24, 2001:db8::/32 or an address.");
            return;
        }
        ours.add(network);
        Trunk owner = networks.add(network, trunk);
        if (owner != null) {
            written.problem("'" + written.value() + "' belongs to trunk '" + owner.id() + "' already.");
        }
    }

    private static Set<String> inOrder(String... names) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(List.of(names)));
    }
}

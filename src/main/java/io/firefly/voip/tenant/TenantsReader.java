package io.firefly.voip.tenant;

import io.firefly.voip.tenant.Tenant.Limits;
import io.firefly.voip.tenant.TenantBook.Page;
import io.firefly.voip.tenant.YamlFields.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code tenants.yaml} once. What a tenant does not say it takes from the default tenant. */
final class TenantsReader {
    static final String DEFAULT = "default";
    static final Limits DEFAULT_LIMITS = new Limits(100, Duration.ofHours(1));
    private static final Set<String> TOP = inOrder("default", "tenants");
    private static final Set<String> DEFAULT_FIELDS = inOrder("agent", "record", "limits");
    private static final Set<String> FIELDS =
            inOrder("id", "numbers", "diversions", "callflow", "agent", "record", "limits");
    private static final Set<String> LIMIT_FIELDS = inOrder("concurrent-calls", "max-call-length");

    private final YamlFile file;
    private final Set<String> agents;
    private final Tenant builtIn;
    private final List<Tenant> tenants = new ArrayList<>();
    private final Set<String> ids = new LinkedHashSet<>(Set.of(DEFAULT));
    private final NumberPlan<Tenant> numbers = new NumberPlan<>();
    private final NumberPlan<Tenant> diversions = new NumberPlan<>();

    TenantsReader(YamlFile file, Set<String> agents, String defaultRoute) {
        this.file = file;
        this.agents = agents;
        this.builtIn = new Tenant(DEFAULT, defaultRoute, "reception", DEFAULT_LIMITS, false);
    }

    /** @throws DirectoryFormatException with every mistake */
    Page read() {
        Tenant fallback = builtIn;
        YamlFields top = file.top(TOP);
        if (top != null) {
            YamlFields defaults = top.fields("default", DEFAULT_FIELDS);
            if (defaults != null) {
                fallback = tenant(DEFAULT, builtIn.callflow(), defaults, builtIn);
            } else if (!agents.contains(builtIn.agent())) {
                top.problem("default", "'default' must name an agent, since there is no '" + builtIn.agent() + "'.");
            }
            tenants.add(fallback);
            for (YamlFields fields : top.entries("tenants", FIELDS)) addTenant(fields, fallback);
        }
        file.throwProblems();
        return new Page(List.copyOf(tenants), fallback, numbers, diversions);
    }

    private void addTenant(YamlFields fields, Tenant fallback) {
        Text id = fields.requiredText("id");
        Text callflow = fields.text("callflow");
        if (callflow != null && !callflow.value().matches("[a-z0-9][a-z0-9-]{0,63}")) {
            fields.problem(
                    "callflow", "'callflow' must be small letters, digits and dashes, not '" + callflow.value() + "'.");
        }
        Tenant tenant = tenant(
                id == null ? "" : id.value(),
                callflow == null ? fallback.callflow() : callflow.value(),
                fields,
                fallback);
        if (id != null) checkId(fields, id.value());
        List<Text> called = fields.texts("numbers");
        List<Text> diverting = fields.texts("diversions");
        for (Text pattern : called) addNumber(numbers, pattern, tenant);
        for (Text pattern : diverting) addNumber(diversions, pattern, tenant);
        // Only when nothing else is wrong: a misspelt 'numers' would otherwise be told twice.
        if (called.isEmpty() && diverting.isEmpty() && file.isGoodSoFar()) {
            fields.problem("id", "no call can reach tenant '" + tenant.id() + "': give it 'numbers' or 'diversions'.");
        }
        tenants.add(tenant);
    }

    private void checkId(YamlFields fields, String id) {
        // The id becomes a metric tag and part of file names.
        if (!id.matches("[a-z0-9][a-z0-9-]{0,63}")) {
            fields.problem("id", "'id' must be small letters, digits and dashes, not '" + id + "'.");
        } else if (!ids.add(id)) {
            fields.problem(
                    "id",
                    id.equals(DEFAULT)
                            ? "'default' stands beside 'tenants', not among them."
                            : "tenant '" + id + "' is there twice.");
        }
    }

    private void addNumber(NumberPlan<Tenant> plan, Text pattern, Tenant tenant) {
        String mistake = NumberPlan.mistakeIn(pattern.value());
        if (mistake != null) {
            file.problem(pattern.node(), mistake);
            return;
        }
        Tenant owner = plan.add(pattern.value(), tenant);
        if (owner != null) {
            file.problem(pattern.node(), "'" + pattern.value() + "' belongs to tenant '" + owner.id() + "' already.");
        }
    }

    private Tenant tenant(String id, String callflow, YamlFields fields, Tenant otherwise) {
        Text agent = fields.text("agent");
        String agentName = agent == null ? otherwise.agent() : agent.value();
        if (!agents.contains(agentName)) {
            fields.problem(
                    "agent",
                    "no agent '" + agentName + "' in agents.yaml" + Spelling.hint(agentName, agents) + " Known: "
                            + String.join(", ", agents));
        }
        Boolean record = fields.truth("record");
        return new Tenant(
                id,
                callflow,
                agentName,
                limits(fields.fields("limits", LIMIT_FIELDS), otherwise.limits()),
                record == null ? otherwise.record() : record);
    }

    private static Limits limits(@Nullable YamlFields fields, Limits otherwise) {
        if (fields == null) return otherwise;
        Integer calls = fields.count("concurrent-calls");
        Duration length = fields.duration("max-call-length");
        return new Limits(
                calls == null ? otherwise.concurrentCalls() : calls,
                length == null ? otherwise.maxCallLength() : length);
    }

    private static Set<String> inOrder(String... names) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(List.of(names)));
    }
}

package io.firefly.voip.tenant.directory;

import io.firefly.voip.tenant.Fields;
import io.firefly.voip.tenant.Fields.Text;
import io.firefly.voip.tenant.Problems;
import io.firefly.voip.tenant.directory.CallDirectory.Page;
import io.firefly.voip.tenant.directory.Target.By;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the directory once. */
final class DirectoryReader {
    static final Set<String> TOP = inOrder("default", "tenants");
    static final Set<String> RULES =
            inOrder("tools", "tool-runs-per-day", "tool-spend-per-day", "transfers-per-day", "gateway", "targets");
    static final Set<String> TENANT = inOrder(
            "tenant", "tools", "tool-runs-per-day", "tool-spend-per-day", "transfers-per-day", "gateway", "targets");
    static final Set<String> TARGET = inOrder("name", "description", "to", "by", "patience");
    private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(25);
    private static final Duration MAX_PATIENCE = Duration.ofMinutes(2);
    private static final int MAX_TARGETS = 200;
    private static final int MAX_DESCRIPTION = 200;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    /** No header may hide in it (RFC 3261 19.1.1), and no list. */
    private static final Pattern ADDRESS = Pattern.compile(
            "sip:(?:[A-Za-z0-9+*#._~!$&'()=%-]{1,64}@)?[A-Za-z0-9.\\[\\]:-]{1,255}(?:;transport=(?:udp|tcp))?");

    private static final Pattern GATEWAY =
            Pattern.compile("sip:[A-Za-z0-9.\\[\\]:-]{1,255}(?:;transport=(?:udp|tcp))?");
    private static final Pattern SEPARATORS = Pattern.compile("[().\\- /]");
    private static final Pattern NUMBER = Pattern.compile("\\+?[0-9]{2,20}");

    Page read(@Nullable Fields top, Problems problems) {
        TenantRules otherwise = TenantRules.NONE;
        Map<String, TenantRules> tenants = new LinkedHashMap<>();
        if (top != null) {
            Fields general = top.fields("default", RULES);
            if (general != null) otherwise = rules(general);
            for (Fields entry : top.entries("tenants", TENANT)) {
                Text id = entry.requiredText("tenant");
                TenantRules rules = rules(entry);
                if (id != null && tenants.putIfAbsent(id.value(), rules) != null) {
                    id.problem("tenant '" + id.value() + "' is there twice.");
                }
            }
        }
        problems.throwIfAny();
        return new Page(otherwise, tenants);
    }

    private static TenantRules rules(Fields fields) {
        return new TenantRules(
                tools(fields),
                count(fields, "tool-runs-per-day"),
                count(fields, "tool-spend-per-day"),
                count(fields, "transfers-per-day"),
                targets(fields, gateway(fields)));
    }

    /** Null: all. An empty list: none. */
    private static @Nullable List<String> tools(Fields fields) {
        if (fields.isAbsent("tools")) return null;
        List<String> tools = new ArrayList<>();
        for (Text tool : fields.texts("tools")) {
            if (tool.value().matches("[A-Za-z0-9_-]{1,64}")) tools.add(tool.value());
            else tool.problem("'" + tool.value() + "' is no tool: write the name behind agent:tool/, such as hang_up.");
        }
        return tools;
    }

    private static int count(Fields fields, String name) {
        Integer count = fields.count(name);
        return count == null ? 0 : count;
    }

    private static @Nullable String gateway(Fields fields) {
        Text gateway = fields.text("gateway");
        if (gateway == null) return null;
        if (GATEWAY.matcher(gateway.value()).matches()) return gateway.value().substring("sip:".length());
        gateway.problem("'gateway' must be sip: and a host, such as sip:carrier.example or"
                + " sip:192.0.2.7:5060;transport=tcp, not '" + gateway.value() + "'.");
        return null;
    }

    private static Map<String, Target> targets(Fields fields, @Nullable String gateway) {
        Map<String, Target> targets = new LinkedHashMap<>();
        List<? extends Fields> entries = fields.entries("targets", TARGET);
        if (entries.size() > MAX_TARGETS) {
            fields.problem("targets", "at most " + MAX_TARGETS + " targets; an agent could not tell more apart.");
        }
        for (Fields entry : entries) {
            Target target = target(entry, gateway);
            if (target != null && targets.putIfAbsent(target.name(), target) != null) {
                entry.problem("name", "target '" + target.name() + "' is there twice.");
            }
        }
        return targets;
    }

    private static @Nullable Target target(Fields fields, @Nullable String gateway) {
        Text name = fields.requiredText("name");
        Text to = fields.requiredText("to");
        Text description = fields.text("description");
        String uri = to == null ? null : uri(to, gateway);
        By by = by(fields);
        Duration patience = patience(fields);
        if (name != null && !NAME.matcher(name.value()).matches()) {
            name.problem("'name' must be small letters, digits and dashes, not '" + name.value() + "'.");
        }
        if (description != null && description.value().length() > MAX_DESCRIPTION) {
            description.problem("'description' has more than " + MAX_DESCRIPTION + " characters.");
        }
        if (name == null || uri == null) return null;
        return new Target(name.value(), description == null ? "" : description.value(), uri, by, patience);
    }

    private static @Nullable String uri(Text to, @Nullable String gateway) {
        String number = SEPARATORS.matcher(to.value()).replaceAll("");
        if (ADDRESS.matcher(to.value()).matches()) return to.value();
        if (!NUMBER.matcher(number).matches()) {
            to.problem("'to' must be a SIP address such as sip:sales@pbx.example, or a number such as \"+4930123456\""
                    + ", not '" + to.value() + "'.");
            return null;
        }
        if (gateway != null) return "sip:" + number + "@" + gateway;
        to.problem("a number needs a 'gateway' beside 'targets', such as gateway: sip:carrier.example.");
        return null;
    }

    private static By by(Fields fields) {
        Text by = fields.text("by");
        if (by == null || by.value().equals("bridge")) return By.BRIDGE;
        if (by.value().equals("refer")) return By.REFER;
        by.problem("'by' must be bridge (we call there and stay in the call) or refer (the caller's side calls there),"
                + " not '" + by.value() + "'.");
        return By.BRIDGE;
    }

    private static Duration patience(Fields fields) {
        Duration patience = fields.duration("patience");
        if (patience == null) return DEFAULT_PATIENCE;
        if (patience.compareTo(MAX_PATIENCE) > 0) fields.problem("patience", "'patience' must be at most 2m.");
        return patience;
    }

    private static Set<String> inOrder(String... names) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(List.of(names)));
    }
}

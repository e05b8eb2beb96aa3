package io.firefly.voip.tenant.directory;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant's agents may do.
 *
 * @param tools names of the tools they may use; null: all
 * @param toolRunsPerDay of all tools together; 0: any
 * @param toolSpendPerDay sum of the {@code cost} of its tools; 0: any
 * @param transfersPerDay attempts to connect a caller with somebody; 0: any
 * @param targets whom its callers may be connected with, by name, in the order of the file
 */
public record TenantRules(
        @Nullable List<String> tools,
        int toolRunsPerDay,
        int toolSpendPerDay,
        int transfersPerDay,
        Map<String, Target> targets) {
    /** Every tool that a route offers, and nobody to be connected with. */
    public static final TenantRules NONE = new TenantRules(null, 0, 0, 0, Map.of());

    public TenantRules {
        tools = tools == null ? null : List.copyOf(tools);
        targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
    }

    public boolean mayUse(String tool) {
        return tools == null || tools.contains(tool);
    }

    public Optional<Target> target(String name) {
        return Optional.ofNullable(targets.get(name));
    }
}

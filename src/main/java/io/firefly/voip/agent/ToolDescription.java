package io.firefly.voip.agent;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A function the model may call.
 *
 * @param parameters name to JSON type ({@code string}, {@code number}, {@code integer}, {@code boolean}), in order
 * @param optional names of the parameters that may be left out
 */
public record ToolDescription(String name, String description, Map<String, String> parameters, Set<String> optional) {
    public ToolDescription {
        if (!name.matches("[a-zA-Z0-9_-]{1,64}")) throw new IllegalArgumentException("tool name '" + name + "'");
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        optional = Set.copyOf(optional);
        if (!parameters.keySet().containsAll(optional)) {
            throw new IllegalArgumentException("tool '" + name + "' has optional parameters it does not have");
        }
    }

    /** A function all of whose parameters are required. */
    public ToolDescription(String name, String description, Map<String, String> parameters) {
        this(name, description, parameters, Set.of());
    }
}

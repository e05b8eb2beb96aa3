package io.firefly.voip.agent;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A function the model may call.
 *
 * @param parameters name to JSON type ({@code string}, {@code number}, {@code integer}, {@code boolean}), in order
 */
public record ToolDescription(String name, String description, Map<String, String> parameters) {
    public ToolDescription {
        if (!name.matches("[a-zA-Z0-9_-]{1,64}")) throw new IllegalArgumentException("tool name '" + name + "'");
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }
}

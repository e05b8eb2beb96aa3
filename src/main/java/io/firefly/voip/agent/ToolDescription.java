package io.firefly.voip.agent;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A function the model may call.
 *
 * @param parameters by name, in order
 * @param terms what is kept to outside of the model
 */
public record ToolDescription(String name, String description, Map<String, Parameter> parameters, Terms terms) {
    public ToolDescription {
        if (!name.matches("[a-zA-Z0-9_-]{1,64}")) throw new IllegalArgumentException("tool name '" + name + "'");
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /**
     * On no terms but the general ones.
     *
     * @param types name to JSON type, in order
     * @param optional names of the parameters that may be left out
     */
    public ToolDescription(String name, String description, Map<String, String> types, Set<String> optional) {
        this(name, description, parameters(name, types, optional), Terms.NONE);
    }

    /** A function all of whose parameters are required. */
    public ToolDescription(String name, String description, Map<String, String> types) {
        this(name, description, types, Set.of());
    }

    private static Map<String, Parameter> parameters(String tool, Map<String, String> types, Set<String> optional) {
        if (!types.keySet().containsAll(optional)) {
            throw new IllegalArgumentException("tool '" + tool + "' has optional parameters it does not have");
        }
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        types.forEach((name, type) -> parameters.put(name, Parameter.of(type, !optional.contains(name))));
        return parameters;
    }

    /** The same function with other parameters: what one call's agent is offered. */
    public ToolDescription with(Map<String, Parameter> others) {
        return new ToolDescription(name, description, others, terms);
    }

    /** The arguments as a JSON Schema, of maps, lists, texts and numbers. */
    public Map<String, Object> schema() {
        Map<String, Object> properties = new LinkedHashMap<>();
        parameters.forEach((parameter, told) -> properties.put(parameter, told.schema()));
        List<String> required = parameters.entrySet().stream()
                .filter(parameter -> parameter.getValue().required())
                .map(Map.Entry::getKey)
                .toList();
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("required", required);
        schema.put("additionalProperties", false);
        return schema;
    }

    /**
     * What the model has to say.
     *
     * @param type {@code string}, {@code number}, {@code integer}, {@code boolean}, or {@link #TARGET}
     * @param description for the model; empty for none
     * @param choices the only values there are; empty: any
     * @param minimum and {@code maximum}: of a number; null for none
     * @param pattern a regular expression that all of a text matches; null for none
     */
    public record Parameter(
            String type,
            boolean required,
            String description,
            List<String> choices,
            @Nullable Double minimum,
            @Nullable Double maximum,
            @Nullable String pattern) {
        /** A name in the directory of the call's tenant. */
        public static final String TARGET = "target";

        public Parameter {
            choices = List.copyOf(choices);
        }

        public static Parameter of(String type, boolean required) {
            return new Parameter(type, required, "", List.of(), null, null, null);
        }

        private Map<String, Object> schema() {
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", type.equals(TARGET) ? "string" : type);
            if (!description.isEmpty()) schema.put("description", description);
            if (!choices.isEmpty()) schema.put("enum", choices);
            if (minimum != null) schema.put("minimum", minimum);
            if (maximum != null) schema.put("maximum", maximum);
            if (pattern != null) schema.put("pattern", "^(?:" + pattern + ")$");
            return schema;
        }

        /** One of these names, each explained in words. */
        public Parameter oneOf(List<String> names, String explained) {
            return new Parameter("string", required, explained, names, null, null, null);
        }
    }

    /**
     * What is kept to outside of the model, whatever it says.
     *
     * @param timeout after this the model hears an error; null: the general one
     * @param perCall how often it runs in one call; 0: as often as tools may
     * @param perDay how often it runs for one tenant in a day; 0: any
     * @param cost of one run, in the unit of the tenant's {@code tool-spend-per-day}
     * @param confirmed the caller has to agree by a key first
     * @param filler what the caller hears while it runs; null: what the agent says in that case
     * @param fillerAfter when; null: the general one
     */
    public record Terms(
            @Nullable Duration timeout,
            int perCall,
            int perDay,
            int cost,
            boolean confirmed,
            @Nullable String filler,
            @Nullable Duration fillerAfter) {
        public static final Terms NONE = new Terms(null, 0, 0, 0, false, null, null);
    }
}

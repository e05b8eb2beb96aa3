package io.firefly.voip.agent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.openai.core.Enum;
import com.openai.core.JsonField;
import com.openai.core.ObjectMappers;
import com.openai.models.realtime.RealtimeClientEvent;
import com.openai.models.realtime.RealtimeServerEvent;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The independent judge: OpenAI's own classes read a frame strictly, and a walk finds fields they do not know. */
final class OfficialSdk {
    private static final JsonMapper MAPPER = ObjectMappers.jsonMapper();
    /** The real server sends these although the schema does not have them. */
    private static final Set<String> ALSO_SENT_BY_OPENAI = Set.of("id", "object", "expires_at", "obfuscation");
    /** The real server explains a failed response although the schema has only a code. */
    private static final String ALSO_EXPLAINED = ".error.message";

    private OfficialSdk() {}

    static RealtimeServerEvent judge(String frame) {
        try {
            RealtimeServerEvent event =
                    MAPPER.readValue(frame, RealtimeServerEvent.class).validate();
            assertThat(unknownFields(event))
                    .as("fields the SDK does not know in %s", frame)
                    .isEmpty();
            return event;
        } catch (JsonProcessingException e) {
            throw new AssertionError("not a server event: " + frame, e);
        }
    }

    static RealtimeClientEvent clientEvent(String frame) {
        try {
            return MAPPER.readValue(frame, RealtimeClientEvent.class).validate();
        } catch (JsonProcessingException e) {
            throw new AssertionError("not a client event: " + frame, e);
        }
    }

    static List<String> unknownFields(Object value) {
        List<String> found = new ArrayList<>();
        walk(value, "$", found);
        return found;
    }

    private static void walk(Object value, String path, List<String> found) {
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) walk(list.get(i), path + "[" + i + "]", found);
            return;
        }
        if (!value.getClass().getName().startsWith("com.openai.models.") || value instanceof Enum) return;
        boolean union = isUnion(value);
        List<Method> fields = new ArrayList<>();
        for (Method method : value.getClass().getMethods()) {
            if (method.getParameterCount() > 0) continue;
            if (JsonField.class.isAssignableFrom(method.getReturnType()) && !union) fields.add(method);
            if (method.getReturnType() == Optional.class
                    && union
                    && !method.getName().equals("_json")) {
                ((Optional<?>) call(method, value)).ifPresent(variant -> walk(variant, path, found));
            }
        }
        // A class without fields of its own is a free map, such as metadata or the schema of a tool.
        if (!fields.isEmpty()) reportUnknown(value, path, found);
        for (Method field : fields) {
            Object known = ((JsonField<?>) call(field, value)).asKnown().orElse(null);
            if (known != null) walk(known, path + "." + field.getName().substring(1), found);
        }
    }

    private static boolean isUnion(Object value) {
        try {
            return value.getClass().getMethod("_json") != null;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    private static void reportUnknown(Object value, String path, List<String> found) {
        try {
            Map<?, ?> unknown = (Map<?, ?>)
                    value.getClass().getMethod("_additionalProperties").invoke(value);
            for (Object name : unknown.keySet()) {
                String place = path + "." + name;
                boolean known = ALSO_SENT_BY_OPENAI.contains(String.valueOf(name)) || place.endsWith(ALSO_EXPLAINED);
                if (!known) found.add(place);
            }
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the SDK has changed", e);
        }
    }

    private static Object call(Method method, Object target) {
        try {
            return method.invoke(target);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the SDK has changed", e);
        }
    }
}

package io.firefly.voip.agent.openai;

import com.openai.core.JsonField;
import com.openai.core.ObjectMappers;
import com.openai.models.realtime.RealtimeClientEvent;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** OpenAI's own Java SDK judges what we send: its schema, and no field that it does not know. */
final class SdkOracle {
    private SdkOracle() {}

    /** @throws RuntimeException when the SDK refuses it */
    static void accept(String frame) {
        try {
            RealtimeClientEvent event = ObjectMappers.jsonMapper().readValue(frame, RealtimeClientEvent.class);
            event.validate();
            List<String> unknown = new ArrayList<>();
            walk(event, "$", unknown);
            if (!unknown.isEmpty()) throw new AssertionError("unknown fields " + unknown + " in " + frame);
        } catch (Exception e) {
            throw new AssertionError("the SDK refuses " + frame, e);
        }
    }

    private static void walk(Object value, String path, List<String> unknown) throws ReflectiveOperationException {
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) walk(list.get(i), path + "[" + i + "]", unknown);
            return;
        }
        if (value instanceof JsonField<?> || !value.getClass().getName().startsWith("com.openai.")) return;
        for (Method method : value.getClass().getMethods()) {
            if (method.getParameterCount() != 0 || Modifier.isStatic(method.getModifiers())) continue;
            step(value, method, path, unknown);
        }
    }

    private static void step(Object value, Method method, String path, List<String> unknown)
            throws ReflectiveOperationException {
        String name = method.getName();
        if (name.equals("_additionalProperties")) {
            if (path.endsWith("_metadata")) return;
            for (Object key : ((Map<?, ?>) method.invoke(value)).keySet()) unknown.add(path + "." + key);
        } else if (name.startsWith("_") && JsonField.class.isAssignableFrom(method.getReturnType())) {
            Optional<?> known = ((JsonField<?>) method.invoke(value)).asKnown();
            if (known.isPresent()) walk(known.get(), path + "." + name, unknown);
        } else if (isUnion(value) && method.getReturnType() == Optional.class && !name.startsWith("_")) {
            Optional<?> variant = (Optional<?>) method.invoke(value);
            if (variant.isPresent()) walk(variant.get(), path + "<" + name + ">", unknown);
        }
    }

    private static boolean isUnion(Object value) {
        for (Method method : value.getClass().getMethods()) {
            if (method.getName().equals("_additionalProperties")) return false;
        }
        return true;
    }
}

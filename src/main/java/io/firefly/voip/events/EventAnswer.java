package io.firefly.voip.events;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a PUBLISH or SUBSCRIBE is answered. */
public record EventAnswer(int status, @Nullable String reason, Map<String, List<String>> headers) {
    public EventAnswer {
        headers = Map.copyOf(headers);
    }

    public boolean isAccepted() {
        return status < 300;
    }

    static EventAnswer of(int status, @Nullable String reason, String... namesAndValues) {
        Map<String, List<String>> headers = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2)
            headers.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
        return new EventAnswer(status, reason, headers);
    }
}

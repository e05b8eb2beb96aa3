package io.firefly.voip.camel.presence;

import java.util.Locale;
import java.util.Map;

/** What stands behind {@code presence:}. */
enum PresenceStep {
    PUBLISH,
    SUBSCRIBE;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for a step or an option nobody knows; the message lists those that are known */
    static PresenceStep named(String label, Map<String, Object> options) {
        for (PresenceStep step : values()) {
            if (!step.label().equals(label)) continue;
            if (options.isEmpty()) return step;
            throw new IllegalArgumentException("presence:" + label + " has no option '"
                    + options.keySet().iterator().next() + "'. It takes none");
        }
        throw new IllegalArgumentException(
                "no step 'presence:" + label + "'. Known: presence:publish, presence:subscribe");
    }
}

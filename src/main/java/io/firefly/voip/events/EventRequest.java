package io.firefly.voip.events;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A PUBLISH or SUBSCRIBE.
 *
 * @param id of the dialog a SUBSCRIBE belongs to
 * @param resource whose state it is about, a user's name
 * @param sender who sent it: a subscriber, or the address that is trusted
 * @param headers lower-case name to values
 * @param contentType without parameters, lower case; null without a body
 */
public record EventRequest(
        String id,
        String resource,
        String sender,
        Map<String, List<String>> headers,
        @Nullable String contentType,
        String body) {
    private static final Pattern EVENT_ID = Pattern.compile("(?i).*;\\s*id\\s*=\\s*([A-Za-z0-9.!%*_+`'~-]{1,64}).*");

    public EventRequest {
        headers = Map.copyOf(headers);
    }

    /** Lower case, without parameters; empty when there is none. */
    String eventPackage() {
        String event = header("event");
        return event == null ? "" : event.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    }

    /** The Event header of what is sent in answer: the package, and the watcher's id for it (RFC 6665 8.2.1). */
    String echoedEvent() {
        String event = header("event");
        var matcher = EVENT_ID.matcher(event == null ? "" : event);
        return eventPackage() + (matcher.matches() ? ";id=" + matcher.group(1) : "");
    }

    @Nullable
    String header(String name) {
        List<String> values = headers.getOrDefault(name, List.of());
        return values.isEmpty() ? null : values.get(0);
    }

    /** Seconds; the default when none are named, -1 when it is no number. */
    long expires(long otherwise) {
        String value = header("expires");
        if (value == null) return otherwise;
        return value.trim().matches("[0-9]{1,10}") ? Long.parseLong(value.trim()) : -1;
    }

    /** Whether the sender takes documents of this type (RFC 3261 20.1); no Accept is the package's own. */
    boolean accepts(String type) {
        if (!headers.containsKey("accept")) return true;
        String family = type.replaceFirst("/.*", "/*");
        for (String value : headers.getOrDefault("accept", List.of())) {
            for (String entry : value.split(",", -1)) {
                String taken = entry.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
                if (taken.equals(type) || taken.equals(family) || taken.equals("*/*")) return true;
            }
        }
        return false;
    }
}

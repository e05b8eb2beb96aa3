package io.firefly.voip.freeswitch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A recorded event that is about to be sent: headers can be changed, values are plain here. */
final class StandInEvent {
    private final Map<String, String> headers = new LinkedHashMap<>();
    private String body = "";

    StandInEvent(String name, Map<String, String> places) {
        String text = Recording.event(name, places);
        int end = text.indexOf("\n\n");
        for (String line : (end < 0 ? text : text.substring(0, end)).split("\n", -1)) {
            int colon = line.indexOf(": ");
            if (colon > 0) headers.put(line.substring(0, colon), Recording.decoded(line.substring(colon + 2)));
        }
        if (end >= 0) body = text.substring(end + 2);
    }

    StandInEvent with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    StandInEvent withBody(String text) {
        body = text;
        return this;
    }

    StandInEvent without(String header) {
        headers.remove(header);
        return this;
    }

    String name() {
        return headers.getOrDefault("Event-Name", "");
    }

    @Nullable
    String value(String header) {
        return headers.get(header);
    }

    Map<String, String> headers() {
        return headers;
    }

    /** {@code text/event-plain} with its outer length, and the inner one when there is a body. */
    String plain() {
        StringBuilder text = new StringBuilder();
        headers.forEach((name, value) -> {
            if (!name.equals("Content-Length"))
                text.append(name).append(": ").append(Recording.encoded(value)).append('\n');
        });
        if (!body.isEmpty())
            text.append("Content-Length: ").append(length(body)).append("\n\n").append(body);
        else text.append('\n');
        return "Content-Length: " + length(text.toString()) + "\nContent-Type: text/event-plain\n\n" + text;
    }

    String json() {
        Map<String, String> all = new LinkedHashMap<>(headers);
        if (!body.isEmpty()) {
            all.put("Content-Length", String.valueOf(length(body)));
            all.put("_body", body);
        }
        String text = StandInJson.text(all);
        return "Content-Length: " + length(text) + "\nContent-Type: text/event-json\n\n" + text;
    }

    private static int length(String text) {
        return text.getBytes(UTF_8).length;
    }
}

package io.firefly.voip.camel.freeswitch.esl;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a FreeSWITCH: names and values, and sometimes a text. Values are decoded when they are asked for,
 * because an event has some two hundred and we look at five. Safe for any thread.
 */
public final class EslEvent {
    /** How FreeSWITCH writes a value that is empty. */
    private static final String UNSET = "_undef_";

    private static final String ARRAY = "ARRAY::";

    private final Map<String, String> encoded;
    private final String body;

    private EslEvent(Map<String, String> encoded, String body) {
        this.encoded = encoded;
        this.body = body;
    }

    /** Of the bytes of a {@code text/event-plain}: lines up to an empty one, then the rest is the body. */
    static EslEvent parse(byte[] bytes) {
        Map<String, String> encoded = new HashMap<>(256);
        int at = 0;
        while (at < bytes.length) {
            int end = at;
            while (end < bytes.length && bytes[end] != '\n') end++;
            String line = new String(bytes, at, end - at, StandardCharsets.UTF_8);
            at = end + 1;
            if (line.isBlank()) break;
            addTo(encoded, line);
        }
        int length = Math.max(0, bytes.length - at);
        return new EslEvent(encoded, length == 0 ? "" : new String(bytes, at, length, StandardCharsets.UTF_8));
    }

    /** The data of a channel as the answer to {@code connect} brings it, in its headers. */
    public static EslEvent ofReply(EslFrame reply) {
        return new EslEvent(reply.headers(), "");
    }

    /** For tests and for what is known otherwise. */
    public static EslEvent of(Map<String, String> values) {
        Map<String, String> encoded = new HashMap<>();
        values.forEach((name, value) -> encoded.put(name.toLowerCase(Locale.ROOT), value.replace("%", "%25")));
        return new EslEvent(encoded, "");
    }

    static void addTo(Map<String, String> headers, String line) {
        int colon = line.indexOf(':');
        if (colon < 1) return;
        headers.putIfAbsent(
                line.substring(0, colon).trim().toLowerCase(Locale.ROOT),
                line.substring(colon + 1).trim());
    }

    /** {@code CHANNEL_ANSWER}; empty when it does not say. */
    public String name() {
        return text("event-name");
    }

    /** Of a CUSTOM event, {@code mod_audio_fork::connect}; else empty. */
    public String subclass() {
        return text("event-subclass");
    }

    /** Of the channel it is about; empty when it is about none. */
    public String uuid() {
        return text("unique-id");
    }

    /** Not encoded on the wire. */
    public String body() {
        return body;
    }

    /** Null when it is absent or empty. The name may be written in any case, as FreeSWITCH itself compares. */
    public @Nullable String value(String name) {
        String raw = encoded.get(name.toLowerCase(Locale.ROOT));
        if (raw == null || raw.isEmpty() || raw.equals(UNSET)) return null;
        return decode(raw);
    }

    /** Empty when it is absent. */
    public String text(String name) {
        String value = value(name);
        return value == null ? "" : value;
    }

    /** 0 when it is absent or no number. */
    public int number(String name) {
        String value = text(name);
        return value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : 0;
    }

    /** A value that FreeSWITCH may keep as an array; one that is none is a list of one. */
    public List<String> values(String name) {
        String value = value(name);
        if (value == null) return List.of();
        return value.startsWith(ARRAY) ? List.of(value.substring(ARRAY.length()).split("\\|:", -1)) : List.of(value);
    }

    /** Lower case. */
    public Set<String> names() {
        return Collections.unmodifiableSet(encoded.keySet());
    }

    /** Percent decoding in which a plus is a plus; what is no valid code stays as it is. */
    static String decode(String raw) {
        if (raw.indexOf('%') < 0) return raw;
        byte[] in = raw.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            int code = in[i] == '%' && i + 2 < in.length ? hex(in[i + 1], in[i + 2]) : -1;
            out.write(code < 0 ? in[i] : code);
            if (code >= 0) i += 2;
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static int hex(byte high, byte low) {
        int upper = Character.digit(high, 16);
        int lower = Character.digit(low, 16);
        return upper < 0 || lower < 0 ? -1 : upper * 16 + lower;
    }

    /** Without values, which may name people. */
    @Override
    public String toString() {
        return name() + (subclass().isEmpty() ? "" : " " + subclass()) + (uuid().isEmpty() ? "" : " of " + uuid());
    }
}

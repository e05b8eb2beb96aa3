package io.firefly.voip.freeswitch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a real FreeSWITCH said on its event socket, by name; see {@code src/test/resources/freeswitch/README.md}. */
final class Recording {
    private static final String MARK = "#### ";
    private static final Map<String, String> REPLIES = read("replies.txt");
    private static final Map<String, String> EVENTS = read("events.txt");

    private Recording() {}

    /** A reply to the byte, its places filled in. */
    static String reply(String name, Map<String, String> values) {
        String reply = REPLIES.get(name);
        if (reply == null) throw new IllegalArgumentException("no recorded reply '" + name + "'");
        return filled(reply, values, false);
    }

    /** The part of a recorded {@code api/response} after its headers. */
    static String body(String name) {
        String reply = reply(name, Map.of());
        return reply.substring(reply.indexOf("\n\n") + 2);
    }

    /** The text of an event, its values as on the wire: percent-encoded. */
    static String event(String name, Map<String, String> values) {
        String event = EVENTS.get(name);
        if (event == null) throw new IllegalArgumentException("no recorded event '" + name + "'");
        return filled(event, values, true);
    }

    static String encoded(String value) {
        StringBuilder text = new StringBuilder();
        for (byte b : value.getBytes(UTF_8)) {
            boolean plain = b > ' ' && b < 127 && "#%&+:;<=>?@[\\]^`{|}\"".indexOf(b) < 0;
            if (plain) text.append((char) b);
            else text.append('%').append(String.format("%02X", b));
        }
        return text.toString();
    }

    static String decoded(String value) {
        byte[] text = value.getBytes(UTF_8);
        byte[] plain = new byte[text.length];
        int length = 0;
        for (int i = 0; i < text.length; i++) {
            boolean escape = text[i] == '%' && i + 2 < text.length;
            plain[length++] = escape ? (byte) Integer.parseInt(value.substring(i + 1, i + 3), 16) : text[i];
            if (escape) i += 2;
        }
        return new String(plain, 0, length, UTF_8);
    }

    private static String filled(String text, Map<String, String> values, boolean encode) {
        String result = text;
        for (var value : values.entrySet()) {
            String with = encode ? encoded(value.getValue()) : value.getValue();
            result = result.replace("{{" + value.getKey() + "}}", with);
        }
        return result;
    }

    private static Map<String, String> read(String file) {
        try (InputStream in = Recording.class.getResourceAsStream("/freeswitch/" + file)) {
            if (in == null) throw new IllegalStateException("no recording " + file + " on the class path");
            Map<String, String> sections = new LinkedHashMap<>();
            String text = new String(in.readAllBytes(), UTF_8);
            for (int at = text.indexOf(MARK); at >= 0; ) {
                int name = text.indexOf('\n', at);
                int next = text.indexOf("\n" + MARK, name);
                String body = next < 0
                        ? text.substring(name + 1, text.length() - 1)
                        : text.substring(name + 1, Math.max(name + 1, next));
                sections.put(text.substring(at + MARK.length(), name), body);
                at = next < 0 ? -1 : next + 1;
            }
            return sections;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

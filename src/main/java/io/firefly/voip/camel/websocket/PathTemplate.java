package io.firefly.voip.camel.websocket;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A path such as {@code /audio/{ticket}}: each {@code {name}} stands for exactly one segment. */
final class PathTemplate {
    private static final int MAX_PARAMETER_CHARS = 256;
    private final String text;
    private final List<String> segments;

    PathTemplate(String text) {
        if (!text.startsWith("/")) throw new IllegalArgumentException("path '" + text + "' must begin with /");
        this.text = text;
        this.segments = split(text);
        for (String segment : segments) {
            if (isParameter(segment) ? !segment.matches("\\{[A-Za-z][A-Za-z0-9_]*}") : segment.matches(".*[{}*].*")) {
                throw new IllegalArgumentException("path '" + text + "': '" + segment
                        + "' must be plain text or one {name}, as in /audio/{ticket}");
            }
        }
    }

    /** The parameters of a request's path, decoded; empty when the path is another one. */
    Optional<Map<String, String>> match(String path) {
        if (!path.startsWith("/")) return Optional.empty();
        List<String> actual = split(path);
        if (actual.size() != segments.size()) return Optional.empty();
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < actual.size(); i++) {
            String expected = segments.get(i);
            if (!isParameter(expected)) {
                if (!expected.equals(actual.get(i))) return Optional.empty();
                continue;
            }
            String value = decode(actual.get(i));
            if (value.isEmpty() || value.length() > MAX_PARAMETER_CHARS) return Optional.empty();
            parameters.put(expected.substring(1, expected.length() - 1), value);
        }
        return Optional.of(parameters);
    }

    private static String decode(String segment) {
        try {
            // A plus sign is itself in a path (RFC 3986 3.3); URLDecoder would make it a space.
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static List<String> split(String path) {
        return Arrays.asList(path.substring(1).split("/", -1));
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{");
    }

    @Override
    public String toString() {
        return text;
    }
}

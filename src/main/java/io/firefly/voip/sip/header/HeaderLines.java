package io.firefly.voip.sip.header;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header lines of one message as they were on the wire: long lower-case names, folded lines joined (RFC 3261 7.3.1),
 * values untouched.
 */
public final class HeaderLines {
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,9}");

    public static final int MAX_HEADERS = 128;
    public static final int MAX_HEADER_BYTES = 8192;

    private static final Map<String, String> COMPACT = Map.ofEntries(
            Map.entry("i", "call-id"),
            Map.entry("m", "contact"),
            Map.entry("e", "content-encoding"),
            Map.entry("l", "content-length"),
            Map.entry("c", "content-type"),
            Map.entry("f", "from"),
            Map.entry("s", "subject"),
            Map.entry("k", "supported"),
            Map.entry("t", "to"),
            Map.entry("v", "via"),
            Map.entry("o", "event"),
            Map.entry("r", "refer-to"),
            Map.entry("b", "referred-by"),
            Map.entry("x", "session-expires"));
    private static final Set<String> ONCE =
            Set.of("call-id", "cseq", "from", "to", "max-forwards", "content-length", "content-type");
    private static final List<String> MANDATORY = List.of("via", "from", "to", "call-id", "cseq");

    private final Map<String, List<String>> values;
    private final String startLine;
    private final int bodyAt;
    private final boolean cut;

    private HeaderLines(String startLine, Map<String, List<String>> values, int bodyAt, boolean cut) {
        this.startLine = startLine;
        this.values = values;
        this.bodyAt = bodyAt;
        this.cut = cut;
    }

    /** @throws HeaderSyntaxException when there are too many headers, a too long one, or a line that is none */
    public static HeaderLines parse(byte[] message) throws HeaderSyntaxException {
        return parse(message, false);
    }

    /** The same for what is left of a message that was too large to be received. */
    public static HeaderLines parseCut(byte[] message) throws HeaderSyntaxException {
        return parse(message, true);
    }

    private static HeaderLines parse(byte[] message, boolean cut) throws HeaderSyntaxException {
        int headersEnd = endOfHeaders(message);
        String text = new String(message, 0, headersEnd, StandardCharsets.UTF_8);
        int at = startOf(text);
        int end = endOfLine(text, at);
        String startLine = text.substring(at, end);
        List<String> unfolded = new ArrayList<>();
        for (at = nextLine(text, end); at < text.length(); at = nextLine(text, end)) {
            end = endOfLine(text, at);
            boolean continues = text.charAt(at) == ' ' || text.charAt(at) == '\t';
            String line = text.substring(at, end);
            if (continues && !unfolded.isEmpty())
                unfolded.set(unfolded.size() - 1, unfolded.get(unfolded.size() - 1) + ' ' + line.trim());
            else if (!line.isBlank()) unfolded.add(line);
            if (unfolded.size() > MAX_HEADERS)
                throw new HeaderSyntaxException("more than " + MAX_HEADERS + " headers", line);
        }
        return new HeaderLines(startLine, byName(unfolded), bodyAt(message, headersEnd), cut);
    }

    /** RFC 3261 7.5: empty lines before the start line are ignored. */
    private static int startOf(String text) {
        int at = 0;
        while (at < text.length() && text.charAt(at) <= ' ') at++;
        return at;
    }

    private static int endOfLine(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) != '\r' && text.charAt(at) != '\n') at++;
        return at;
    }

    /** Behind CRLF, or behind a CR or LF that stands alone. */
    private static int nextLine(String text, int end) {
        return text.startsWith("\r\n", end) ? end + 2 : end + 1;
    }

    public String startLine() {
        return startLine;
    }

    /** Where the body begins in the bytes of the message; their number when there is none. */
    public int bodyAt() {
        return bodyAt;
    }

    /** True when the message was larger than we receive: its body and perhaps headers are missing. */
    public boolean isCut() {
        return cut;
    }

    /** Values of a header in wire order; empty when it is absent. The name is lower case. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    public @Nullable String first(String name) {
        List<String> found = all(name);
        return found.isEmpty() ? null : found.get(0);
    }

    /** The headers of an allow-list, and no other. */
    public Map<String, List<String>> only(Set<String> allowed) {
        Map<String, List<String>> kept = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> header : values.entrySet()) {
            if (allowed.contains(header.getKey())) kept.put(header.getKey(), List.copyOf(header.getValue()));
        }
        return Collections.unmodifiableMap(kept);
    }

    /** Mandatory headers (RFC 3261 8.1.1) that are not there. */
    public List<String> missing() {
        return MANDATORY.stream().filter(name -> !values.containsKey(name)).toList();
    }

    /** Headers that may stand once but stand there with several values. */
    public Set<String> repeated() {
        Set<String> repeated = new TreeSet<>();
        for (String name : ONCE) {
            if (all(name).size() > 1) repeated.add(name);
        }
        return repeated;
    }

    /** Content-Length, -1 when it is absent or no number. */
    public int contentLength() {
        String length = first("content-length");
        return length != null && LENGTH.matcher(length).matches() ? Integer.parseInt(length) : -1;
    }

    private static Map<String, List<String>> byName(List<String> lines) throws HeaderSyntaxException {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String line : lines) {
            if (line.length() > MAX_HEADER_BYTES)
                throw new HeaderSyntaxException("header longer than " + MAX_HEADER_BYTES, line);
            int colon = line.indexOf(':');
            if (colon < 1) throw new HeaderSyntaxException("no header", line);
            String name = line.substring(0, colon).trim().toLowerCase(Locale.ROOT);
            values.computeIfAbsent(COMPACT.getOrDefault(name, name), absent -> new ArrayList<>())
                    .add(line.substring(colon + 1).trim());
        }
        return values;
    }

    /** Behind the empty line: two line feeds, each after its carriage return or alone. */
    private static int bodyAt(byte[] message, int headersEnd) {
        if (headersEnd == message.length) return headersEnd;
        return headersEnd + (message[headersEnd] == '\r' ? 4 : 2);
    }

    private static int endOfHeaders(byte[] message) {
        int start = 0;
        while (start < message.length && message[start] >= 0 && message[start] <= ' ') start++;
        for (int i = start; i + 1 < message.length; i++) {
            boolean bare = message[i] == '\n' && message[i + 1] == '\n';
            boolean full = i + 3 < message.length
                    && message[i] == '\r'
                    && message[i + 1] == '\n'
                    && message[i + 2] == '\r'
                    && message[i + 3] == '\n';
            if (bare || full) return i;
        }
        return message.length;
    }
}

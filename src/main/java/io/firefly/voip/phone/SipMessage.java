package io.firefly.voip.phone;

import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One SIP message as text (RFC 3261 section 7). Built by one thread; not changed after it was sent or received. */
final class SipMessage {
    private static final Map<String, String> COMPACT = Map.of(
            "v",
            "via",
            "f",
            "from",
            "t",
            "to",
            "i",
            "call-id",
            "m",
            "contact",
            "c",
            "content-type",
            "l",
            "content-length");

    private final String startLine;
    private final List<Header> headers = new ArrayList<>();
    private String body = "";

    private record Header(String name, String value) {
        boolean is(String wanted) {
            String lower = name.toLowerCase(Locale.ROOT);
            return COMPACT.getOrDefault(lower, lower).equals(wanted.toLowerCase(Locale.ROOT));
        }
    }

    private SipMessage(String startLine) {
        this.startLine = startLine;
    }

    static SipMessage request(String method, String uri) {
        return new SipMessage(method + " " + uri + " SIP/2.0");
    }

    /** A response with what RFC 3261 8.2.6.2 copies from the request. */
    static SipMessage response(int status, String reason, SipMessage request) {
        SipMessage response = new SipMessage("SIP/2.0 " + status + " " + reason);
        for (String name : List.of("Via", "Record-Route", "From", "To", "Call-ID", "CSeq")) {
            for (String value : request.all(name)) response.add(name, value);
        }
        return response;
    }

    SipMessage add(String name, String value) {
        headers.add(new Header(name, value));
        return this;
    }

    SipMessage body(String contentType, String text) {
        add("Content-Type", contentType);
        body = text;
        return this;
    }

    /** @throws ParseException when it is not a SIP message; says why */
    static SipMessage parse(String text) throws ParseException {
        int end = text.indexOf("\r\n\r\n");
        String head = end < 0 ? text : text.substring(0, end);
        String[] lines = head.replaceAll("\r\n[ \t]+", " ").split("\r\n", -1);
        SipMessage message = new SipMessage(lines[0]);
        message.checkStartLine();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1) throw new ParseException("header without a name: " + lines[i], i);
            message.add(
                    lines[i].substring(0, colon).strip(),
                    lines[i].substring(colon + 1).strip());
        }
        message.body = end < 0 ? "" : text.substring(end + 4);
        for (String name : List.of("Via", "From", "To", "Call-ID", "CSeq")) {
            if (message.first(name) == null) throw new ParseException("no " + name, 0);
        }
        if (!message.must("CSeq").matches("\\d{1,10}\\s+\\w+")) throw new ParseException("CSeq", 0);
        return message;
    }

    private void checkStartLine() throws ParseException {
        boolean response = startLine.matches("SIP/2\\.0 [1-6]\\d\\d( .*)?");
        if (!response && !startLine.matches("[A-Z]+ \\S+ SIP/2\\.0")) {
            throw new ParseException("not SIP: " + startLine, 0);
        }
    }

    boolean isRequest() {
        return !startLine.startsWith("SIP/2.0");
    }

    /** The status code of a response. */
    int status() {
        return Integer.parseInt(startLine.substring(8, 11));
    }

    /** The method: of a response the one it answers. */
    String method() {
        return must("CSeq").replaceFirst("\\d+\\s+", "");
    }

    long sequence() {
        return Long.parseLong(must("CSeq").replaceFirst("\\s+\\w+", ""));
    }

    String startLine() {
        return startLine;
    }

    /** The start line without the protocol, for people. */
    String summary() {
        return startLine.replaceFirst("^SIP/2\\.0 ", "").replaceFirst(" SIP/2\\.0$", "");
    }

    String body() {
        return body;
    }

    @Nullable
    String first(String name) {
        for (Header header : headers) {
            if (header.is(name)) return header.value();
        }
        return null;
    }

    /** A header every message has. */
    String must(String name) {
        String value = first(name);
        if (value == null) throw new IllegalStateException("no " + name + " in " + startLine);
        return value;
    }

    List<String> all(String name) {
        return headers.stream()
                .filter(header -> header.is(name))
                .map(Header::value)
                .toList();
    }

    /** The message as it goes to the wire. */
    String text() {
        StringBuilder text = new StringBuilder(startLine).append("\r\n");
        for (Header header : headers) {
            text.append(header.name()).append(": ").append(header.value()).append("\r\n");
        }
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return text.append("Content-Length: ")
                .append(length)
                .append("\r\n\r\n")
                .append(body)
                .toString();
    }
}

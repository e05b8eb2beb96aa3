package io.firefly.voip.freeswitch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One SIP message as lines of text: as much as the stand-in needs, no more. */
record SipText(String startLine, Map<String, List<String>> headers, String body) {
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
            "l",
            "content-length",
            "c",
            "content-type");

    static SipText parse(String message) {
        int end = message.indexOf("\r\n\r\n");
        String[] lines = (end < 0 ? message : message.substring(0, end)).split("\r\n", -1);
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 0) continue;
            String name = lines[i].substring(0, colon).strip().toLowerCase(Locale.ROOT);
            headers.computeIfAbsent(COMPACT.getOrDefault(name, name), any -> new ArrayList<>())
                    .add(lines[i].substring(0, colon).strip() + ": "
                            + lines[i].substring(colon + 1).strip());
        }
        return new SipText(lines[0], headers, end < 0 ? "" : message.substring(end + 4));
    }

    boolean isResponse() {
        return startLine.startsWith("SIP/2.0 ");
    }

    int status() {
        return Integer.parseInt(startLine.substring(8, 11));
    }

    String method() {
        return isResponse()
                ? header("cseq").replaceFirst("\\d+\\s+", "")
                : startLine.substring(0, startLine.indexOf(' '));
    }

    /** User of the request URI. */
    String calledUser() {
        return find("^\\S+ sips?:(?:([^@;> ]*)@)?", startLine);
    }

    String callerUser() {
        return find("sips?:(?:([^@;>]*)@)?", header("from"));
    }

    String header(String name) {
        List<String> lines = headers.getOrDefault(name, List.of());
        return lines.isEmpty() ? "" : lines.get(0).substring(lines.get(0).indexOf(':') + 2);
    }

    /** Headers FreeSWITCH keeps in variables: name as it came, value. */
    Map<String, String> extensions() {
        Map<String, String> found = new LinkedHashMap<>();
        headers.forEach((name, lines) -> {
            boolean kept = name.startsWith("x-") || name.startsWith("p-") || name.equals("diversion");
            for (String line : lines) {
                int colon = line.indexOf(':');
                if (kept) found.put(line.substring(0, colon), line.substring(colon + 2));
            }
        });
        return found;
    }

    /** Via, From, To, Call-ID and CSeq of a request, as a response repeats them. */
    String mirrored(String toTag) {
        StringBuilder text = new StringBuilder();
        for (String name : List.of("via", "from", "to", "call-id", "cseq")) {
            for (String line : headers.getOrDefault(name, List.of())) {
                text.append(line);
                if (name.equals("to") && !line.contains(";tag="))
                    text.append(";tag=").append(toTag);
                text.append("\r\n");
            }
        }
        return text.toString();
    }

    static String find(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.MULTILINE)
                .matcher(text);
        return matcher.find() && matcher.group(1) != null ? matcher.group(1) : "";
    }
}

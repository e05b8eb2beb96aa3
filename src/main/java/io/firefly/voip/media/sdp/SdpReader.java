package io.firefly.voip.media.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what phones really send: CRLF, LF or CR, missing {@code v=}, {@code o=}, {@code s=} or {@code t=}, unknown line
 * types and any order within a section. What it cannot read is a value that names the line, never an exception.
 */
final class SdpReader {
    static final int MAX_LENGTH = 8 * 1024;
    static final int MAX_MEDIA = 16;
    static final int MAX_FORMATS = 64;

    private final List<SdpAttribute> sessionAttributes = new ArrayList<>();
    private final List<MediaDescription> media = new ArrayList<>();
    private final List<SdpAttribute> lineAttributes = new ArrayList<>();
    private String origin = "";
    private String name = "-";
    private @Nullable String sessionConnection;
    private @Nullable String lineConnection;
    private String @Nullable [] mediaLine;

    private SdpReader() {}

    static Reading read(String text) {
        if (text.length() > MAX_LENGTH) {
            return new Malformed(0, text.length() + " characters, at most " + MAX_LENGTH + " are read");
        }
        if (text.isBlank()) return new Malformed(0, "empty");
        return new SdpReader().readLines(text.split("\r\n|\n|\r", -1));
    }

    private Reading readLines(String[] lines) {
        for (int i = 0; i < lines.length; i++) {
            String reason = lines[i].isBlank() ? null : problemWith(lines[i]);
            if (reason != null) return new Malformed(i + 1, reason);
        }
        finishMedia();
        return new Read(new SessionDescription(origin, name, sessionConnection, sessionAttributes, media));
    }

    /** Takes one line in; answers what is wrong with it, or null. */
    private @Nullable String problemWith(String line) {
        if (line.indexOf('\0') >= 0) return "a NUL character";
        if (line.length() < 2 || line.charAt(1) != '=') return "not of the form x=value";
        String value = line.substring(2).strip();
        return switch (line.charAt(0)) {
            case 'm' -> takeMedia(value);
            case 'c' -> takeConnection(value);
            case 'a' -> takeAttribute(value);
            case 'v' -> value.equals("0") ? null : "version '" + shown(value) + "', only 0 exists";
            case 'o' -> takeOrigin(value);
            case 's' -> takeName(value);
            // RFC 8866 5: types nobody knows are passed over.
            default -> null;
        };
    }

    private @Nullable String takeOrigin(String value) {
        origin = value;
        return null;
    }

    private @Nullable String takeName(String value) {
        if (!value.isEmpty()) name = value;
        return null;
    }

    private @Nullable String takeAttribute(String value) {
        (mediaLine == null ? sessionAttributes : lineAttributes).add(SdpAttribute.of(value));
        return null;
    }

    private @Nullable String takeConnection(String value) {
        String[] parts = value.split("\\s+", -1);
        if (parts.length != 3 || !parts[0].equals("IN")) return "a connection is 'IN IP4|IP6 address'";
        if (mediaLine == null) sessionConnection = parts[2];
        else if (lineConnection == null) lineConnection = parts[2];
        return null;
    }

    private @Nullable String takeMedia(String value) {
        finishMedia();
        String[] parts = value.split("\\s+", -1);
        if (parts.length < 4) return "a media line is 'type port protocol format...'";
        if (portOf(parts[1]) == null) return "port '" + shown(parts[1]) + "' is not in 0-65535";
        if (media.size() == MAX_MEDIA) return "more than " + MAX_MEDIA + " media lines";
        if (parts.length - 3 > MAX_FORMATS) return "more than " + MAX_FORMATS + " payload types";
        if (parts[2].startsWith("RTP/")) {
            for (int i = 3; i < parts.length; i++) {
                if (number(parts[i], 127) == null) return "payload type '" + shown(parts[i]) + "' is not in 0-127";
            }
        }
        mediaLine = parts;
        return null;
    }

    private void finishMedia() {
        if (mediaLine == null) return;
        Integer port = portOf(mediaLine[1]);
        media.add(new MediaDescription(
                mediaLine[0],
                port == null ? 0 : port,
                mediaLine[2],
                List.of(mediaLine).subList(3, mediaLine.length),
                lineConnection,
                lineAttributes));
        mediaLine = null;
        lineConnection = null;
        lineAttributes.clear();
    }

    /** {@code 5004} or {@code 5004/2}. */
    private static @Nullable Integer portOf(String text) {
        int slash = text.indexOf('/');
        return number(slash < 0 ? text : text.substring(0, slash), 65_535);
    }

    /** A decimal number from 0 to {@code max}, or null. */
    static @Nullable Integer number(String text, int max) {
        if (text.isEmpty() || text.length() > 9) return null;
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) return null;
            value = value * 10 + digit;
        }
        return value > max ? null : value;
    }

    static @Nullable Direction direction(List<SdpAttribute> attributes) {
        for (SdpAttribute attribute : attributes) {
            Direction direction = attribute.value() == null ? Direction.named(attribute.name()) : null;
            if (direction != null) return direction;
        }
        return null;
    }

    /** Foreign text on its way into a log line: short and without control characters. */
    private static String shown(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() > 32 ? clean.substring(0, 32) + "..." : clean;
    }

    /** What came out of reading a text. */
    sealed interface Reading {}

    record Read(SessionDescription description) implements Reading {}

    /** @param line the first line that cannot be read, counted from 1; 0 when it is the text as a whole */
    record Malformed(int line, String reason) implements Reading {
        String sentence() {
            return line == 0 ? "malformed SDP: " + reason : "malformed SDP, line " + line + ": " + reason;
        }
    }
}

package io.firefly.voip.camel.freeswitch.esl;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * One message of FreeSWITCH: a block of header lines and, when it has a Content-Length, that many bytes.
 *
 * @param headers lower-case name to value, as it was on the wire
 * @param body empty when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy of each body would be made for nothing
public record EslFrame(Map<String, String> headers, byte[] body) {
    /** Empty when it is absent. */
    public String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    String contentType() {
        return header("content-type");
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** What a reply says: of {@code api} the body, of any other command the Reply-Text. */
    public String answer() {
        return contentType().equals("api/response") ? text() : header("reply-text");
    }

    boolean isReply() {
        return contentType().equals("command/reply") || contentType().equals("api/response");
    }

    /** Without the body, which may name people. */
    @Override
    public String toString() {
        return contentType() + " of " + body.length + " bytes";
    }
}

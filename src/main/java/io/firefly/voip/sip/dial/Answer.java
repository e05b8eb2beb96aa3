package io.firefly.voip.sip.dial;

import io.firefly.voip.sip.header.HeaderLines;
import io.firefly.voip.sip.header.SipHeaders;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A response to an INVITE of ours, as it came.
 *
 * @param cseq of the INVITE it answers
 * @param sdp null without a session description
 * @param source where it came from
 */
public record Answer(
        long cseq,
        int status,
        String reason,
        HeaderLines lines,
        @Nullable String sdp,
        InetSocketAddress source) {
    /** Of the far end; empty without one (RFC 2543). */
    String tag() {
        String tag = SipHeaders.tag(lines.first("to"));
        return tag == null ? "" : tag;
    }
}

package io.firefly.voip.sip.stack;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.parser.MessageParser;
import gov.nist.javax.sip.parser.MessageParserFactory;
import gov.nist.javax.sip.parser.ParseExceptionListener;
import gov.nist.javax.sip.parser.StringMsgParser;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import io.firefly.voip.sip.header.HeaderLines;
import io.firefly.voip.sip.header.HeaderSyntaxException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A parser that survives every input and remembers the header lines as they were sent (application data of the
 * message).
 */
public final class SafeParser extends StringMsgParser {
    private static final Logger LOG = LoggerFactory.getLogger(SafeParser.class);

    private static final List<String> READ_BY_THE_STACK = List.of(
            "via",
            "from",
            "to",
            "call-id",
            "cseq",
            "max-forwards",
            "contact",
            "route",
            "record-route",
            "timestamp",
            "event",
            "subscription-state",
            "refer-to",
            "content-type",
            "content-encoding",
            "content-disposition",
            "content-length");

    private final int maxBytes;

    SafeParser(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    public static MessageParserFactory factory(int maxBytes) {
        return new MessageParserFactory() {
            @Override
            public MessageParser createMessageParser(SIPTransactionStack stack) {
                return new SafeParser(maxBytes);
            }
        };
    }

    /** JAIN-SIP catches Exception only: an Error in here would end the thread and leave the stack deaf. */
    @Override
    public @Nullable SIPMessage parseSIPMessage(
            byte[] bytes, boolean readBody, boolean strict, @Nullable ParseExceptionListener listener)
            throws ParseException {
        if (isKeepAlive(bytes)) return null;
        boolean cut = bytes.length > maxBytes;
        try {
            byte[] whole = cut ? wholeHeaders(bytes) : bytes;
            HeaderLines lines = cut ? HeaderLines.parseCut(whole) : HeaderLines.parse(whole);
            byte[] complete = forTheStack(whole, lines);
            SIPMessage message = super.parseSIPMessage(complete, readBody && !cut, strict, listener);
            if (message != null) message.setApplicationData(lines);
            return message;
        } catch (ParseException | HeaderSyntaxException | RuntimeException | StackOverflowError malformed) {
            LOG.debug("Malformed message: {}", malformed.toString());
            throw new ParseException("Malformed message", 0);
        }
    }

    /** The header lines as they were sent; of a message from ourselves, as we would send them. */
    public static HeaderLines linesOf(SIPMessage message) {
        if (message.getApplicationData() instanceof HeaderLines lines) return lines;
        try {
            HeaderLines lines = HeaderLines.parse(message.encode().getBytes(StandardCharsets.UTF_8));
            message.setApplicationData(lines);
            return lines;
        } catch (HeaderSyntaxException ours) {
            throw new IllegalStateException(ours);
        }
    }

    /** The headers of a message that was cut somewhere, so that a request can be answered. */
    private static byte[] wholeHeaders(byte[] bytes) throws ParseException {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) end = text.lastIndexOf("\r\n");
        if (end < 0 || text.startsWith("SIP/")) throw new ParseException("Message too large", 0);
        return (text.substring(0, end) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static boolean isKeepAlive(byte[] bytes) {
        for (byte b : bytes) {
            if (b != '\r' && b != '\n' && b != 0) return false;
        }
        return true;
    }

    /**
     * A request with no more than the headers that the stack looks at: it would take Authorization, Allow or Diversion
     * apart as well, and nobody asks it. It drops a request without one of the headers that a response needs; with
     * placeholders that one reaches our valve, which answers 400, as {@link HeaderLines#missing()} still knows.
     */
    private static byte[] forTheStack(byte[] bytes, HeaderLines lines) {
        List<String> missing = lines.missing();
        String start = lines.startLine();
        if (missing.contains("via") || start.startsWith("SIP/")) return bytes;
        StringBuilder text = new StringBuilder(512).append(start).append("\r\n");
        for (String name : READ_BY_THE_STACK) {
            for (String value : lines.all(name))
                text.append(name).append(": ").append(value).append("\r\n");
        }
        if (missing.contains("from")) text.append("From: <sip:missing@invalid>\r\n");
        if (missing.contains("to")) text.append("To: <sip:missing@invalid>\r\n");
        if (missing.contains("call-id")) text.append("Call-ID: missing\r\n");
        if (missing.contains("cseq"))
            text.append("CSeq: 1 ").append(start.split(" ", 2)[0]).append("\r\n");
        byte[] head = text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        int bodyLength = Math.max(0, bytes.length - lines.bodyAt());
        byte[] whole = Arrays.copyOf(head, head.length + bodyLength);
        System.arraycopy(bytes, bytes.length - bodyLength, whole, head.length, bodyLength);
        return whole;
    }
}

package io.firefly.voip.camel.freeswitch.esl;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Bytes to {@link EslFrame}s, however the network cut them. One per connection. */
final class EslDecoder extends ByteToMessageDecoder {
    static final int MAX_FRAME_BYTES = 32 * 1024 * 1024;
    private static final int MAX_LINE_BYTES = 256 * 1024;
    private static final int MAX_HEADERS = 4096;
    private static final int IN_HEADERS = -1;

    private Map<String, String> headers = new HashMap<>();
    private int bodyBytes = IN_HEADERS;
    /** What of the line that has not ended yet was looked at before. */
    private int seen;

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> frames) {
        if (bodyBytes == IN_HEADERS && !readHeaders(in)) return;
        if (in.readableBytes() < bodyBytes) return;
        byte[] body = new byte[bodyBytes];
        in.readBytes(body);
        frames.add(new EslFrame(headers, body));
        headers = new HashMap<>();
        bodyBytes = IN_HEADERS;
    }

    /** False when the block of headers has not ended yet. */
    private boolean readHeaders(ByteBuf in) {
        while (true) {
            int at = in.indexOf(in.readerIndex() + seen, in.writerIndex(), (byte) '\n');
            if (at < 0) {
                seen = in.readableBytes();
                if (seen > MAX_LINE_BYTES)
                    throw new CorruptedFrameException("a line longer than " + MAX_LINE_BYTES + " bytes");
                return false;
            }
            seen = 0;
            String line = in.readCharSequence(at - in.readerIndex(), StandardCharsets.UTF_8)
                    .toString()
                    .stripTrailing();
            in.skipBytes(1);
            if (!line.isEmpty()) add(line);
            else if (!headers.isEmpty()) {
                bodyBytes = contentLength();
                return true;
            }
        }
    }

    private void add(String line) {
        if (line.indexOf(':') < 1) throw new CorruptedFrameException("a line without a header: " + shown(line));
        EslEvent.addTo(headers, line);
        if (headers.size() > MAX_HEADERS) throw new CorruptedFrameException("more than " + MAX_HEADERS + " headers");
    }

    private int contentLength() {
        String length = headers.get("content-length");
        if (length == null) return 0;
        if (!length.matches("[0-9]{1,9}") || Integer.parseInt(length) > MAX_FRAME_BYTES)
            throw new CorruptedFrameException("Content-Length " + shown(length) + ", it must be 0 to " + MAX_FRAME_BYTES
                    + ": is this an event socket?");
        return Integer.parseInt(length);
    }

    private static String shown(String text) {
        String start = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return "'" + start.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}

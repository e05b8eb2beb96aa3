package io.firefly.voip.speech;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds the part with a file in a {@code multipart/form-data} body (RFC 7578). */
final class FormFile {
    private FormFile() {}

    /** @throws IOException when there is none */
    static byte[] in(byte[] body) throws IOException {
        // A byte is a character, so that positions are those of the body.
        String text = new String(body, StandardCharsets.ISO_8859_1);
        int lineEnd = text.indexOf("\r\n");
        int named = text.indexOf("filename=");
        int from = named < 0 ? -1 : text.indexOf("\r\n\r\n", named);
        if (lineEnd < 3 || from < 0) throw new IOException("multipart/form-data with a part 'file' is wanted");
        int to = text.indexOf("\r\n" + text.substring(0, lineEnd), from + 2);
        if (to < from + 4) throw new IOException("the form ends in the middle of its file");
        return Arrays.copyOfRange(body, from + 4, to);
    }
}

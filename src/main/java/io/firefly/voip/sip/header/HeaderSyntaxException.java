package io.firefly.voip.sip.header;

/** A header text that cannot be read; the message names the text, shortened and without control characters. */
public final class HeaderSyntaxException extends Exception {
    private static final long serialVersionUID = 1;
    private static final int SHOWN_CHARS = 80;

    HeaderSyntaxException(String problem, String text) {
        super(problem + ": '" + shown(text) + "'");
    }

    private static String shown(String text) {
        String start = text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) + "..." : text;
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}

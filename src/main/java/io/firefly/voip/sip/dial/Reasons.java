package io.firefly.voip.sip.dial;

import io.firefly.voip.call.HangupCause;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Reason header (RFC 3326). */
final class Reasons {
    private static final Pattern CAUSE =
            Pattern.compile("(?i)\\bQ\\.850\\s*;(?:[^,]{0,200};)?\\s*cause\\s*=\\s*([0-9]{1,3})\\b");

    private Reasons() {}

    static String of(HangupCause cause) {
        return "Q.850;cause=" + cause.q850() + ";text=\"" + cause.label() + "\"";
    }

    /** The Q.850 cause that is named first; 0 without one. */
    static int q850(List<String> values) {
        for (String value : values) {
            Matcher matcher = CAUSE.matcher(value);
            if (matcher.find()) return Integer.parseInt(matcher.group(1));
        }
        return 0;
    }
}

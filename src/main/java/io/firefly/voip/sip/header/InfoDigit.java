package io.firefly.voip.sip.header;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The digit of an INFO: {@code Signal=5} ({@code application/dtmf-relay}) or the bare digit ({@code application/dtmf}). */
public final class InfoDigit {
    private static final Pattern SIGNAL = Pattern.compile("(?i)(?:Signal\\s*=\\s*)?([0-9]{1,2}|[*#A-D])(?![0-9A-Z])");

    private InfoDigit() {}

    /** Null when there is none. */
    public static @Nullable Character of(String body) {
        Matcher matcher = SIGNAL.matcher(body.strip());
        if (!matcher.lookingAt()) return null;
        String signal = matcher.group(1).toUpperCase(Locale.ROOT);
        return switch (signal) {
            case "10" -> '*';
            case "11" -> '#';
            case "12", "13", "14", "15" -> (char) ('A' + Integer.parseInt(signal) - 12);
            default -> signal.length() == 1 ? signal.charAt(0) : null;
        };
    }
}

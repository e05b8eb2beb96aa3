package io.firefly.voip.sip.header;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request says about the session timer (RFC 4028).
 *
 * @param seconds 0 when nobody asked for one
 * @param theirs true when the far end does the refreshing. We never offer to do it: a 200 without Session-Expires says
 *     that there is no timer (RFC 4028 9).
 */
public record SessionTimer(int seconds, boolean theirs) {
    private static final Pattern EXPIRES = Pattern.compile("\\s*([0-9]{1,7})");

    public static SessionTimer of(HeaderLines lines) {
        String value = lines.first("session-expires");
        String supported = String.join(",", lines.all("supported")) + "," + String.join(",", lines.all("require"));
        Matcher matcher = EXPIRES.matcher(value == null ? "" : value);
        boolean knowsTimer = supported.toLowerCase(Locale.ROOT).contains("timer");
        if (!matcher.lookingAt()) return new SessionTimer(0, false);
        boolean byUs = value != null && value.toLowerCase(Locale.ROOT).contains("refresher=uas");
        return new SessionTimer(Integer.parseInt(matcher.group(1)), knowsTimer && !byUs);
    }

    public boolean isTooShort() {
        return seconds > 0 && seconds < 90;
    }

    public boolean isAsked() {
        return seconds >= 90 && theirs;
    }

    public Map<String, List<String>> headers() {
        return Map.of("Session-Expires", List.of(seconds + ";refresher=uac"), "Require", List.of("timer"));
    }

    /** RFC 4028 10: the smaller of 32 s and a third of the interval before the end. */
    public Duration limit() {
        return Duration.ofSeconds(seconds - Math.min(32, seconds / 3));
    }
}

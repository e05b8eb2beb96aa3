package io.firefly.voip.agent.conduct;

import io.firefly.voip.agent.AgentManner;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an agent behaves towards its caller.
 *
 * @param protectedGreeting true: callers cannot interrupt the greeting
 * @param silence what it does when the caller says nothing
 * @param maxDuration of a conversation, then it says goodbye; 0: never
 * @param warnBefore the caller is told so long before that; 0: not
 */
public record Conduct(boolean protectedGreeting, CallerSilence silence, Duration maxDuration, Duration warnBefore) {
    private static final Duration SHORTEST = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofHours(24);

    /**
     * @param prefix of the settings it was read from
     * @throws IllegalArgumentException naming the key that is wrong and what it may be
     */
    public void check(String prefix) {
        Duration after = silence.after();
        boolean never = after.isZero();
        check(never || isWithin(after, SHORTEST, LONGEST), prefix + "caller-silence.after", "0s (never), or 2s to 10m");
        check(silence.prompts() >= 0 && silence.prompts() <= 10, prefix + "caller-silence.prompts", "0 to 10");
        check(isWithin(maxDuration, Duration.ZERO, DAY), prefix + "max-duration", "0s (never) to 24h");
        check(isWithin(warnBefore, Duration.ZERO, HOUR), prefix + "warn-before", "0s (no warning) to 1h");
    }

    private static boolean isWithin(Duration time, Duration least, Duration most) {
        return time.compareTo(least) >= 0 && time.compareTo(most) <= 0;
    }

    private static void check(boolean right, String key, String expected) {
        if (!right) throw new IllegalArgumentException(key + " must be " + expected);
    }

    /** As one agent's profile says, and otherwise as this. */
    public Conduct with(AgentManner own) {
        return new Conduct(
                or(own.protectedGreeting(), protectedGreeting),
                silence.with(own.silence()),
                or(own.maxDuration(), maxDuration),
                or(own.warnBefore(), warnBefore));
    }

    /** What an agent says of itself, or else what is set. */
    public static <T> T or(@Nullable T own, T set) {
        return own == null ? set : own;
    }
}

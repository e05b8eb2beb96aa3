package io.firefly.voip.memory;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is remembered of callers from call to call, and for how long.
 *
 * @param enabled false: nothing is, and what was kept before is not read
 * @param keep after the caller's last call; then it is deleted
 * @param lines what caller and agent said, the last ones over all calls
 * @param characters of all these lines of a caller
 * @param callers of whom anything is kept; the one who called longest ago is forgotten first
 */
@ConfigurationProperties(prefix = "firefly.caller-memory", ignoreUnknownFields = false)
record MemoryProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("30d") Duration keep,
        @DefaultValue("20") int lines,
        @DefaultValue("2000") int characters,
        @DefaultValue("100000") int callers) {
    MemoryProperties {
        check(keep.toMinutes() >= 1 && keep.toDays() <= 3_650, "keep", "1m to 3650d");
        check(lines >= 1 && lines <= 200, "lines", "1 to 200");
        check(characters >= 100 && characters <= 16_000, "characters", "100 to 16000");
        check(callers >= 1 && callers <= 10_000_000, "callers", "1 to 10000000");
    }

    private static void check(boolean right, String key, String expected) {
        if (!right) throw new IllegalArgumentException("firefly.caller-memory." + key + " must be " + expected);
    }
}

package io.firefly.voip.agent.openai.turns;

import com.fasterxml.jackson.databind.JsonNode;
import io.firefly.voip.call.CallId;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the provider lets us have a minute, as far as it tells. Agent's thread only. */
final class RateLimits {
    private static final Logger log = LoggerFactory.getLogger(RateLimits.class);
    /** "Please try again in 2.265s." and "in 350ms". */
    private static final Pattern WAIT = Pattern.compile("try again in ([0-9]{1,4}(?:\\.[0-9]{1,6})?)(ms|s)");

    private static final Duration SLACK = Duration.ofMillis(100);
    private static final double LOW = 0.1;

    private final CallId callId;
    private boolean low;
    private @Nullable Duration reset;

    RateLimits(CallId callId) {
        this.callId = callId;
    }

    /** {@code rate_limits.updated}; comes before or after the response it is about. */
    void updated(JsonNode limits) {
        for (JsonNode limit : limits) {
            if (!limit.path("name").asText("").equals("tokens")) continue;
            double most = limit.path("limit").asDouble();
            double remaining = limit.path("remaining").asDouble();
            reset = Duration.ofMillis(
                    Math.round(1_000 * Math.max(0, limit.path("reset_seconds").asDouble())));
            boolean nowLow = most > 0 && remaining < LOW * most;
            if (nowLow && !low) {
                log.warn(
                        "call={} the provider's rate limit is near: {} of {} tokens a minute are left. Raise it or take"
                                + " fewer calls",
                        callId,
                        (long) remaining,
                        (long) most);
            }
            low = nowLow;
        }
    }

    /**
     * How long to wait after {@code rate_limit_exceeded}.
     *
     * @param message the provider's
     * @return null when nobody said
     */
    @Nullable
    Duration toWait(String message) {
        Matcher told = WAIT.matcher(message);
        if (told.find()) {
            double amount = Double.parseDouble(told.group(1));
            return Duration.ofMillis(Math.round(told.group(2).equals("s") ? 1_000 * amount : amount))
                    .plus(SLACK);
        }
        return low && reset != null ? reset.plus(SLACK) : null;
    }
}

package io.firefly.voip.callcontrol.tools;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is kept to whatever a model asks for.
 *
 * @param runsPerCall tool runs in one call, all tools together
 * @param runsPerMinute of one call within any minute
 * @param fillerAfter a tool that runs longer is bridged by the agent's filler or the comfort sound; 0s: not at all
 * @param comfort played again and again, quietly, while a tool runs and nobody speaks
 * @param ringback what a caller hears while somebody is called for them
 * @param confirmPrompt asks the caller to press 1
 * @param confirmWithin after the prompt the caller has this long
 */
@ConfigurationProperties(prefix = "firefly.tool-policy", ignoreUnknownFields = false)
public record ToolPolicyProperties(
        @DefaultValue("50") int runsPerCall,
        @DefaultValue("20") int runsPerMinute,
        @DefaultValue("1500ms") Duration fillerAfter,
        @DefaultValue("audio/comfort.wav") Path comfort,
        @DefaultValue("audio/ringback.wav") Path ringback,
        @DefaultValue("audio/confirm.wav") Path confirmPrompt,
        @DefaultValue("8s") Duration confirmWithin) {
    public ToolPolicyProperties {
        require(runsPerCall >= 1 && runsPerCall <= 1000, "runs-per-call", runsPerCall, "1 to 1000");
        require(runsPerMinute >= 1 && runsPerMinute <= 1000, "runs-per-minute", runsPerMinute, "1 to 1000");
        require(isWithin(fillerAfter, 0, 60), "filler-after", fillerAfter, "0s to 60s");
        require(isWithin(confirmWithin, 1, 60), "confirm-within", confirmWithin, "1s to 60s");
    }

    private static boolean isWithin(Duration duration, long leastSeconds, long mostSeconds) {
        return duration.compareTo(Duration.ofSeconds(leastSeconds)) >= 0
                && duration.compareTo(Duration.ofSeconds(mostSeconds)) <= 0;
    }

    private static void require(boolean condition, String key, Object value, String allowed) {
        if (!condition)
            throw new IllegalArgumentException("firefly.tool-policy." + key + " = " + value + ": " + allowed);
    }
}

package io.firefly.voip.agent;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one agent converses, where that is not as the installation is set: null is what the installation says.
 *
 * @param turns when the caller counts as speaking
 * @param noiseReduction {@code near_field}, {@code far_field} or {@code off}
 * @param speed of its speech as the provider makes it, 0.25 to 1.5
 * @param protectedGreeting true: the caller cannot interrupt the greeting
 * @param silence what it does when the caller says nothing
 * @param maxDuration it says goodbye after this long; 0: never
 * @param warnBefore the caller is told so long before that; 0: not
 * @param filler what it says when a tool takes long; null: nothing, and only a quiet sound is heard
 */
public record AgentManner(
        @Nullable TurnDetection turns,
        @Nullable String noiseReduction,
        @Nullable Double speed,
        @Nullable Boolean protectedGreeting,
        @Nullable CallerSilence silence,
        @Nullable Duration maxDuration,
        @Nullable Duration warnBefore,
        @Nullable String filler) {
    public static final AgentManner AS_SET = new AgentManner(null, null, null, null, null, null, null);

    /** One that says nothing while a tool runs. */
    @SuppressWarnings("ParameterNumber") // the record's own, but for the last
    public AgentManner(
            @Nullable TurnDetection turns,
            @Nullable String noiseReduction,
            @Nullable Double speed,
            @Nullable Boolean protectedGreeting,
            @Nullable CallerSilence silence,
            @Nullable Duration maxDuration,
            @Nullable Duration warnBefore) {
        this(turns, noiseReduction, speed, protectedGreeting, silence, maxDuration, warnBefore, null);
    }

    /**
     * Null is what the installation says.
     *
     * @param type {@code server_vad} or {@code semantic_vad}
     * @param threshold 0 to 1; higher wants louder speech
     * @param padding sound before the onset that belongs to the turn
     * @param silence ends the turn
     * @param idleTimeout the provider lets the agent speak up after so much silence; 0: never
     * @param eagerness of {@code semantic_vad}: {@code auto}, {@code low}, {@code medium}, {@code high}
     */
    public record TurnDetection(
            @Nullable String type,
            @Nullable Double threshold,
            @Nullable Duration padding,
            @Nullable Duration silence,
            @Nullable Duration idleTimeout,
            @Nullable String eagerness) {}

    /**
     * Null is what the installation says.
     *
     * @param after so long nobody has spoken; 0: never
     * @param prompts how often the caller is asked before the agent says goodbye
     */
    public record CallerSilence(
            @Nullable Duration after, @Nullable Integer prompts) {}
}

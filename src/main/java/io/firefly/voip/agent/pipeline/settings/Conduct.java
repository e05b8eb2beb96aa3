package io.firefly.voip.agent.pipeline.settings;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.AgentManner;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties.CallerSilence;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties.Vad;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one agent converses: as its profile says, and otherwise as the installation is set. */
public record Conduct(
        Vad vad, boolean protectedGreeting, CallerSilence silence, Duration maxDuration, Duration warnBefore) {

    public static Conduct of(PipelineProperties properties, AgentProfile profile) {
        AgentManner own = profile.manner();
        return new Conduct(
                vad(properties.vad(), own.turns()),
                or(own.protectedGreeting(), properties.protectedGreeting()),
                silence(properties.callerSilence(), own.silence()),
                or(own.maxDuration(), properties.maxDuration()),
                or(own.warnBefore(), properties.warnBefore()));
    }

    /** Thresholds of other detectors mean nothing to ours. */
    private static Vad vad(Vad set, AgentManner.@Nullable TurnDetection own) {
        if (own == null) return set;
        return new Vad(
                set.overNoise(),
                within(or(own.padding(), set.prefixPadding()), Vad.PADDING),
                within(or(own.silence(), set.silence()), Vad.SILENCE),
                set.shortestTurn(),
                set.longestTurn(),
                set.sustained());
    }

    private static Duration within(Duration wanted, PipelineProperties.Span span) {
        if (wanted.toMillis() < span.leastMillis()) return Duration.ofMillis(span.leastMillis());
        return wanted.toMillis() > span.mostMillis() ? Duration.ofMillis(span.mostMillis()) : wanted;
    }

    private static CallerSilence silence(CallerSilence set, AgentManner.@Nullable CallerSilence own) {
        if (own == null) return set;
        return new CallerSilence(or(own.after(), set.after()), or(own.prompts(), set.prompts()));
    }

    private static <T> T or(@Nullable T own, T set) {
        return own == null ? set : own;
    }
}

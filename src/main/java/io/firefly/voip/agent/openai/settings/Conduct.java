package io.firefly.voip.agent.openai.settings;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.AgentManner;
import io.firefly.voip.agent.openai.settings.OpenAiProperties.CallerSilence;
import io.firefly.voip.agent.openai.settings.OpenAiProperties.Vad;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one agent converses: as its profile says, and otherwise as the installation is set. */
public record Conduct(
        Vad vad,
        String noiseReduction,
        double speed,
        boolean protectedGreeting,
        CallerSilence silence,
        Duration maxDuration,
        Duration warnBefore) {

    public static Conduct of(OpenAiProperties properties, AgentProfile profile) {
        AgentManner own = profile.manner();
        return new Conduct(
                vad(properties.vad(), own.turns()),
                or(own.noiseReduction(), properties.noiseReduction()),
                or(own.speed(), properties.speed()),
                or(own.protectedGreeting(), properties.protectedGreeting()),
                silence(properties.callerSilence(), own.silence()),
                or(own.maxDuration(), properties.maxDuration()),
                or(own.warnBefore(), properties.warnBefore()));
    }

    private static Vad vad(Vad set, AgentManner.@Nullable TurnDetection own) {
        if (own == null) return set;
        return new Vad(
                or(own.type(), set.type()),
                or(own.threshold(), set.threshold()),
                or(own.padding(), set.prefixPadding()),
                or(own.silence(), set.silence()),
                or(own.idleTimeout(), set.idleTimeout()),
                or(own.eagerness(), set.eagerness()));
    }

    private static CallerSilence silence(CallerSilence set, AgentManner.@Nullable CallerSilence own) {
        if (own == null) return set;
        return new CallerSilence(or(own.after(), set.after()), or(own.prompts(), set.prompts()));
    }

    private static <T> T or(@Nullable T own, T set) {
        return own == null ? set : own;
    }
}

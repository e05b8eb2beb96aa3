package io.firefly.voip.agent.openai.settings;

import static io.firefly.voip.agent.conduct.Conduct.or;

import io.firefly.voip.agent.AgentManner;
import io.firefly.voip.agent.openai.settings.OpenAiProperties.Vad;
import org.jspecify.annotations.Nullable;

/** How one agent hears and speaks: as its profile says, and otherwise as the installation is set. */
public record AudioSettings(Vad vad, String noiseReduction, double speed) {
    public static AudioSettings of(OpenAiProperties set, AgentManner own) {
        return new AudioSettings(
                vad(set.vad(), own.turns()),
                or(own.noiseReduction(), set.noiseReduction()),
                or(own.speed(), set.speed()));
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
}

package io.firefly.voip.agent.conduct;

import io.firefly.voip.agent.AgentManner;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What an agent does when the caller says nothing.
 *
 * @param after so long nobody has spoken; 0: nothing is done
 * @param prompts how often the caller is asked before the agent says goodbye
 */
public record CallerSilence(
        @DefaultValue("20s") Duration after,
        @DefaultValue("2") int prompts) {
    CallerSilence with(AgentManner.@Nullable CallerSilence own) {
        if (own == null) return this;
        return new CallerSilence(Conduct.or(own.after(), after), Conduct.or(own.prompts(), prompts));
    }
}

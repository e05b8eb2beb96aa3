package io.firefly.voip.agent;

/** What one response cost, in the provider's tokens. */
public record AgentUsage(long inputTokens, long outputTokens, long inputAudioTokens, long outputAudioTokens) {
    public static final AgentUsage NONE = new AgentUsage(0, 0, 0, 0);

    public AgentUsage plus(AgentUsage other) {
        return new AgentUsage(
                inputTokens + other.inputTokens,
                outputTokens + other.outputTokens,
                inputAudioTokens + other.inputAudioTokens,
                outputAudioTokens + other.outputAudioTokens);
    }
}

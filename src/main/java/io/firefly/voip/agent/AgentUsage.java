package io.firefly.voip.agent;

/**
 * What one response cost, in the provider's tokens.
 *
 * @param inputTokens all that was read, the audio and the cached ones included
 * @param cachedTokens of the input, read again at a lower price
 * @param cachedAudioTokens of the cached ones
 * @param nanoDollars what they cost, in billionths of a US dollar; 0 when nobody knows the prices
 */
public record AgentUsage(
        long inputTokens,
        long outputTokens,
        long inputAudioTokens,
        long outputAudioTokens,
        long cachedTokens,
        long cachedAudioTokens,
        long nanoDollars) {
    public static final AgentUsage NONE = new AgentUsage(0, 0, 0, 0);

    /** Nothing of it cached, at a price that nobody knows. */
    public AgentUsage(long inputTokens, long outputTokens, long inputAudioTokens, long outputAudioTokens) {
        this(inputTokens, outputTokens, inputAudioTokens, outputAudioTokens, 0, 0, 0);
    }

    public AgentUsage at(long cost) {
        return new AgentUsage(
                inputTokens, outputTokens, inputAudioTokens, outputAudioTokens, cachedTokens, cachedAudioTokens, cost);
    }

    public AgentUsage plus(AgentUsage other) {
        return new AgentUsage(
                inputTokens + other.inputTokens,
                outputTokens + other.outputTokens,
                inputAudioTokens + other.inputAudioTokens,
                outputAudioTokens + other.outputAudioTokens,
                cachedTokens + other.cachedTokens,
                cachedAudioTokens + other.cachedAudioTokens,
                nanoDollars + other.nanoDollars);
    }
}

package io.firefly.voip.agent.cost;

import io.firefly.voip.agent.AgentUsage;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** US dollars for a million tokens. */
public record TokenPrice(
        @DefaultValue("0") double textIn,
        @DefaultValue("0") double textCached,
        @DefaultValue("0") double textOut,
        @DefaultValue("0") double audioIn,
        @DefaultValue("0") double audioCached,
        @DefaultValue("0") double audioOut) {
    private static final double NANOS = 1_000; // in a millionth of a dollar

    public TokenPrice {
        for (double price : new double[] {textIn, textCached, textOut, audioIn, audioCached, audioOut}) {
            if (!(price >= 0 && price <= 100_000)) {
                throw new IllegalArgumentException(
                        "a price must be US dollars for a million tokens, 0 to 100000, not " + price);
            }
        }
    }

    /** The same with what it cost. */
    public AgentUsage of(AgentUsage usage) {
        long cachedText = usage.cachedTokens() - usage.cachedAudioTokens();
        long text = usage.inputTokens() - usage.inputAudioTokens() - cachedText;
        long audio = usage.inputAudioTokens() - usage.cachedAudioTokens();
        long said = usage.outputTokens() - usage.outputAudioTokens();
        double microDollars = text * textIn
                + cachedText * textCached
                + audio * audioIn
                + usage.cachedAudioTokens() * audioCached
                + said * textOut
                + usage.outputAudioTokens() * audioOut;
        return usage.at(Math.max(0, Math.round(NANOS * microDollars)));
    }
}

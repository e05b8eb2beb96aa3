package io.firefly.voip.cdr;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a call when it is over; the body of {@code call:ended}.
 *
 * @param ringMillis from the INVITE to the answer, or to the end when it was not answered
 * @param talkMillis from the answer to the end, 0 when it was not answered
 * @param cause label of the hangup cause
 * @param endedBy {@code caller}, {@code us} or {@code network}
 * @param agentCost null when no agent answered anything
 * @param transferredTo whom the caller was connected with at last, by their name in the directory; null: with nobody
 */
public record CallDetailRecord(
        String callId,
        String networkCallId,
        String caller,
        String called,
        @Nullable String forwardedFrom,
        @Nullable String subscriber,
        @Nullable String tenant,
        @Nullable String callflow,
        @Nullable String agent,
        @Nullable String codec,
        Instant offeredAt,
        @Nullable Instant answeredAt,
        Instant endedAt,
        long ringMillis,
        long talkMillis,
        String cause,
        String endedBy,
        @Nullable AgentCost agentCost,
        @Nullable String transferredTo) {
    /**
     * What the agent's answers used at its provider.
     *
     * @param inputTokens the cached ones included
     * @param usd by the list of prices; null when a price is not known
     */
    public record AgentCost(
            long inputTokens,
            long cachedTokens,
            long outputTokens,
            @Nullable Double usd) {}
}

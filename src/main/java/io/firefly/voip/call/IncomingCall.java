package io.firefly.voip.call;

import org.jspecify.annotations.Nullable;

/**
 * A call that waits for a decision, whatever door it came through.
 *
 * @param sdpOffer the caller's offer (RFC 3264); null for an INVITE without one, then we make the offer in the 200
 * @param networkCallId the Call-ID of the signalling protocol, for logs and records
 */
public record IncomingCall(
        CallId id, Parties parties, Source source, @Nullable String sdpOffer, String networkCallId, CallLeg leg) {}

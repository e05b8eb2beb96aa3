package io.firefly.voip.media;

import io.firefly.voip.call.HangupCause;

/** How an offer/answer exchange went. */
public sealed interface Negotiated {
    /**
     * Both sides agree.
     *
     * @param sdp our description: the answer, or for {@link MediaSession#accept} the offer that stands
     * @param codec the encoding name of the chosen audio codec, for example {@code PCMA}
     * @param callerHears false when the caller has put us on hold (sendonly, inactive)
     */
    record Agreed(String sdp, String codec, boolean callerHears) implements Negotiated {}

    /** They do not; {@code reason} is for the log and the Warning header. */
    record Refused(HangupCause cause, String reason) implements Negotiated {}
}

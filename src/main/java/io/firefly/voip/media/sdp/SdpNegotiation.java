package io.firefly.voip.media.sdp;

/** How an offer/answer exchange went. */
public sealed interface SdpNegotiation {
    /** @param sdp our description: the answer, or the offer of ours that was answered */
    record Agreed(String sdp, AudioAgreement audio) implements SdpNegotiation {}

    /** @param reason one sentence for the log and the Warning header; what they sent never appears in it unchecked */
    record Refused(String reason) implements SdpNegotiation {}
}

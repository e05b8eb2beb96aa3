package io.firefly.voip.call;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What the caller's network does to a call. Told on a signalling thread: hand over and return. */
public interface CallLegListener {
    /** CANCEL while it rang. The leg has answered 487 already. */
    void cancelled();

    /**
     * The 200 arrived: the dialog stands. {@code sdpAnswer} is the body of the ACK when we made the offer. Told again
     * with the answer in the ACK of a re-INVITE to which we made an offer.
     */
    void confirmed(@Nullable String sdpAnswer);

    /** BYE came and was answered. */
    void hungUp();

    /** The leg is gone without a BYE of the far end: no ACK for 32 s, transport failure, a session that expired. */
    void lost(HangupCause cause);

    /**
     * A re-INVITE or UPDATE with a new offer (hold, codec change); without one we are asked for ours.
     *
     * @return our SDP, or null when it is not acceptable (488, the old session stays)
     */
    CompletionStage<@Nullable String> reoffered(@Nullable String sdpOffer);

    /** DTMF by INFO ({@code application/dtmf-relay} or {@code application/dtmf}). */
    void dtmf(char digit);
}

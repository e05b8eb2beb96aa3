package io.firefly.voip.callcontrol.transfer;

import io.firefly.voip.call.CallId;
import io.firefly.voip.call.DialedLeg;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.LegDialer.Invitation;
import io.firefly.voip.media.MediaListener;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.Negotiated;
import io.firefly.voip.media.Negotiated.Agreed;
import io.firefly.voip.tenant.directory.Target;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Whom we called for a caller: their leg and their sound. Call thread, but for what leg and media report. */
final class FarParty implements DialedLeg.Listener, MediaListener {
    /** Told on the call's thread; nothing after {@link #close}. */
    interface Reports {
        void rings();

        /** Sound flows. */
        void answered(FarParty party);

        /** The attempt is over; everything was given back. */
        void refused(int status);

        /** They were there, and are no more. */
        void gone(HangupCause cause);
    }

    private final Transfer.Side side;
    private final Reports reports;
    private final CallId id = CallId.next();
    private final MediaSession media;
    private @Nullable DialedLeg leg;
    private boolean answered;
    private volatile boolean closed;

    FarParty(Transfer.Side side, Reports reports) {
        this.side = side;
        this.reports = reports;
        this.media = side.openMedia(id);
    }

    MediaSession media() {
        return media;
    }

    void call(Target target) {
        media.offer()
                .whenCompleteAsync(
                        (sdp, failure) -> {
                            if (closed) return;
                            if (failure != null) refusedWith(503);
                            else invite(target, sdp);
                        },
                        side);
    }

    private void invite(Target target, String sdp) {
        String callId = id.value() + "@firefly";
        leg = side.dialer().dial(new Invitation(target.uri(), callId, side.identity(), sdp, target.patience()), this);
    }

    void press(char digit) {
        media.sendDtmf(String.valueOf(digit));
    }

    /** Ends the leg and gives the sound back. May be called twice. */
    void close() {
        if (closed) return;
        closed = true;
        if (leg != null) leg.end(HangupCause.NORMAL);
        media.close();
    }

    private void report(Runnable news) {
        side.execute(() -> {
            if (!closed) news.run();
        });
    }

    private void refusedWith(int status) {
        close();
        reports.refused(status);
    }

    private void goneWith(HangupCause cause) {
        close();
        if (answered) reports.gone(cause);
        else reports.refused(480);
    }

    private void agreed(Negotiated negotiated) {
        if (!(negotiated instanceof Agreed)) {
            refusedWith(488);
            return;
        }
        media.start(this);
        answered = true;
        reports.answered(this);
    }

    // Signalling thread

    @Override
    public void progress(int status, @Nullable String sdp) {
        report(reports::rings);
    }

    @Override
    public void answered(String sdp) {
        report(() -> media.accept(sdp)
                .whenCompleteAsync(
                        (negotiated, failure) -> {
                            if (closed) return;
                            if (failure != null) refusedWith(500);
                            else agreed(negotiated);
                        },
                        side));
    }

    @Override
    public void refused(int status, String reason) {
        report(() -> refusedWith(status));
    }

    @Override
    public void hungUp(int q850) {
        report(() -> goneWith(HangupCause.NORMAL));
    }

    @Override
    public void lost(HangupCause cause) {
        report(() -> goneWith(cause));
    }

    @Override
    public CompletionStage<@Nullable String> reoffered(@Nullable String sdpOffer) {
        if (closed) return CompletableFuture.completedFuture(null);
        if (sdpOffer == null) return media.offer().thenApply(sdp -> sdp);
        return media.answer(sdpOffer)
                .thenApply(negotiated -> negotiated instanceof Agreed agreed ? agreed.sdp() : null);
    }

    // Media side

    @Override
    public void dtmf(char digit, int millis) {
        // Keys of who was called mean nothing to us.
    }

    @Override
    public void timedOut() {
        report(() -> goneWith(HangupCause.MEDIA_TIMEOUT));
    }

    @Override
    public void lost(HangupCause cause, String why) {
        report(() -> goneWith(cause));
    }
}

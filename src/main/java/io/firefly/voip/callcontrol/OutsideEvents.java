package io.firefly.voip.callcontrol;

import io.firefly.voip.call.CallEvent.EndedBy;
import io.firefly.voip.call.CallLegListener;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.MediaListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Brings what the caller's network does and the media side reports to the call's own thread. */
final class OutsideEvents implements CallLegListener, MediaListener {
    private final ActiveCall call;
    private final CallThreads.CallThread thread;

    OutsideEvents(ActiveCall call, CallThreads.CallThread thread) {
        this.call = call;
        this.thread = thread;
    }

    @Override
    public void cancelled() {
        thread.execute(() -> call.end(HangupCause.CANCELLED, EndedBy.CALLER));
    }

    @Override
    public void confirmed(@Nullable String sdpAnswer) {
        thread.execute(() -> call.confirmed(sdpAnswer));
    }

    @Override
    public void hungUp() {
        thread.execute(() -> call.end(HangupCause.NORMAL, EndedBy.CALLER));
    }

    @Override
    public void lost(HangupCause cause) {
        thread.execute(() -> call.end(cause, EndedBy.NETWORK));
    }

    @Override
    public CompletionStage<@Nullable String> reoffered(@Nullable String sdpOffer) {
        return CompletableFuture.supplyAsync(() -> call.reoffered(sdpOffer), thread)
                .thenCompose(answer -> answer);
    }

    @Override
    public void dtmf(char digit) {
        thread.execute(() -> call.dtmf(digit));
    }

    @Override
    public void dtmf(char digit, int millis) {
        dtmf(digit);
    }

    @Override
    public void timedOut() {
        thread.execute(() -> call.end(HangupCause.MEDIA_TIMEOUT, EndedBy.NETWORK));
    }

    @Override
    public void lost(HangupCause cause, String why) {
        thread.execute(() -> call.mediaLost(cause, why));
    }
}

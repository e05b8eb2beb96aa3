package io.firefly.voip.testing;

import io.firefly.voip.call.CallLeg;
import io.firefly.voip.call.CallLegListener;
import io.firefly.voip.call.HangupCause;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A caller's network that does nothing by itself and remembers what it was told. */
public final class RecordedLeg implements CallLeg {
    public final List<String> told = new CopyOnWriteArrayList<>();
    public volatile @Nullable CallLegListener listener;

    /** How the next referral goes. */
    public final CompletableFuture<Referred> referred = new CompletableFuture<>();

    @Override
    public CompletionStage<Referred> refer(Referral referral) {
        told.add("refer " + referral.to());
        return referred;
    }

    @Override
    public void listen(CallLegListener heardBy) {
        listener = heardBy;
    }

    @Override
    public void ring() {
        told.add("ring");
    }

    @Override
    public void answer(String sdp) {
        told.add("answer " + sdp);
    }

    @Override
    public void end(HangupCause cause) {
        told.add("end " + cause.label());
    }
}

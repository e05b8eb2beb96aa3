package io.firefly.voip.testing;

import io.firefly.voip.call.DialedLeg;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.LegDialer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Calls nobody: what the far end does is up to the test, through {@link #listener}. */
public final class ScriptedDialer implements LegDialer {
    public final List<Invitation> invitations = new CopyOnWriteArrayList<>();
    public final List<String> told = new CopyOnWriteArrayList<>();
    public volatile DialedLeg.@Nullable Listener listener;
    private final AtomicInteger open = new AtomicInteger();

    @Override
    public DialedLeg dial(Invitation invitation, DialedLeg.Listener hears) {
        invitations.add(invitation);
        listener = hears;
        open.incrementAndGet();
        return new Leg();
    }

    @Override
    public int openLegs() {
        return open.get();
    }

    /** The far end ended it by itself. */
    public void over() {
        open.decrementAndGet();
    }

    private final class Leg implements DialedLeg {
        @Override
        public void acknowledge(String sdpAnswer) {
            told.add("acknowledge " + sdpAnswer);
        }

        @Override
        public CompletionStage<Reply> reoffer(@Nullable String sdpOffer) {
            return CompletableFuture.completedFuture(new Reply(200, "answer"));
        }

        @Override
        public void end(HangupCause cause) {
            told.add("end " + cause.label());
            if (open.get() > 0) open.decrementAndGet();
        }
    }
}

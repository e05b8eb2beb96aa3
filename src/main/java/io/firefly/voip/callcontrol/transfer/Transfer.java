package io.firefly.voip.callcontrol.transfer;

import io.firefly.voip.call.CallEvent.EndedBy;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.CallLeg;
import io.firefly.voip.call.CallLeg.Referral;
import io.firefly.voip.call.CallLeg.Referred;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.LegDialer;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.tenant.directory.Target;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects the caller of one call with somebody else, one attempt at a time. Call thread only. */
public final class Transfer {
    private static final Logger log = LoggerFactory.getLogger(Transfer.class);
    /** The far end's own attempt may take as long as its target may ring; then its NOTIFY has to arrive. */
    private static final Duration NOTIFY_ALLOWANCE = Duration.ofSeconds(3);

    /** What a transfer needs of its call. */
    public interface Side extends Executor {
        CallId call();

        CallLeg leg();

        LegDialer dialer();

        /** Headers of a call of ours that say on whose behalf it is. */
        Map<String, String> identity();

        /** Completes when the agent's sentence was heard, after some seconds at most. */
        CompletionStage<?> agentIsSilent();

        /** @throws io.firefly.voip.media.MediaUnavailableException when no port is left */
        MediaSession openMedia(CallId party);

        /** The caller hears, while nobody speaks, that somebody is called; or no more. */
        void ringback(boolean on);

        /** The agent leaves; caller and party hear each other from the next frame on. */
        void join(MediaSession party);

        /** From here on the call is with them. */
        void transferredTo(String target);

        void end(HangupCause cause, EndedBy by);
    }

    private final Side side;
    private @Nullable FarParty party;
    private boolean busy;
    private boolean connected;
    private boolean closed;

    public Transfer(Side side) {
        this.side = side;
    }

    /** The caller talks with somebody we called. */
    public boolean isConnected() {
        return connected;
    }

    /** @return how it went; never exceptionally, and on the call's thread */
    public CompletionStage<TransferOutcome> to(Target target) {
        if (busy || connected || closed) {
            return done(TransferOutcome.failed(closed ? "the call is over" : "another transfer is under way"));
        }
        busy = true;
        log.info("transfer begins call={} target={} by={}", side.call(), target.name(), target.by());
        return side.agentIsSilent()
                .thenComposeAsync(silent -> attempt(target), side)
                .exceptionally(failure -> {
                    log.warn("transfer failed call={} target={}", side.call(), target.name(), failure);
                    return TransferOutcome.failed("not available");
                })
                .thenApplyAsync(outcome -> over(target, outcome), side);
    }

    private CompletionStage<TransferOutcome> attempt(Target target) {
        if (closed) return done(TransferOutcome.failed("the call is over"));
        return target.by() == Target.By.REFER ? refer(target) : bridge(target);
    }

    private TransferOutcome over(Target target, TransferOutcome outcome) {
        busy = false;
        side.ringback(false);
        log.info(
                "transfer {} call={} target={} reason={}",
                outcome.connected() ? "done" : "failed",
                side.call(),
                target.name(),
                outcome.reason());
        return outcome;
    }

    // The caller's side calls

    private CompletionStage<TransferOutcome> refer(Target target) {
        Referral referral = new Referral(
                target.uri(),
                target.patience().plus(NOTIFY_ALLOWANCE),
                status -> log.info("transfer call={} target={} status={}", side.call(), target.name(), status));
        return side.leg().refer(referral).thenApplyAsync(referred -> referred(target, referred), side);
    }

    private TransferOutcome referred(Target target, Referred referred) {
        if (!referred.accepted()) {
            log.info("transfer call={} REFER refused status={}", side.call(), referred.status());
            return TransferOutcome.failed("the caller's telephone does not take it");
        }
        TransferOutcome outcome = TransferOutcome.of(referred.status());
        if (!outcome.connected() || closed) return outcome;
        side.transferredTo(target.name());
        // Who has hung up meanwhile to go there is told of by their own BYE, which comes first.
        side.execute(() -> side.end(HangupCause.NORMAL, EndedBy.US));
        return outcome;
    }

    // We call

    private CompletionStage<TransferOutcome> bridge(Target target) {
        CompletableFuture<TransferOutcome> outcome = new CompletableFuture<>();
        FarParty called = new FarParty(side, new FarParty.Reports() {
            @Override
            public void rings() {
                if (!closed) side.ringback(true);
            }

            @Override
            public void answered(FarParty party) {
                meet(target, party, outcome);
            }

            @Override
            public void gone(HangupCause cause) {
                if (connected && !closed) side.end(cause, EndedBy.NETWORK);
            }

            @Override
            public void refused(int status) {
                party = null;
                outcome.complete(TransferOutcome.of(status));
            }
        });
        party = called;
        called.call(target);
        return outcome;
    }

    private void meet(Target target, FarParty answered, CompletableFuture<TransferOutcome> outcome) {
        if (closed) return;
        side.ringback(false);
        side.join(answered.media());
        connected = true;
        side.transferredTo(target.name());
        outcome.complete(TransferOutcome.CONNECTED);
    }

    /** A key of the caller goes to whom they talk with. */
    public void pressed(char digit) {
        FarParty talking = party;
        if (connected && talking != null) talking.press(digit);
    }

    /** The call is over: so is the one to the other party. May be called twice. */
    public void close() {
        closed = true;
        FarParty called = party;
        party = null;
        if (called != null) called.close();
    }

    private static CompletionStage<TransferOutcome> done(TransferOutcome outcome) {
        return CompletableFuture.completedFuture(outcome);
    }
}

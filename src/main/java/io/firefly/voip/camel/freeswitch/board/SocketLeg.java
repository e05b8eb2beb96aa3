package io.firefly.voip.camel.freeswitch.board;

import io.firefly.voip.call.CallLeg;
import io.firefly.voip.call.CallLegListener;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.camel.freeswitch.esl.EslEvent;
import io.firefly.voip.camel.freeswitch.esl.EslWorkers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The caller of a call that FreeSWITCH handed to us. FreeSWITCH speaks SIP with them: hold and new codecs are settled
 * there, and we need not hear of it.
 */
final class SocketLeg implements CallLeg {
    private static final Logger LOG = LoggerFactory.getLogger(SocketLeg.class);
    private static final int GONE = 481;

    private final EslChannel channel;
    private final EslWorkers workers;
    private final Deflection deflection;
    private @Nullable CallLegListener listener;
    private @Nullable Consumer<CallLegListener> missed;
    private volatile boolean answered;
    private volatile boolean ended;

    SocketLeg(EslChannel channel, EslWorkers workers) {
        this.channel = channel;
        this.workers = workers;
        this.deflection = new Deflection(channel, workers, this::goneBehindReferral);
    }

    @Override
    public void listen(CallLegListener hears) {
        workers.execute(channel.uuid(), () -> {
            listener = hears;
            Consumer<CallLegListener> news = missed;
            if (news != null) news.accept(hears);
        });
    }

    @Override
    public void ring() {
        run("ring_ready");
    }

    /** Its SDP is FreeSWITCH's own. */
    @Override
    public void answer(String sdp) {
        run("answer");
    }

    private void run(String application) {
        if (ended) return;
        CompletionStage<String> done = channel.execute(application, "");
        var unused = done.whenComplete((response, failure) -> {
            if (failure != null) LOG.debug("{} on channel {}: {}", application, channel.uuid(), failure.getMessage());
        });
    }

    @Override
    public void end(HangupCause cause) {
        ended = true;
        // Behind what was executed already, or "busy" would overtake an answer that is under way.
        channel.hangUp(cause);
    }

    @Override
    public CompletionStage<Referred> refer(Referral referral) {
        CompletableFuture<Referred> outcome = new CompletableFuture<>();
        workers.execute(channel.uuid(), () -> {
            if (!answered || ended) outcome.complete(new Referred(false, GONE));
            else deflection.refer(referral).thenAccept(outcome::complete);
        });
        return outcome;
    }

    private void goneBehindReferral() {
        LOG.info(
                "channel {} has no caller any more: FreeSWITCH ended their call when the referral failed",
                channel.uuid());
        channel.hangUp(HangupCause.NORMAL);
        over(HangupCause.NORMAL);
    }

    /** Now and then. Any thread. */
    void look(long nowNanos) {
        if (deflection.isOpen()) workers.execute(channel.uuid(), () -> deflection.look(nowNanos));
    }

    /** On the channel's worker, as everything from here on. */
    void wasAnswered() {
        if (answered) return;
        answered = true;
        tell(hears -> hears.confirmed(null));
    }

    void hungUp(EslEvent last) {
        deflection.over(last);
        if (ended) return;
        ended = true;
        if (answered) tell(CallLegListener::hungUp);
        else tell(CallLegListener::cancelled);
    }

    void lost() {
        deflection.over(null);
        over(HangupCause.MEDIA_UNAVAILABLE);
    }

    private void over(HangupCause cause) {
        if (ended) return;
        ended = true;
        tell(hears -> hears.lost(cause));
    }

    private void tell(Consumer<CallLegListener> news) {
        CallLegListener hears = listener;
        if (hears != null) {
            news.accept(hears);
            return;
        }
        Consumer<CallLegListener> before = missed;
        missed = before == null ? news : before.andThen(news);
    }
}

package io.firefly.voip.sip.dial;

import io.firefly.voip.call.DialedLeg.Reply;
import io.firefly.voip.call.HangupCause;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Our re-INVITEs of one leg (RFC 3261 14.1): one is open at a time, and none while one of theirs is; the next waits its
 * turn. Thread of the leg.
 */
final class OurOffers {
    private static final int MAX_WAITING = 8;

    private record Offer(@Nullable String sdp, CompletableFuture<Reply> reply) {}

    private final OutgoingLeg leg;
    private final Queue<Offer> waiting = new ArrayDeque<>();
    private @Nullable Offer current;
    private long openCseq;
    private boolean backingOff;
    private boolean repeated;

    OurOffers(OutgoingLeg leg) {
        this.leg = leg;
    }

    /** Behind a 491 none is: that is what the pause is for. */
    boolean isOpen() {
        return openCseq != 0 || leg.acks().isOwed();
    }

    void offer(@Nullable String sdp, CompletableFuture<Reply> reply) {
        if (leg.isOver()) reply.complete(new Reply(481, null));
        else if (waiting.size() >= MAX_WAITING) reply.complete(new Reply(491, null));
        else {
            waiting.add(new Offer(sdp, reply));
            next();
        }
    }

    /** Sends the next one if nothing is in its way; called whenever something went out of it. */
    void next() {
        if (!leg.isUp() || isOpen() || backingOff || leg.theirs().isOpen()) return;
        if (current == null) {
            current = waiting.poll();
            repeated = false;
        }
        Offer offer = current;
        if (offer == null) return;
        long cseq = leg.far().nextCseq();
        openCseq = cseq;
        leg.alarm("re-invite", leg.timers().limit(), () -> settled(cseq, 408, null));
        leg.sendInOrder(
                leg.far().invite(Attempt.unasked(cseq), offer.sdp(), leg.line().capabilities()),
                status -> settled(cseq, status, null));
    }

    void answered(Answer answer) {
        if (answer.cseq() != openCseq || answer.status() < 200) return;
        Offer offer = current;
        if (answer.status() < 300 && offer != null) {
            leg.far().refreshTarget(answer.lines(), answer.source());
            leg.theirs().remember(offer.sdp(), answer.sdp());
            leg.acknowledge(answer.cseq(), offer.sdp() == null && answer.sdp() != null);
        }
        settled(answer.cseq(), answer.status(), answer.status() < 300 ? answer.sdp() : null);
    }

    private void settled(long cseq, int status, @Nullable String sdp) {
        Offer offer = current;
        if (cseq != openCseq || offer == null) return;
        openCseq = 0;
        leg.quiet("re-invite");
        if (status == 491 && !repeated) {
            repeated = true;
            backingOff = true;
            leg.alarm("glare", leg.timers().glare(), () -> {
                backingOff = false;
                next();
            });
            return;
        }
        current = null;
        offer.reply().complete(new Reply(status, sdp));
        // RFC 3261 12.2.1.2: nobody is there, or nobody who knows this dialog.
        if (status == 408 || status == 481) leg.lost(HangupCause.UNAVAILABLE);
        else next();
    }

    /** The leg is over. */
    void close() {
        openCseq = 0;
        backingOff = false;
        Offer offer = current;
        current = null;
        if (offer != null) offer.reply().complete(new Reply(481, null));
        while (!waiting.isEmpty()) waiting.remove().reply().complete(new Reply(481, null));
    }
}

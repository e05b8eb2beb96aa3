package io.firefly.voip.sip.dial;

import io.firefly.voip.call.HangupCause;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The far end's re-INVITEs and UPDATEs of one leg: one at a time (RFC 3261 14.2, RFC 3311 5.2), and none while one of
 * ours is open. Thread of the leg.
 */
final class TheirOffers {
    private static final Logger LOG = LoggerFactory.getLogger(TheirOffers.class);

    private final OutgoingLeg leg;
    private @Nullable Asked open;
    private @Nullable Asked unacknowledged;
    private @Nullable String localSdp;
    private @Nullable String remoteSdp;

    TheirOffers(OutgoingLeg leg) {
        this.leg = leg;
    }

    boolean isOpen() {
        return open != null || unacknowledged != null;
    }

    /** What was agreed on last; null leaves it as it is. */
    void remember(@Nullable String local, @Nullable String remote) {
        if (local != null) localSdp = local;
        if (remote != null) remoteSdp = remote;
    }

    void asked(Asked request) {
        if (request.isRefused()) return;
        boolean update = request.method().equals("UPDATE");
        String offer = request.sdp();
        if (update && offer == null) accept(request, null);
        else if (open != null) request.respond(500, Map.of("Retry-After", List.of(seconds())), null);
        else if (unacknowledged != null || leg.ours().isOpen()) request.respond(491, Map.of(), null);
        // A session timer (RFC 4028 7.4) repeats what holds already.
        else if (offer != null && offer.equals(remoteSdp) && localSdp != null) accept(request, localSdp);
        else ask(request, offer);
    }

    private static String seconds() {
        return String.valueOf(ThreadLocalRandom.current().nextInt(11));
    }

    private void ask(Asked request, @Nullable String offer) {
        if (request.method().equals("INVITE")) request.trying();
        open = request;
        IllegalStateException late = new IllegalStateException("nobody answered the re-offer in time");
        leg.alarm("reoffer", leg.timers().reofferLimit(), () -> decided(request, null, late));
        decision(offer).whenComplete((answer, failure) -> leg.run(() -> decided(request, answer, failure)));
    }

    private CompletionStage<@Nullable String> decision(@Nullable String offer) {
        try {
            return leg.listener().reoffered(offer);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    private void decided(Asked request, @Nullable String answer, @Nullable Throwable failure) {
        if (open != request) return;
        settled();
        if (failure != null) LOG.warn("Call-ID {}: re-offer failed", leg.callId(), failure);
        if (answer == null) request.respond(failure == null ? 488 : 500, Map.of(), null);
        else accept(request, answer);
        leg.ours().next();
    }

    private void settled() {
        open = null;
        leg.quiet("reoffer");
    }

    private void accept(Asked request, @Nullable String answer) {
        leg.far().refreshTarget(request.lines(), request.source());
        remember(answer, request.sdp());
        Map<String, List<String>> headers = new HashMap<>(leg.line().capabilities());
        headers.put("Contact", List.of(leg.far().contact()));
        request.respond(200, headers, answer);
        if (request.method().equals("UPDATE")) return;
        unacknowledged = request;
        repeatLater(request, leg.timers().t1());
        leg.alarm("no-ack", leg.timers().limit(), () -> {
            LOG.info("Call-ID {}: no ACK", leg.callId());
            leg.lost(HangupCause.NO_ACK);
        });
    }

    private void repeatLater(Asked request, Duration interval) {
        leg.alarm("repeat", interval, () -> {
            if (unacknowledged != request) return;
            request.repeat();
            repeatLater(request, leg.timers().next(interval));
        });
    }

    void acknowledged(Asked ack) {
        Asked waiting = unacknowledged;
        if (waiting == null || waiting.cseq() != ack.cseq()) return;
        unacknowledged = null;
        leg.quiet("repeat");
        leg.quiet("no-ack");
        remember(null, ack.sdp());
        leg.ours().next();
    }

    void cancelled(Asked cancel) {
        Asked request = open;
        boolean meant = request != null && request.cseq() == cancel.cseq();
        boolean late = unacknowledged != null && unacknowledged.cseq() == cancel.cseq();
        cancel.respond(meant || late ? 200 : 481, Map.of(), null);
        if (!meant || request == null) return;
        settled();
        request.respond(487, Map.of(), null);
        leg.ours().next();
    }

    /** RFC 3261 15.1.2: what is open when the dialog ends hears 487. */
    void close() {
        unacknowledged = null;
        Asked request = open;
        if (request == null) return;
        settled();
        request.respond(487, Map.of(), null);
    }
}

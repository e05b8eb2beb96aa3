package io.firefly.voip.sip;

import gov.nist.javax.sip.message.SIPResponse;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.CallLeg;
import io.firefly.voip.call.CallLegListener;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.sip.header.InfoDigit;
import io.firefly.voip.sip.header.SessionTimer;
import io.firefly.voip.sip.refer.Referrals;
import io.firefly.voip.sip.valve.MethodTable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One INVITE and the dialog it becomes, from the first request to the last response (RFC 3261 13.3, 14, 15).
 *
 * <p>It exists before anybody decided whether the INVITE becomes a call, so a CANCEL in between is not lost. What comes
 * from outside ({@link CallLeg}, {@link SipResponder}) is handed to the thread of this call; the rest runs there.
 */
final class SipLeg implements CallLeg, SipResponder {
    private static final Logger LOG = LoggerFactory.getLogger(SipLeg.class);
    private static final int MAX_UNHEARD = 32;
    private static final String DTMF_TYPES = "application/dtmf-relay, application/dtmf";

    private enum State {
        OFFERED,
        ANSWERED,
        CONFIRMED,
        ENDED
    }

    /** Who answers the INVITE. */
    private enum Owner {
        NOBODY,
        ROUTE,
        CALL,
        NETWORK
    }

    private final InboundRequest invite;
    private final SipDialog dialog;
    private final SipDialog.Reoffers reoffers;
    private final Referrals referral;
    private final SipDialog.Switchboard switchboard;
    private final CallId id = CallId.next();
    private final AtomicReference<Owner> owner = new AtomicReference<>(Owner.NOBODY);
    private final Queue<Consumer<CallLegListener>> unheard = new ArrayDeque<>();
    private final Map<String, Future<?>> alarms = new HashMap<>();
    private State state = State.OFFERED;
    private @Nullable CallLegListener listener;
    private @Nullable HangupCause endAfterAck;
    private @Nullable Unacknowledged unacknowledged;

    SipLeg(InboundRequest invite, SipDialog.Switchboard switchboard) {
        this.invite = invite;
        this.switchboard = switchboard;
        this.dialog = new SipDialog(invite, switchboard.transport());
        this.reoffers = new SipDialog.Reoffers(this, switchboard);
        this.referral = new Referrals(new SipDialog.ReferLine(this, switchboard));
    }

    InboundRequest invite() {
        return invite;
    }

    SipDialog dialog() {
        return dialog;
    }

    // What the call wants. Any thread.

    @Override
    public void listen(CallLegListener wanted) {
        run(() -> {
            listener = wanted;
            while (!unheard.isEmpty()) tell(unheard.remove());
        });
    }

    @Override
    public void ring() {
        run(this::ringing);
    }

    @Override
    public void answer(String sdp) {
        run(() -> answered(sdp));
    }

    @Override
    public void end(HangupCause cause) {
        run(() -> ending(cause));
    }

    @Override
    public CompletionStage<Referred> refer(Referral to) {
        return CompletableFuture.supplyAsync(() -> referral.refer(to), this::run)
                .thenCompose(outcome -> outcome);
    }

    // What a route wants while the INVITE is not a call. Any thread.

    @Override
    public void respond(SipResponse response) {
        if (response.status() < 300)
            throw new IllegalArgumentException("an INVITE becomes a call (call:offer, call:answer) or is refused; "
                    + response.status() + " does neither");
        if (owner.compareAndSet(Owner.NOBODY, Owner.ROUTE)) run(() -> refuse(response));
    }

    @Override
    public boolean isDone() {
        return owner.get() != Owner.NOBODY;
    }

    /** @throws IllegalStateException when a route has answered the INVITE itself */
    IncomingCall becomeCall(SipRequest request) {
        if (owner.compareAndSet(Owner.NOBODY, Owner.CALL)) run(this::vouchedFor);
        if (owner.get() == Owner.ROUTE)
            throw new IllegalStateException(
                    "Call-ID " + invite.callId() + " was answered by a route: no call any more");
        return new IncomingCall(
                id, InboundRequest.parties(request), request.source(), invite.sdp(), invite.callId(), this);
    }

    // The INVITE. Thread of the call.

    @Nullable
    CallLegListener listener() {
        return listener;
    }

    boolean isOffered() {
        return state == State.OFFERED;
    }

    boolean awaitsAck() {
        return unacknowledged != null;
    }

    /** A route made a call of the INVITE, so its sender is worth a transaction. */
    private void vouchedFor() {
        if (state != State.OFFERED || invite.hasTransaction()) return;
        if (invite.beginTransaction()) invite.trying();
    }

    /** Starts the leg: 100 Trying and the limit for those who never decide. */
    void offered(Duration unansweredTimeout) {
        invite.trying();
        alarm("unanswered", unansweredTimeout, () -> {
            owner.compareAndSet(Owner.NOBODY, Owner.NETWORK);
            LOG.warn("Call {} Call-ID {}: nobody decided for {}", id, invite.callId(), unansweredTimeout);
            if (state == State.OFFERED) refuse(SipResponse.of(480));
            tellLater(heard -> heard.lost(HangupCause.UNAVAILABLE));
        });
    }

    private void ringing() {
        if (state != State.OFFERED) return;
        invite.respond(new SipResponse(180, null, withContact(Map.of()), null, ""));
        alarm("ring", switchboard.timers().ringRepeat(), this::ringing);
    }

    private void answered(String sdp) {
        if (state != State.OFFERED) return;
        state = State.ANSWERED;
        quiet("unanswered");
        quiet("ring");
        Map<String, List<String>> headers = withContact(switchboard.capabilities());
        startSessionTimer(SessionTimer.of(invite.lines()), headers);
        unacknowledged = new Unacknowledged(invite, new SipResponse(200, null, headers, "application/sdp", sdp));
        unacknowledged.send();
    }

    private void refuse(SipResponse response) {
        if (state != State.OFFERED) return;
        ended();
        invite.respond(response);
        switchboard.forget(this);
    }

    private void ending(HangupCause cause) {
        switch (state) {
            case OFFERED -> refuse(SipDialog.refusal(cause));
            // RFC 3261 15: no BYE before the ACK has come or is given up.
            case ANSWERED -> endAfterAck = endAfterAck == null ? cause : endAfterAck;
            case CONFIRMED -> bye(cause);
            case ENDED -> LOG.debug("Call {}: ended already", id);
        }
    }

    private void bye(HangupCause cause) {
        if (state == State.ENDED) return;
        reoffers.close();
        ended();
        dialog.bye(cause, switchboard.clients(), () -> switchboard.forget(this));
    }

    private void ended() {
        state = State.ENDED;
        owner.compareAndSet(Owner.NOBODY, Owner.NETWORK);
        unacknowledged = null;
        alarms.values().forEach(alarm -> alarm.cancel(false));
        alarms.clear();
        referral.close();
        switchboard.ended(this);
    }

    // What the far end sends. Thread of the call.

    void acknowledged(InboundRequest ack) {
        Unacknowledged waiting = unacknowledged;
        if (waiting == null || waiting.request.cseq() != ack.cseq()) return;
        unacknowledged = null;
        quiet("repeat");
        quiet("no-ack");
        String answer = waiting.carriesOurOffer() ? ack.sdp() : null;
        boolean first = state == State.ANSWERED;
        if (first) state = State.CONFIRMED;
        switchboard.proved(ack.source().address());
        // A re-INVITE whose ACK has no answer changed nothing: the session stays as it was (RFC 3261 14.1).
        if (first || answer != null) tellLater(heard -> heard.confirmed(answer));
        if (first && endAfterAck != null) bye(endAfterAck);
    }

    /** RFC 3261 9.2: the CANCEL is answered in any case, the INVITE when it waits for a final response. */
    void cancelled(InboundRequest cancel) {
        // RFC 3261 9.2: with the tag that the INVITE is answered with.
        cancel.answerAs(invite.localTag());
        cancel.respond(200);
        if (reoffers.cancelled(cancel)) return;
        if (state != State.OFFERED || invite.cseq() != cancel.cseq()) return;
        refuse(SipResponse.of(487));
        tellLater(CallLegListener::cancelled);
    }

    void inDialog(InboundRequest request) {
        if (!dialog.accepts(request.cseq())) {
            request.respond(SipResponse.of(500, "Request out of order", Map.of()));
            return;
        }
        if (state == State.ENDED && !request.method().equals("BYE")) {
            request.respond(481);
            return;
        }
        switch (request.method()) {
            case "BYE" -> hungUp(request);
            case "INVITE", "UPDATE" -> reoffers.asked(request);
            case "INFO" -> info(request);
            case "OPTIONS" -> request.respond(SipResponse.of(200, "OK", switchboard.capabilities()));
            case "PRACK" -> request.respond(481); // RFC 3262 3: nothing waits for it
            case "NOTIFY" -> request.respond(referral.notified(request.lines(), request.contentType(), request.body()));
            default ->
                request.respond(SipResponse.of(
                        MethodTable.isKnown(request.method()) ? 405 : 501, null, switchboard.capabilities()));
        }
    }

    private void hungUp(InboundRequest bye) {
        bye.respond(200);
        if (state == State.ENDED) return;
        boolean early = state == State.OFFERED;
        if (early) invite.respond(487);
        reoffers.close();
        ended();
        switchboard.forget(this);
        tellLater(early ? CallLegListener::cancelled : CallLegListener::hungUp);
    }

    private void info(InboundRequest request) {
        String type = request.contentType();
        if (type != null
                && !Set.of("application/dtmf-relay", "application/dtmf").contains(type)) {
            request.respond(InboundRequest.unsupportedMediaType(DTMF_TYPES));
            return;
        }
        Character digit = type == null ? null : InfoDigit.of(request.body());
        request.respond(type != null && digit == null ? 400 : 200);
        if (digit != null) tellLater(heard -> heard.dtmf(digit));
    }

    /** 200 to a re-INVITE or UPDATE. */
    void accept(InboundRequest request, @Nullable String answer) {
        dialog.refreshTarget(request);
        Map<String, List<String>> headers = withContact(switchboard.capabilities());
        startSessionTimer(SessionTimer.of(request.lines()), headers);
        String type = answer == null ? null : "application/sdp";
        SipResponse ok = new SipResponse(200, null, headers, type, answer == null ? "" : answer);
        if (request.method().equals("UPDATE")) {
            request.respond(ok);
            return;
        }
        unacknowledged = new Unacknowledged(request, ok);
        unacknowledged.send();
    }

    /** RFC 4028 10: whoever does not refresh ends the session a little before it expires. */
    private void startSessionTimer(SessionTimer refresh, Map<String, List<String>> headers) {
        quiet("session");
        if (!refresh.isAsked()) return;
        headers.putAll(refresh.headers());
        alarm("session", refresh.limit(), () -> {
            LOG.info("Call {} Call-ID {}: session was not refreshed", id, invite.callId());
            tellLater(heard -> heard.lost(HangupCause.MEDIA_TIMEOUT));
            bye(HangupCause.MEDIA_TIMEOUT);
        });
    }

    private Map<String, List<String>> withContact(Map<String, List<String>> headers) {
        Map<String, List<String>> all = new HashMap<>(headers);
        all.put("Contact", List.of(dialog.contact()));
        return all;
    }

    private void tellLater(Consumer<CallLegListener> event) {
        if (listener != null) tell(event);
        else if (unheard.size() < MAX_UNHEARD) unheard.add(event);
    }

    private void tell(Consumer<CallLegListener> event) {
        CallLegListener hears = listener;
        if (hears == null) return;
        try {
            event.accept(hears);
        } catch (RuntimeException failure) {
            LOG.error("Call {}: listener failed", id, failure);
        }
    }

    void run(Runnable work) {
        if (invite.source().transport().equals("udp")) switchboard.execute(invite.callId(), work);
        else switchboard.handOver(invite.callId(), work);
    }

    void alarm(String name, Duration delay, Runnable work) {
        quiet(name);
        alarms.put(name, switchboard.later(invite.callId(), delay, work));
    }

    void quiet(String name) {
        Future<?> alarm = alarms.remove(name);
        if (alarm != null) alarm.cancel(false);
    }

    /** A 200 to an INVITE, repeated until its ACK comes (RFC 3261 13.3.1.4). */
    private final class Unacknowledged {
        private final InboundRequest request;
        private final SipResponse response;
        private @Nullable SIPResponse sent;
        private Duration interval = switchboard.timers().t1();

        Unacknowledged(InboundRequest request, SipResponse response) {
            this.request = request;
            this.response = response;
        }

        /** Then the answer comes with the ACK (RFC 3261 13.2.1). */
        boolean carriesOurOffer() {
            return request.sdp() == null;
        }

        void send() {
            sent = request.respond(response);
            alarm("repeat", interval, this::repeat);
            alarm("no-ack", switchboard.timers().ackLimit(), this::givenUp);
        }

        private void repeat() {
            if (unacknowledged != this || sent == null) return;
            request.repeat(sent);
            Duration doubled = interval.multipliedBy(2);
            interval = doubled.compareTo(switchboard.timers().t2()) > 0
                    ? switchboard.timers().t2()
                    : doubled;
            alarm("repeat", interval, this::repeat);
        }

        private void givenUp() {
            if (unacknowledged != this) return;
            LOG.info("Call {} Call-ID {}: no ACK", id, invite.callId());
            if (endAfterAck == null) tellLater(heard -> heard.lost(HangupCause.NO_ACK));
            bye(endAfterAck == null ? HangupCause.NO_ACK : endAfterAck);
        }
    }
}

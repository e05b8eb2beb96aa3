package io.firefly.voip.sip.dial;

import io.firefly.voip.call.DialedLeg;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.LegDialer.Invitation;
import io.firefly.voip.sip.header.HeaderSyntaxException;
import io.firefly.voip.sip.header.SipUri;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One INVITE of ours and the dialog it becomes (RFC 3261 9, 13.2, 15). What its owner wants is handed to the thread of
 * the Call-ID; the rest runs there.
 */
final class OutgoingLeg implements DialedLeg {
    private static final Logger LOG = LoggerFactory.getLogger(OutgoingLeg.class);
    /** The stack gives a transaction up after five minutes, and then there is nothing to cancel. */
    private static final Duration LONGEST = Duration.ofSeconds(280);

    private static final Set<String> KNOWN = Set.of("REFER", "MESSAGE", "SUBSCRIBE", "PUBLISH", "REGISTER");

    private enum State {
        CALLING,
        /** Nobody wants the answer any more. */
        CANCELLED,
        UP,
        OVER
    }

    /** Who is to be called, as whom, and who hears of it. */
    record Order(Invitation invitation, String tag, DialedLeg.Listener listener) {}

    private final DialedLegs legs;
    private final Line line;
    private final Order order;
    private final Acks acks = new Acks(this);
    private final OurOffers ours = new OurOffers(this);
    private final TheirOffers theirs = new TheirOffers(this);
    private final Map<String, Future<?>> alarms = new HashMap<>();
    private final Forks forks = new Forks(this);
    private final AtomicInteger unheard = new AtomicInteger();
    private State state = State.CALLING;
    private @Nullable FarEnd far;
    private Attempt attempt = Attempt.unasked(1);
    private boolean provisional;
    private boolean closed;
    private String earlyTag = "";
    private @Nullable String earlySdp;

    OutgoingLeg(DialedLegs legs, Order order) {
        this.legs = legs;
        this.line = legs.line();
        this.order = order;
    }

    String callId() {
        return order.invitation().callId();
    }

    String key() {
        return DialedLegs.key(callId(), order.tag());
    }

    /** Responses that wait; any thread. */
    AtomicInteger unheard() {
        return unheard;
    }

    // What its owner wants. Any thread.

    @Override
    public void acknowledge(String sdpAnswer) {
        run(() -> {
            if (!acks.isOwed()) return;
            theirs.remember(sdpAnswer, null);
            acks.payIfOwed(sdpAnswer);
            ours.next();
        });
    }

    @Override
    public CompletionStage<Reply> reoffer(@Nullable String sdpOffer) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        run(() -> ours.offer(sdpOffer, reply));
        return reply;
    }

    @Override
    public void end(HangupCause cause) {
        run(() -> {
            if (state == State.CALLING) cancel();
            else if (state == State.UP) bye(cause);
        });
    }

    // The INVITE. Thread of the leg.

    void begin(boolean full) {
        if (full) {
            refused(503, "Too many legs");
            return;
        }
        Invitation invitation = order.invitation();
        try {
            SipUri uri = SipUri.parse(invitation.uri());
            if (!uri.scheme().equals("sip") || !Set.of("udp", "tcp").contains(uri.transport())) {
                refused(503, "No such transport");
                return;
            }
            Duration patience = invitation.patience();
            alarm("patience", patience.compareTo(LONGEST) > 0 ? LONGEST : patience, this::lostPatience);
            line.find(uri.host(), address -> run(() -> invite(uri, address)));
        } catch (HeaderSyntaxException unreadable) {
            LOG.warn("Call-ID {}: not called: {}", callId(), unreadable.getMessage());
            refused(503, "Not an address");
        }
    }

    private void invite(SipUri uri, @Nullable InetAddress address) {
        if (state == State.CANCELLED) over(false);
        else if (address == null) refused(503, "Host not found");
        if (address == null || state != State.CALLING) return;
        InetSocketAddress peer = new InetSocketAddress(address, uri.portOrDefault());
        String us = line.hostPort(uri.transport(), peer);
        far = new FarEnd(order.invitation(), order.tag(), Peer.at(peer, uri.transport()), us);
        theirs.remember(order.invitation().sdpOffer(), null);
        send(attempt);
    }

    private void send(Attempt invite) {
        FarEnd called = far();
        send(called, called.invite(invite, order.invitation().sdpOffer(), line.capabilities()), status -> {
            if (invite.cseq() == attempt.cseq()) unanswered(status);
        });
    }

    /** Once: whoever asks again does not believe us. */
    private boolean sentAgain(Answer challenge) {
        FarEnd called = far;
        if (called == null || attempt.isAuthorized()) return false;
        String authorization = line.authorization(challenge, called.peer(), called.calledUri());
        if (authorization == null) return false;
        attempt = attempt.authorized(called.nextCseq(), authorization);
        provisional = false;
        earlySdp = null;
        send(attempt);
        return true;
    }

    private void lostPatience() {
        if (state != State.CALLING) return;
        cancel();
        tell(heard -> heard.refused(408, "Request Timeout"));
    }

    /** RFC 3261 9.1: the CANCEL waits for a provisional response. */
    private void cancel() {
        state = State.CANCELLED;
        quiet("patience");
        ours.close();
        if (far == null) return;
        alarm("given-up", legs.timers().limit(), () -> over(true));
        if (provisional) sendCancel();
    }

    private void sendCancel() {
        FarEnd called = far;
        if (called == null) return;
        alarm("given-up", legs.timers().limit(), () -> over(true));
        send(called, called.cancel(attempt), status -> LOG.debug("Call-ID {}: CANCEL heard {}", callId(), status));
    }

    /** A response to this INVITE or a later one. */
    void answered(Answer answer) {
        if (answer.cseq() != attempt.cseq()) reanswered(answer);
        else if (answer.status() < 200) ringing(answer);
        else if (answer.status() < 300) accepted(answer);
        else if (state == State.CALLING && !sentAgain(answer)) refused(answer.status(), answer.reason());
        else if (state == State.CANCELLED) over(false);
    }

    private void ringing(Answer answer) {
        boolean first = !provisional;
        provisional = true;
        if (state == State.CANCELLED && first) sendCancel();
        if (state != State.CALLING || answer.status() == 100) return;
        if (answer.sdp() != null) {
            earlyTag = answer.tag();
            earlySdp = answer.sdp();
        }
        tell(heard -> heard.progress(answer.status(), answer.sdp()));
    }

    private void accepted(Answer answer) {
        FarEnd called = far;
        if (called == null) return;
        line.proved(answer.source());
        if (state == State.CALLING) stands(called, answer);
        else if (!called.isAt(answer.tag())) unwanted(called, answer);
        else if (acks.isRepeated(attempt.cseq())) LOG.debug("Call-ID {}: ACK repeated", callId());
    }

    private void stands(FarEnd called, Answer answer) {
        state = State.UP;
        quiet("patience");
        called.answered(answer);
        // RFC 3261 13.2.1: the answer may have come before, in a response that could get lost.
        String sdp = answer.sdp() == null && called.isAt(earlyTag) ? earlySdp : answer.sdp();
        if (sdp == null) {
            acks.send(attempt.cseq(), null);
            bye(HangupCause.NO_COMMON_CODEC);
            tell(heard -> heard.refused(488, "No session description in the 200"));
            return;
        }
        theirs.remember(null, sdp);
        acknowledge(attempt.cseq(), order.invitation().sdpOffer() == null);
        tell(heard -> heard.answered(sdp));
        ours.next();
    }

    private void unwanted(FarEnd called, Answer answer) {
        if (state == State.CANCELLED) quiet("given-up");
        forks.hangUp(called, answer, () -> {
            if (state == State.CANCELLED) over(true);
        });
    }

    private void refused(int status, String reason) {
        over(status == 408);
        tell(heard -> heard.refused(status, reason));
    }

    /** The transaction gave up. A provisional response and nothing behind it is no answer either. */
    private void unanswered(int status) {
        if (state == State.CANCELLED) over(true);
        else if (state == State.CALLING && (status == 408 || provisional)) refused(408, "Request Timeout");
        else if (state == State.CALLING) refused(503, "Not sent");
    }

    // The dialog. Thread of the leg.

    boolean isUp() {
        return state == State.UP;
    }

    boolean isOver() {
        return state == State.CANCELLED || state == State.OVER;
    }

    Acks acks() {
        return acks;
    }

    FarEnd far() {
        FarEnd called = far;
        if (called == null) throw new IllegalStateException("there is no dialog yet");
        return called;
    }

    OurOffers ours() {
        return ours;
    }

    TheirOffers theirs() {
        return theirs;
    }

    Listener listener() {
        return order.listener();
    }

    Line line() {
        return line;
    }

    Timers timers() {
        return legs.timers();
    }

    private void reanswered(Answer answer) {
        FarEnd called = far;
        if (called == null || !called.isAt(answer.tag())) return;
        boolean success = answer.status() >= 200 && answer.status() < 300;
        if (success && acks.isRepeated(answer.cseq())) return;
        // Our BYE crossed it, and it wants its ACK all the same.
        if (success && state != State.UP) acknowledge(answer.cseq(), false);
        else ours.answered(answer);
    }

    /** Sends ACK to a 2xx, at once or with the answer that it waits for. */
    void acknowledge(long cseq, boolean answerFollows) {
        if (answerFollows) acks.owe(cseq, () -> lost(HangupCause.NO_ACK));
        else acks.send(cseq, null);
    }

    void sendInOrder(String request, Consumer<Integer> then) {
        acks.sendBehind(request, then);
    }

    void send(FarEnd to, String request, Consumer<Integer> then) {
        line.send(request, to.peer(), to.otherwise(), status -> run(() -> then.accept(status)));
    }

    private void bye(HangupCause cause) {
        ended();
        acks.payIfOwed(null);
        sendInOrder(far().bye(Reasons.of(cause)), status -> over(true));
    }

    /** The far end is not there any more; it hears BYE all the same (RFC 3261 12.2.1.2). */
    void lost(HangupCause cause) {
        if (state != State.UP) return;
        bye(cause);
        tell(heard -> heard.lost(cause));
    }

    private void ended() {
        state = State.OVER;
        alarms.values().forEach(alarm -> alarm.cancel(false));
        alarms.clear();
        ours.close();
        theirs.close();
    }

    private void over(boolean lingers) {
        if (state != State.OVER) ended();
        if (closed) return;
        closed = true;
        legs.over(this, lingers);
    }

    // What the far end asks. Thread of the leg.

    void asked(Asked request) {
        FarEnd called = far;
        // To an ACK nothing is sent, whatever is said here.
        if (called == null || !called.isAt(request.fromTag())) request.respond(481, Map.of(), null);
        else if (request.method().equals("ACK")) theirs.acknowledged(request);
        else if (request.method().equals("CANCEL")) theirs.cancelled(request);
        else if (!called.accepts(request.cseq())) request.respond(500, Map.of(), null);
        else if (request.method().equals("BYE")) hungUp(request);
        else if (state != State.UP) request.respond(481, Map.of(), null);
        else askedWhileUp(request);
    }

    private void askedWhileUp(Asked request) {
        switch (request.method()) {
            case "INVITE", "UPDATE" -> theirs.asked(request);
            case "INFO" -> request.respond(200, Map.of(), null);
            case "OPTIONS" -> request.respond(200, line.capabilities(), null);
            case "PRACK", "NOTIFY" -> request.respond(481, Map.of(), null);
            default -> request.respond(KNOWN.contains(request.method()) ? 405 : 501, line.capabilities(), null);
        }
    }

    private void hungUp(Asked bye) {
        bye.respond(200, Map.of(), null);
        if (state != State.UP) return;
        over(true);
        int cause = Reasons.q850(bye.lines().all("reason"));
        tell(heard -> heard.hungUp(cause));
    }

    void tell(Consumer<Listener> event) {
        try {
            event.accept(order.listener());
        } catch (RuntimeException failure) {
            LOG.error("Call-ID {}: listener failed", callId(), failure);
        }
    }

    void run(Runnable work) {
        line.execute(callId(), work);
    }

    void alarm(String name, Duration delay, Runnable work) {
        quiet(name);
        alarms.put(name, line.later(callId(), delay, work));
    }

    void quiet(String name) {
        Future<?> alarm = alarms.remove(name);
        if (alarm != null) alarm.cancel(false);
    }
}

package io.firefly.voip.callcontrol;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.call.Call;
import io.firefly.voip.call.CallEvent;
import io.firefly.voip.call.CallEvent.CallAnswered;
import io.firefly.voip.call.CallEvent.CallEnded;
import io.firefly.voip.call.CallEvent.EndedBy;
import io.firefly.voip.call.CallLeg;
import io.firefly.voip.call.CallState;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.callcontrol.CallThreads.CallThread;
import io.firefly.voip.callcontrol.CallThreads.Timer;
import io.firefly.voip.callcontrol.transfer.Transfer;
import io.firefly.voip.callcontrol.transfer.TransferOutcome;
import io.firefly.voip.media.MediaUnavailableException;
import io.firefly.voip.media.Negotiated;
import io.firefly.voip.media.Negotiated.Agreed;
import io.firefly.voip.media.Negotiated.Refused;
import io.firefly.voip.tenant.Tenant;
import io.firefly.voip.tenant.directory.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The story of one call from the offer to the end, in the order it is told. Call thread only.
 */
final class ActiveCall {
    private static final Logger log = LoggerFactory.getLogger(ActiveCall.class);
    private final Call call;
    private final CallLeg leg;
    private final CallServices services;
    private final CallThread thread;
    private final Book book;
    private final CallFacts facts;
    private final CallMedia media;
    private final OrderQueue orders;

    private final Conversation conversation;
    private final CallHouse house;
    private final Transfer transfer;
    private @Nullable CompletableFuture<TransferOutcome> transferring;

    private boolean recorded;
    /** The caller hears themselves. */
    private boolean echoes;

    private @Nullable Timer decideTimer;
    private @Nullable Timer lengthTimer;

    ActiveCall(IncomingCall offered, CallServices services, CallThread thread, Book book) {
        this.call = new Call(offered, services.clock().instant());
        this.leg = offered.leg();
        this.services = services;
        this.thread = thread;
        this.book = book;
        this.facts = new CallFacts(call);
        this.media = new CallMedia(call, offered.sdpOffer(), services);
        this.house = new CallHouse(this, services, thread, media);
        this.conversation = new Conversation(call, services, thread, media, house);
        this.transfer = new Transfer(house);
        this.orders = new OrderQueue(thread, this::nothingOrdered, this::orderFailed);
    }

    Call call() {
        return call;
    }

    CallFacts facts() {
        return facts;
    }

    CallLeg leg() {
        return leg;
    }

    Conversation conversation() {
        return conversation;
    }

    /** Any thread. */
    CallController.Standing standing() {
        return facts.standing(media.statistics());
    }

    /** The routes may decide from here on; one that never does must not leave the caller waiting. */
    void offered() {
        log.info(
                "offered call={} from={} to={} source={} sipCallId={}",
                call.id(),
                call.parties().caller().masked(),
                call.parties().called().masked(),
                call.source().address(),
                call.networkCallId());
        awaitDecision();
        leg.listen(new OutsideEvents(this, thread));
    }

    private void awaitDecision() {
        Duration patience = services.settings().decideWithin();
        decided();
        decideTimer = thread.after(patience, () -> {
            log.warn("call={} callflow={} nothing was ordered for {}", call.id(), facts.callflow(), patience);
            end(call.state().isAnswered() ? HangupCause.NORMAL : HangupCause.UNAVAILABLE, EndedBy.US);
        });
    }

    /** All orders are done: who rings, or was answered and hears nobody, must not be forgotten like that. */
    private void nothingOrdered() {
        if (call.state() != CallState.ENDED && !echoes && !conversation.isMet()) awaitDecision();
    }

    void ring(Duration delay) {
        order("ring", () -> media.negotiate().thenComposeAsync(negotiated -> ringing(negotiated, delay), thread));
    }

    private CompletionStage<?> ringing(Negotiated negotiated, Duration delay) {
        if (!isAcceptable(negotiated)) return done();
        if (call.become(CallState.RINGING)) leg.ring();
        return thread.later(delay);
    }

    void answer(boolean record) {
        order("answer", () -> answered(record));
    }

    /** Every flow needs an answered call; one that did not say {@code call:answer} gets it here. */
    private CompletionStage<?> answered(boolean record) {
        if (call.state().isAnswered()) return done();
        return media.negotiate()
                .thenComposeAsync(negotiated -> conversation.awaitAgent().thenApply(prepared -> negotiated), thread)
                .thenComposeAsync(media::stillNegotiated, thread)
                .thenAcceptAsync(negotiated -> answerWith(negotiated, record), thread);
    }

    private void answerWith(Negotiated negotiated, boolean record) {
        if (!isAcceptable(negotiated) || !call.become(CallState.ANSWERED)) return;
        Agreed agreed = (Agreed) negotiated;
        Tenant tenant = facts.tenant();
        Instant now = services.clock().instant();
        facts.answered(now);
        recorded = record || (tenant != null && tenant.record());
        leg.answer(agreed.sdp());
        if (!media.answerDue()) startMedia(agreed);
        lengthTimer = thread.after(maxLength(tenant), () -> end(HangupCause.MAX_DURATION, EndedBy.US));
        log.info(
                "answered call={} codec={} setupMillis={} {}",
                call.id(),
                agreed.codec(),
                Duration.between(call.offeredAt(), now).toMillis(),
                media.bridge());
        book.tell(new CallAnswered(call, now));
    }

    private void startMedia(Agreed agreed) {
        facts.codec(agreed.codec());
        media.start(new OutsideEvents(this, thread), recorded);
    }

    private Duration maxLength(@Nullable Tenant tenant) {
        Duration general = services.settings().maxLength();
        if (tenant == null) return general;
        Duration own = tenant.limits().maxCallLength();
        return own.compareTo(general) < 0 ? own : general;
    }

    private boolean isAcceptable(Negotiated negotiated) {
        if (!(negotiated instanceof Refused refused)) return call.state() != CallState.ENDED;
        log.info("call={} refused: {}", call.id(), refused.reason());
        end(refused.cause(), EndedBy.US);
        return false;
    }

    void echo() {
        order("echo", () -> answered(false)
                .thenRunAsync(
                        () -> {
                            if (call.state() == CallState.ENDED) return;
                            call.become(CallState.TALKING);
                            echoes = true;
                            media.bridge().echo();
                        },
                        thread));
    }

    void play(Path file, double tempo) {
        order("play " + file, () -> answered(false)
                .thenComposeAsync(answered -> playing(file, tempo), thread)
                .thenComposeAsync(heard -> thread.later(media.untilHeard()), thread));
    }

    private CompletionStage<?> playing(Path file, double tempo) {
        if (call.state() == CallState.ENDED) return done();
        call.become(CallState.TALKING);
        return media.play(file, tempo);
    }

    void sendDtmf(String digits) {
        order("dtmf", () -> answered(false).thenRunAsync(() -> media.sendDtmf(digits), thread));
    }

    /** Whatever name is given, only those of the tenant's directory lead anywhere. */
    CompletionStage<TransferOutcome> transfer(String name) {
        if (call.state() == CallState.ENDED) return completed(TransferOutcome.failed("the call is over"));
        Tenant tenant = facts.tenant();
        Target target =
                services.gate().directory().of(facts.tenantId()).target(name).orElse(null);
        if (target == null) return completed(TransferOutcome.failed("there is nobody of that name"));
        if (!services.gate().takesTransfer(tenant)) return completed(TransferOutcome.failed("no more transfers today"));
        CompletableFuture<TransferOutcome> outcome = new CompletableFuture<>();
        transferring = outcome;
        order("transfer " + target.name(), () -> answered(false)
                .thenComposeAsync(answered -> transfer.to(target), thread)
                .thenComposeAsync(went -> transferred(went, outcome), thread));
        return outcome;
    }

    /** What was ordered behind it is for a caller who could not be connected. */
    private static CompletionStage<?> transferred(TransferOutcome went, CompletableFuture<TransferOutcome> outcome) {
        outcome.complete(went);
        return went.connected() ? new CompletableFuture<>() : done();
    }

    private static <T> CompletionStage<T> completed(T value) {
        return CompletableFuture.completedFuture(value);
    }

    /** The provider is dialled now, whatever still rings; the caller meets the agent when the order is reached. */
    void connectAgent(AgentProfile profile) {
        if (call.state() == CallState.ENDED) return;
        decided();
        facts.agent(profile.name());
        CompletionStage<?> dialled = negotiateAndDial(profile);
        order("agent " + profile.name(), () -> dialled.thenComposeAsync(x -> answered(false), thread)
                .thenRunAsync(conversation::meet, thread));
    }

    private CompletionStage<?> negotiateAndDial(AgentProfile profile) {
        try {
            conversation.leave();
            return media.negotiate()
                    .thenAcceptAsync(
                            negotiated -> {
                                if (isAcceptable(negotiated)) conversation.dial(profile, (Agreed) negotiated);
                            },
                            thread);
        } catch (MediaUnavailableException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Waits for the goodbye to be generated and heard. */
    void endAfterGoodbye() {
        if (call.state() != CallState.ENDING && !conversation.sayGoodbye()) end(HangupCause.NORMAL);
    }

    /** A normal end waits for the orders before it; any other cause is an accident and does not. */
    void end(HangupCause cause) {
        decided();
        if (cause != HangupCause.NORMAL || transfer.isConnected()) {
            end(cause, EndedBy.US);
            return;
        }
        order("end", () -> {
            end(cause, EndedBy.US);
            return done();
        });
    }

    /** The end, once: tells the network, gives everything back, then tells the world. */
    void end(HangupCause cause, EndedBy by) {
        if (!call.become(CallState.ENDED)) return;
        orders.close();
        cancel(decideTimer);
        cancel(lengthTimer);
        if (by != EndedBy.CALLER) leg.end(cause);
        conversation.leave();
        facts.used(conversation.usage());
        transfer.close();
        if (transferring != null) transferring.complete(facts.whatBecameOfTransfer());
        CallEnded ended = new CallEnded(call, services.clock().instant(), cause, by);
        media.close(facts.summary(ended));
        book.over(this, ended);
        log.info("ended call={} cause={} by={}", call.id(), cause.label(), by);
    }

    void confirmed(@Nullable String sdpAnswer) {
        if (!media.answerDue() || call.state() == CallState.ENDED) return;
        if (sdpAnswer == null) {
            log.warn("call={} the ACK has no answer to our offer (RFC 3261 13.2.1)", call.id());
            end(HangupCause.NO_COMMON_CODEC, EndedBy.US);
            return;
        }
        media.accept(sdpAnswer).thenAcceptAsync(this::callerAgreed, thread);
    }

    /** To an offer of ours: the first time sound may flow only now. */
    private void callerAgreed(Negotiated negotiated) {
        if (isAcceptable(negotiated) && !media.isStarted()) startMedia((Agreed) negotiated);
    }

    CompletionStage<@Nullable String> reoffered(@Nullable String sdpOffer) {
        return call.state() == CallState.ENDED ? CompletableFuture.completedFuture(null) : media.renegotiate(sdpOffer);
    }

    void dtmf(char digit) {
        log.info("dtmf call={}", call.id());
        if (transfer.isConnected()) transfer.pressed(digit);
        else if (!house.answeredBy(digit)) conversation.dtmf(digit);
    }

    void mediaLost(HangupCause cause, String why) {
        log.warn("call={} its media is gone: {}", call.id(), why);
        end(cause, EndedBy.NETWORK);
    }

    private void orderFailed(Throwable thrown) {
        Throwable failure =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        boolean noMedia = failure instanceof MediaUnavailableException;
        log.error("call={} cannot go on: {}", call.id(), failure.getMessage(), noMedia ? null : failure);
        end(noMedia ? HangupCause.MEDIA_UNAVAILABLE : HangupCause.SERVER_ERROR, EndedBy.US);
    }

    private void order(String name, Supplier<CompletionStage<?>> work) {
        decided();
        orders.add(name, work);
    }

    private void decided() {
        cancel(decideTimer);
        decideTimer = null;
    }

    private static CompletionStage<?> done() {
        return CompletableFuture.completedFuture(true);
    }

    private static void cancel(@Nullable Timer timer) {
        if (timer != null) timer.cancel();
    }

    /** Where calls report; told on the call's thread. */
    interface Book {
        void tell(CallEvent event);

        /** The call holds nothing any more and is to be forgotten. */
        void over(ActiveCall call, CallEnded ended);
    }
}

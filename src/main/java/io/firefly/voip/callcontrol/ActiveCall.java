package io.firefly.voip.callcontrol;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.AgentFailure;
import io.firefly.voip.agent.Utterance;
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
import io.firefly.voip.media.MediaUnavailableException;
import io.firefly.voip.media.Negotiated;
import io.firefly.voip.media.Negotiated.Agreed;
import io.firefly.voip.media.Negotiated.Refused;
import io.firefly.voip.tenant.Tenant;
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
    /** Sound that left us is still on its way: network and the caller's jitter buffer. */
    private static final Duration HEARD_AFTER = Duration.ofMillis(300);

    private static final Duration GOODBYE_GUARD = Duration.ofSeconds(12);

    private final Call call;
    private final CallLeg leg;
    private final CallServices services;
    private final CallThread thread;
    private final Book book;
    private final CallFacts facts;
    private final CallMedia media;
    private final OrderQueue orders;

    private @Nullable CallAgent agent;
    private boolean recorded;
    /** The caller has somebody to talk to: an agent, or themselves. */
    private boolean hasCompany;

    private boolean apologising;

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
        this.orders = new OrderQueue(thread, this::nothingOrdered, this::orderFailed);
    }

    Call call() {
        return call;
    }

    CallFacts facts() {
        return facts;
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
        if (call.state() != CallState.ENDED && !hasCompany) awaitDecision();
    }

    void ring(Duration delay) {
        order("ring", () -> media.negotiate().thenComposeAsync(negotiated -> ringing(negotiated, delay), thread));
    }

    private CompletionStage<?> ringing(Negotiated negotiated, Duration delay) {
        if (!isAcceptable(negotiated)) return done();
        if (call.become(CallState.RINGING)) leg.ring();
        CompletableFuture<Boolean> rung = new CompletableFuture<>();
        thread.after(delay, () -> rung.complete(true));
        return rung;
    }

    void answer(boolean record) {
        order("answer", () -> answered(record));
    }

    /** Every flow needs an answered call; one that did not say {@code call:answer} gets it here. */
    private CompletionStage<?> answered(boolean record) {
        if (call.state().isAnswered()) return done();
        return media.negotiate().thenAcceptAsync(negotiated -> answerWith(negotiated, record), thread);
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
                            hasCompany = true;
                            media.bridge().echo();
                        },
                        thread));
    }

    void play(Path file, double tempo) {
        order("play " + file, () -> answered(false)
                .thenComposeAsync(answered -> playing(file, tempo), thread)
                .thenComposeAsync(heard -> later(HEARD_AFTER), thread));
    }

    private CompletionStage<?> playing(Path file, double tempo) {
        if (call.state() == CallState.ENDED) return done();
        call.become(CallState.TALKING);
        return media.play(file, tempo);
    }

    void sendDtmf(String digits) {
        order("dtmf", () -> answered(false).thenRunAsync(() -> media.sendDtmf(digits), thread));
    }

    /** The provider is dialled now, whatever still rings; the caller meets the agent when the order is reached. */
    void connectAgent(AgentProfile profile) {
        if (call.state() == CallState.ENDED) return;
        decided();
        if (agent != null) agent.close();
        agent = null;
        facts.agent(profile.name());
        CompletionStage<?> dialled = negotiateAndDial(profile);
        order("agent " + profile.name(), () -> dialled.thenComposeAsync(x -> answered(false), thread)
                .thenRunAsync(this::meetAgent, thread));
    }

    private CompletionStage<?> negotiateAndDial(AgentProfile profile) {
        try {
            return media.negotiate().thenAcceptAsync(negotiated -> dial(profile, negotiated), thread);
        } catch (MediaUnavailableException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void dial(AgentProfile profile, Negotiated negotiated) {
        if (!isAcceptable(negotiated)) return;
        var reports = new CallAgent.Reports(this::said, this::agentFailed, this::agentReady);
        agent = new CallAgent(profile, services, thread, media.bridge(), reports);
        agent.join(call, ((Agreed) negotiated).codec());
    }

    private void meetAgent() {
        if (agent == null || call.state() == CallState.ENDED) return;
        call.become(CallState.TALKING);
        hasCompany = true;
        agent.takeOver();
        agent.greet();
        if (agent.failure() != null) apologise();
    }

    private void agentReady() {
        log.info("agent ready call={} agent={}", call.id(), agent == null ? "" : agent.name());
    }

    private void said(Instant at, Utterance utterance) {
        services.transcripts().print(at, utterance);
        media.said(at, utterance.speaker().name(), utterance.text());
    }

    private void agentFailed(AgentFailure failure) {
        if (call.state() == CallState.ENDED) return;
        log.warn("agent failed call={} fatal={}: {}", call.id(), failure.fatal(), failure.message());
        if (!hasCompany || apologising) return;
        if (!failure.fatal()) {
            askAgain();
            return;
        }
        boolean goodbyeSaid = call.state() == CallState.ENDING;
        Runnable then = goodbyeSaid ? this::endSoon : this::apologise;
        media.bridge().whenAgentIsSilent(() -> thread.execute(then));
    }

    /** The caller never sits in silence: an apology, then the end. */
    private void apologise() {
        if (apologising || call.state() == CallState.ENDED) return;
        apologising = true;
        media.bridge().hush();
        media.play(services.settings().apology(), 1.0)
                .thenComposeAsync(heard -> later(HEARD_AFTER), thread)
                .whenCompleteAsync((heard, failure) -> end(HangupCause.AGENT_UNAVAILABLE, EndedBy.US), thread);
    }

    private void askAgain() {
        media.play(services.settings().askAgain(), 1.0).whenComplete((heard, failure) -> {
            if (failure != null) log.warn("call={} nobody can be asked again", call.id(), failure);
        });
    }

    /** Waits for the goodbye to be generated and heard; a guard ends a call whose agent has nothing more to say. */
    void endAfterGoodbye() {
        CallAgent speaking = agent;
        if (call.state() == CallState.ENDING) return;
        if (speaking == null || !call.become(CallState.ENDING)) {
            end(HangupCause.NORMAL);
            return;
        }
        guardGoodbye();
        speaking.sayGoodbye()
                .thenRunAsync(() -> media.bridge().whenAgentIsSilent(() -> thread.execute(this::endSoon)), thread);
    }

    /** Ends a call whose agent has nothing more to say; one that still speaks is heard to the end. */
    private void guardGoodbye() {
        thread.after(GOODBYE_GUARD, () -> {
            if (media.bridge().mouth().isSpeaking()) guardGoodbye();
            else end(HangupCause.NORMAL, EndedBy.US);
        });
    }

    private void endSoon() {
        thread.after(HEARD_AFTER, () -> end(HangupCause.NORMAL, EndedBy.US));
    }

    /** A normal end waits for the orders before it; any other cause is an accident and does not. */
    void end(HangupCause cause) {
        decided();
        if (cause != HangupCause.NORMAL) {
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
        if (agent != null) agent.close();
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
        if (agent != null) agent.dtmf(digit);
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

    private CompletionStage<?> later(Duration delay) {
        CompletableFuture<Boolean> past = new CompletableFuture<>();
        thread.after(delay, () -> past.complete(true));
        return past;
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

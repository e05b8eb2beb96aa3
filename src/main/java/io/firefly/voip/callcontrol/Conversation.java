package io.firefly.voip.callcontrol;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.AgentFailure;
import io.firefly.voip.agent.AgentStage.Leaving;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.Utterance;
import io.firefly.voip.call.Call;
import io.firefly.voip.call.CallEvent.EndedBy;
import io.firefly.voip.call.CallState;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.callcontrol.CallThreads.CallThread;
import io.firefly.voip.media.Negotiated.Agreed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the caller and an agent have with each other: dialled, met, heard to the end, apologised for. Call thread only. */
final class Conversation {
    private static final Logger log = LoggerFactory.getLogger(Conversation.class);
    private static final Duration GOODBYE_GUARD = Duration.ofSeconds(12);

    private final Call call;
    private final CallServices services;
    private final CallThread thread;
    private final CallMedia media;
    private final CallHouse house;

    private @Nullable CallAgent agent;
    /** Completed by the agent in use when it can talk, or when it never will. */
    private CompletableFuture<Boolean> prepared = CompletableFuture.completedFuture(true);

    private boolean met;
    private boolean apologising;
    private AgentUsage usage = AgentUsage.NONE;
    /** Of an end after a goodbye. */
    private HangupCause cause = HangupCause.NORMAL;

    Conversation(Call call, CallServices services, CallThread thread, CallMedia media, CallHouse house) {
        this.call = call;
        this.services = services;
        this.thread = thread;
        this.media = media;
        this.house = house;
    }

    /** True from the moment the caller can hear an agent. */
    boolean isMet() {
        return met;
    }

    /** Dials the agent's provider; the phone may still ring. */
    void dial(AgentProfile profile, Agreed agreed) {
        prepared = new CompletableFuture<>();
        var reports = new CallAgent.Reports(this::said, this::failed, this::ready, this::pleaseWait, this::leaves);
        CallAgent dialled = new CallAgent(profile, services, house, media.bridge(), reports);
        agent = dialled;
        dialled.join(call, agreed.codec());
    }

    /**
     * A call is not answered before the agent it waits for can hear: completes when that is ready or has failed, and
     * in any case after the configured time. At once when none was dialled.
     */
    CompletionStage<?> awaitAgent() {
        CompletableFuture<Boolean> agentPrepared = prepared;
        if (agentPrepared.isDone()) return agentPrepared;
        return CompletableFuture.anyOf(
                agentPrepared, thread.later(services.settings().agentWithin()).toCompletableFuture());
    }

    /** Caller and agent hear each other from now on. */
    void meet() {
        CallAgent present = agent;
        if (present == null || call.state() == CallState.ENDED) return;
        call.become(CallState.TALKING);
        met = true;
        present.takeOver();
        present.greet();
        if (present.failure() != null) apologise();
    }

    void dtmf(char digit) {
        if (agent != null) agent.dtmf(digit);
    }

    void leave() {
        if (agent != null) {
            agent.close();
            usage = usage.plus(agent.usage());
        }
        agent = null;
    }

    /** What the agents that left have used. */
    AgentUsage usage() {
        return usage;
    }

    /**
     * Lets the agent say goodbye, and ends the call when that was heard; a guard ends one whose agent has nothing more
     * to say.
     *
     * @return false when there is nobody to say it
     */
    boolean sayGoodbye() {
        CallAgent speaking = agent;
        if (speaking == null || !call.become(CallState.ENDING)) return false;
        guardGoodbye();
        speaking.sayGoodbye()
                .thenRunAsync(() -> media.bridge().whenAgentIsSilent(() -> thread.execute(this::endSoon)), thread);
        return true;
    }

    /** An agent that still speaks is heard to the end. */
    private void guardGoodbye() {
        thread.after(GOODBYE_GUARD, () -> {
            if (media.bridge().mouth().isSpeaking()) guardGoodbye();
            else end(cause);
        });
    }

    private void endSoon() {
        thread.after(media.untilHeard(), () -> end(cause));
    }

    /** The agent ends the call, and has said so. */
    private void leaves(Leaving why) {
        if (!call.become(CallState.ENDING)) return;
        log.info("agent leaves call={} reason={}", call.id(), why);
        if (why == Leaving.OUT_OF_TIME) cause = HangupCause.MAX_DURATION;
        guardGoodbye();
        media.bridge().whenAgentIsSilent(() -> thread.execute(this::endSoon));
    }

    private void end(HangupCause why) {
        house.end(why, EndedBy.US);
    }

    void fill(String phrase) {
        if (agent != null) agent.fill(phrase);
    }

    void offer(List<ToolDescription> tools) {
        if (agent != null) agent.offer(tools);
    }

    private void ready() {
        prepared.complete(true);
        log.info("agent ready call={} agent={}", call.id(), agent == null ? "" : agent.name());
    }

    private void said(Instant at, Utterance utterance) {
        services.transcripts().print(at, utterance);
        media.said(at, utterance.speaker().name(), utterance.text());
    }

    private void failed(AgentFailure failure) {
        if (failure.fatal()) prepared.complete(false);
        if (call.state() == CallState.ENDED) return;
        log.warn("agent failed call={} fatal={}: {}", call.id(), failure.fatal(), failure.message());
        if (!met || apologising) return;
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
                .thenComposeAsync(heard -> thread.later(media.untilHeard()), thread)
                .whenCompleteAsync((heard, failure) -> end(HangupCause.AGENT_UNAVAILABLE), thread);
    }

    private void askAgain() {
        tell(services.settings().askAgain());
    }

    private void pleaseWait() {
        if (met && !apologising && call.state() == CallState.TALKING)
            tell(services.settings().oneMoment());
    }

    private void tell(Path prompt) {
        media.play(prompt, 1.0).whenComplete((heard, failure) -> {
            if (failure != null) log.warn("call={} {} cannot be played", call.id(), prompt, failure);
        });
    }
}

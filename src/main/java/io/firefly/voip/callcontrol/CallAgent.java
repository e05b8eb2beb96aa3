package io.firefly.voip.callcontrol;

import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.AgentFailure;
import io.firefly.voip.agent.AgentMouth;
import io.firefly.voip.agent.AgentSession;
import io.firefly.voip.agent.AgentStage;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.Utterance;
import io.firefly.voip.bridge.AudioBridge;
import io.firefly.voip.call.Call;
import io.firefly.voip.callcontrol.tools.CallTools;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent of one call: its session, and the stage it speaks on. What the agent reports is handed to the call's thread
 * at once.
 */
final class CallAgent implements AgentStage {
    private static final Logger log = LoggerFactory.getLogger(CallAgent.class);

    private final AgentProfile profile;
    private final CallServices services;
    private final Executor thread;
    private final CallTools tools;
    private final Reports reports;
    private final AudioBridge bridge;

    private @Nullable AgentSession session;
    private @Nullable AgentFailure failure;
    private AgentUsage usage = AgentUsage.NONE;

    CallAgent(AgentProfile profile, CallServices services, CallHouse house, AudioBridge bridge, Reports reports) {
        this.profile = profile;
        this.services = services;
        this.thread = house;
        this.tools = new CallTools(services.gate(), profile, house);
        this.bridge = bridge;
        this.reports = reports;
    }

    /** Where an agent's reports go: told on the call's thread. */
    record Reports(
            BiConsumer<Instant, Utterance> said,
            Consumer<AgentFailure> failed,
            Runnable ready,
            Runnable pleaseWait,
            Consumer<Leaving> leaves) {}

    /** Dials the provider; the phone may still ring. */
    void join(Call call, String codec) {
        var brief = new AgentBrief(call.id(), profile, codec, bridge.format(), CallFacts.brief(call), tools.begin());
        session = services.voiceAgent().join(brief, this);
    }

    String name() {
        return profile.name();
    }

    /** Why the agent cannot speak, when it failed before the call was answered. */
    @Nullable
    AgentFailure failure() {
        return failure;
    }

    /** The caller and the agent hear each other from the next frame on. */
    void takeOver() {
        AgentSession joined = session;
        if (joined != null) bridge.connectAgent(joined.ears());
    }

    void greet() {
        if (session != null) session.begin();
    }

    void dtmf(char digit) {
        if (session != null) session.dtmf(digit);
    }

    CompletionStage<?> sayGoodbye() {
        return session == null ? CompletableFuture.completedFuture(null) : session.sayGoodbye();
    }

    AgentUsage usage() {
        return usage;
    }

    void close() {
        tools.close();
        if (session != null) session.close();
    }

    void fill(String phrase) {
        if (session != null && !session.fill(phrase)) log.debug("agent={} cannot say a filler", name());
    }

    void offer(List<ToolDescription> offered) {
        if (session != null) session.offer(offered);
    }

    @Override
    public void ready() {
        thread.execute(reports.ready());
    }

    @Override
    public AgentMouth mouth() {
        return bridge.mouth();
    }

    @Override
    public void said(Utterance utterance) {
        Instant now = services.clock().instant();
        thread.execute(() -> reports.said().accept(now, utterance));
    }

    @Override
    public CompletionStage<String> call(ToolCall tool) {
        return CompletableFuture.supplyAsync(() -> tools.run(tool), thread).thenCompose(answer -> answer);
    }

    @Override
    public void failed(AgentFailure told) {
        thread.execute(() -> {
            if (told.fatal()) failure = told;
            reports.failed().accept(told);
        });
    }

    @Override
    public void pleaseWait() {
        thread.execute(reports.pleaseWait());
    }

    @Override
    public boolean isCallerAway() {
        return bridge.isOnHold();
    }

    @Override
    public void leaves(Leaving why) {
        thread.execute(() -> reports.leaves().accept(why));
    }

    @Override
    public void used(AgentUsage more) {
        thread.execute(() -> usage = usage.plus(more));
    }
}

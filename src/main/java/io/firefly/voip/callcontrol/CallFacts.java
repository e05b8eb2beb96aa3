package io.firefly.voip.callcontrol;

import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.call.Call;
import io.firefly.voip.call.CallEvent.CallEnded;
import io.firefly.voip.callcontrol.transfer.TransferOutcome;
import io.firefly.voip.cdr.CallDetailRecord;
import io.firefly.voip.cdr.CallDetailRecord.AgentCost;
import io.firefly.voip.media.MediaStatistics;
import io.firefly.voip.recording.Recording;
import io.firefly.voip.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What becomes known of a call while it goes on, for its recording and its detail record. */
final class CallFacts {
    private static final String WITHHELD = "withheld";

    private final Call call;

    // Written by the call's thread or by a route that decides; read at the end by the call's thread.
    private final AtomicReference<@Nullable Tenant> counted = new AtomicReference<>();
    private final AtomicReference<@Nullable Tenant> talking = new AtomicReference<>();
    private volatile @Nullable Tenant tenant;
    private volatile @Nullable String callflow;
    private volatile @Nullable String agent;
    private volatile @Nullable String codec;
    private volatile @Nullable Instant answeredAt;
    private volatile AgentUsage usage = AgentUsage.NONE;
    private volatile @Nullable String transferredTo;

    CallFacts(Call call) {
        this.call = call;
    }

    /** @return the tenant it counted against until now, whose place is to be given back */
    @Nullable
    Tenant tenant(Tenant known) {
        tenant = known;
        return counted.getAndSet(known);
    }

    /** The tenant whose limit this call counts against; null from the second time on. */
    @Nullable
    Tenant takeTenant() {
        return counted.getAndSet(null);
    }

    /** @return the tenant whose minutes count from now on; null when it is nobody's call */
    @Nullable
    Tenant talks() {
        talking.set(tenant);
        return tenant;
    }

    /** The tenant whose minutes counted until now; null from the second time on. */
    @Nullable
    Tenant stopsTalking() {
        return talking.getAndSet(null);
    }

    @Nullable
    Tenant tenant() {
        return tenant;
    }

    void callflow(String name) {
        callflow = name;
    }

    @Nullable
    String callflow() {
        return callflow;
    }

    void agent(String name) {
        agent = name;
    }

    void codec(String name) {
        codec = name;
    }

    /** By all agents of the call. */
    void used(AgentUsage all) {
        usage = all;
    }

    void answered(Instant at) {
        answeredAt = at;
    }

    /** Under this name of the directory, somebody else has the caller. */
    void transferredTo(String target) {
        transferredTo = target;
    }

    /** As far as it is known when the call ends. */
    TransferOutcome whatBecameOfTransfer() {
        return transferredTo == null ? TransferOutcome.failed("the call is over") : TransferOutcome.CONNECTED;
    }

    /** What an agent is told when it joins; its provider hears of nobody who does not want to be known (RFC 3323). */
    static Map<String, String> brief(Call call) {
        Map<String, String> facts = new LinkedHashMap<>();
        boolean withheld = call.isCallerWithheld();
        facts.put("caller number", withheld ? WITHHELD : call.getCallerNumber());
        if (!withheld && call.getCallerName() != null) facts.put("caller name", call.getCallerName());
        facts.put("called number", call.getCalledNumber());
        String forwarder = forwarder(call);
        if (forwarder != null) facts.put("forwarded from", forwarder);
        return facts;
    }

    /** What an agent may learn of the caller when it asks. */
    Map<String, Object> caller() {
        Map<String, Object> facts = new LinkedHashMap<>();
        boolean withheld = call.isCallerWithheld();
        facts.put("withheld", withheld);
        if (!withheld) facts.put("number", call.getCallerNumber());
        if (!withheld && call.getCallerName() != null) facts.put("name", call.getCallerName());
        if (!withheld && call.getSubscriber() != null) facts.put("subscriber", call.getSubscriber());
        facts.put("called", call.getCalledNumber());
        String forwarder = forwarder(call);
        if (forwarder != null) facts.put("forwarded_from", forwarder);
        if (forwarder != null && call.getDiversions().get(0).reason() != null)
            facts.put("forwarded_because", call.getDiversions().get(0).reason());
        if (tenantId() != null) facts.put("tenant", tenantId());
        return facts;
    }

    /** RFC 5806: privacy of the one who forwarded is their own. */
    private static @Nullable String forwarder(Call call) {
        if (call.getDiversions().isEmpty()) return null;
        return call.getDiversions().get(0).privateAddress() ? WITHHELD : call.getForwardedFrom();
    }

    CallController.Standing standing(@Nullable MediaStatistics media) {
        return new CallController.Standing(call, tenantId(), callflow, agent, codec, answeredAt, media);
    }

    Recording.Summary summary(CallEnded ended) {
        return new Recording.Summary(
                tenantId(),
                callflow,
                agent,
                codec,
                answeredAt,
                ended.at(),
                talkTime(ended.at()),
                ended.cause(),
                ended.endedBy());
    }

    CallDetailRecord detail(CallEnded ended) {
        Instant answered = answeredAt;
        Instant rangUntil = answered == null ? ended.at() : answered;
        return new CallDetailRecord(
                call.id().value(),
                call.networkCallId(),
                call.getCallerNumber(),
                call.getCalledNumber(),
                call.getForwardedFrom(),
                call.getSubscriber(),
                tenantId(),
                callflow,
                agent,
                codec,
                call.offeredAt(),
                answered,
                ended.at(),
                Duration.between(call.offeredAt(), rangUntil).toMillis(),
                talkTime(ended.at()).toMillis(),
                ended.cause().label(),
                ended.endedBy().name().toLowerCase(Locale.ROOT),
                cost(),
                transferredTo);
    }

    private @Nullable AgentCost cost() {
        AgentUsage used = usage;
        if (used.equals(AgentUsage.NONE)) return null;
        Double usd = used.nanoDollars() == 0 ? null : (Double) (used.nanoDollars() / 1e9);
        return new AgentCost(used.inputTokens(), used.cachedTokens(), used.outputTokens(), usd);
    }

    private Duration talkTime(Instant end) {
        Instant answered = answeredAt;
        return answered == null ? Duration.ZERO : Duration.between(answered, end);
    }

    @Nullable
    String tenantId() {
        Tenant known = tenant;
        return known == null ? null : known.id();
    }
}

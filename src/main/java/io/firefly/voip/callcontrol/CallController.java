package io.firefly.voip.callcontrol;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.call.Call;
import io.firefly.voip.call.CallEvent;
import io.firefly.voip.call.CallEvent.CallAnswered;
import io.firefly.voip.call.CallEvent.CallEnded;
import io.firefly.voip.call.CallEvent.CallOffered;
import io.firefly.voip.call.CallEvent.EndedBy;
import io.firefly.voip.call.CallEventListener;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.call.IncomingCallListener;
import io.firefly.voip.callcontrol.admission.Admission;
import io.firefly.voip.callcontrol.admission.CallLimits;
import io.firefly.voip.callcontrol.transfer.TransferOutcome;
import io.firefly.voip.cdr.CallDetailRecord;
import io.firefly.voip.cdr.CdrListener;
import io.firefly.voip.media.MediaStatistics;
import io.firefly.voip.tenant.Tenant;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every call of this node: takes new ones, passes orders on to the call's own thread, forgets the ended. */
public final class CallController implements CallOrders, IncomingCallListener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CallController.class);
    private static final Duration MAX_RING = Duration.ofSeconds(30);

    private final CallServices services;
    private final List<CallEventListener> listeners;
    private final List<CdrListener> archives;
    private final CallThreads threads;
    private final CallLimits limits;
    private final ConcurrentMap<CallId, ActiveCall> calls = new ConcurrentHashMap<>();
    private final ActiveCall.Book book = new Book();

    private volatile @Nullable CompletableFuture<Integer> drained;
    private volatile int endedByDrain;
    private volatile boolean refusesNewCalls;

    CallController(
            CallServices services,
            CallThreads threads,
            CallLimits limits,
            List<CallEventListener> listeners,
            List<CdrListener> archives) {
        this.services = services;
        this.threads = threads;
        this.limits = limits;
        this.listeners = List.copyOf(listeners);
        this.archives = List.copyOf(archives);
    }

    @Override
    public void onIncomingCall(IncomingCall call) {
        offer(call);
    }

    @Override
    public void offer(IncomingCall incoming) {
        if (isDraining()) {
            incoming.leg().end(HangupCause.DRAINING);
            return;
        }
        if (calls.size() >= services.settings().maxConcurrent()) {
            log.warn("call={} refused: this node has its {} calls", incoming.id(), calls.size());
            incoming.leg().end(HangupCause.MEDIA_UNAVAILABLE);
            return;
        }
        CallThreads.CallThread thread = threads.of(incoming.id());
        ActiveCall call = new ActiveCall(incoming, services, thread, book);
        calls.put(incoming.id(), call);
        thread.execute(() -> {
            call.offered();
            book.tell(new CallOffered(call.call(), call.call().offeredAt()));
        });
    }

    @Override
    public Admission admit(CallId id, Tenant tenant) {
        ActiveCall call = calls.get(id);
        if (call == null) return new Admission.Refused(HangupCause.CANCELLED, "the call is over");
        Admission admission = limits.admit(tenant);
        if (admission instanceof Admission.Admitted) {
            Tenant before = call.facts().tenant(tenant);
            if (before != null) limits.release(before);
        }
        // The call may have ended meanwhile; then nobody else would give the place back.
        if (!calls.containsKey(id)) release(call);
        return admission;
    }

    private void release(ActiveCall call) {
        Tenant tenant = call.facts().takeTenant();
        if (tenant != null) limits.release(tenant);
    }

    private void countMinutes(CallId answered) {
        ActiveCall call = calls.get(answered);
        Tenant tenant = call == null ? null : call.facts().talks();
        if (tenant != null) limits.answered(tenant);
    }

    @Override
    public void ring(CallId call, Duration delay) {
        if (delay.isNegative() || delay.compareTo(MAX_RING) > 0) {
            throw new IllegalArgumentException("ring delay " + delay.toMillis() + " ms: 0s to 30s");
        }
        with(call, active -> active.ring(delay));
    }

    @Override
    public void answer(CallId call, boolean record) {
        with(call, active -> active.answer(record));
    }

    @Override
    public void play(CallId call, Path file, double tempo) {
        with(call, active -> active.play(file, tempo));
    }

    @Override
    public void echo(CallId call) {
        with(call, ActiveCall::echo);
    }

    @Override
    public void connectAgent(CallId call, AgentProfile profile) {
        with(call, active -> active.connectAgent(profile));
    }

    @Override
    public void sendDtmf(CallId call, String digits) {
        with(call, active -> active.sendDtmf(digits));
    }

    @Override
    public CompletionStage<TransferOutcome> transfer(CallId id, String target) {
        ActiveCall call = calls.get(id);
        if (call == null) return CompletableFuture.completedFuture(TransferOutcome.failed("the call is over"));
        return CompletableFuture.supplyAsync(() -> call.transfer(target), threads.of(id))
                .thenCompose(outcome -> outcome);
    }

    @Override
    public Map<String, Object> caller(CallId id) {
        ActiveCall call = calls.get(id);
        return call == null ? Map.of() : call.facts().caller();
    }

    @Override
    public void end(CallId call, HangupCause cause) {
        with(call, active -> active.end(cause));
    }

    @Override
    public void endAfterGoodbye(CallId call) {
        with(call, ActiveCall::endAfterGoodbye);
    }

    @Override
    public void noteCallflow(CallId call, String callflow) {
        ActiveCall active = calls.get(call);
        if (active != null) active.facts().callflow(callflow);
    }

    private void with(CallId id, Consumer<ActiveCall> order) {
        ActiveCall call = calls.get(id);
        if (call == null) {
            log.debug("call={} is over: order ignored", id);
            return;
        }
        threads.of(id).execute(() -> order.accept(call));
    }

    /** The calls that are not over yet. */
    public List<Call> calls() {
        return calls.values().stream().map(ActiveCall::call).toList();
    }

    /** Where a call stands now; empty when it is over. Any thread. */
    public Optional<Standing> standing(CallId id) {
        return Optional.ofNullable(calls.get(id)).map(ActiveCall::standing);
    }

    /**
     * A call and what is known of it at this moment.
     *
     * @param agent the one that was connected last
     * @param media null before a media session is open
     */
    public record Standing(
            Call call,
            @Nullable String tenant,
            @Nullable String callflow,
            @Nullable String agent,
            @Nullable String codec,
            @Nullable Instant answeredAt,
            @Nullable MediaStatistics media) {}

    public boolean isDraining() {
        return refusesNewCalls || drained != null;
    }

    /** New calls hear 503 until {@link #takeNewCalls}; running ones go on as long as they like. */
    public void refuseNewCalls() {
        refusesNewCalls = true;
    }

    /** @throws IllegalStateException when the process is being stopped: that is not taken back */
    public void takeNewCalls() {
        if (drained != null) throw new IllegalStateException("this process is being stopped");
        refusesNewCalls = false;
    }

    /**
     * Takes no new call from now on (503) and waits for the running ones; those that are left after the configured time
     * get a BYE.
     *
     * @return completes with the number of calls that had to be ended, when none is left
     */
    public CompletionStage<Integer> drain() {
        CompletableFuture<Integer> done = new CompletableFuture<>();
        drained = done;
        log.info(
                "draining calls={} timeout={}",
                calls.size(),
                services.settings().drainTimeout());
        if (calls.isEmpty()) {
            done.complete(0);
            return done;
        }
        threads.of(new CallId("drain")).after(services.settings().drainTimeout(), this::endAll);
        return done;
    }

    private void endAll() {
        int left = calls.size();
        endedByDrain = left;
        CompletableFuture<Integer> done = drained;
        calls.values().forEach(call -> threads.of(call.call().id())
                .execute(() -> call.end(HangupCause.DRAINING, EndedBy.US)));
        if (done != null) done.completeOnTimeout(left, 1, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        endAll();
        threads.close();
        services.sounds().close();
    }

    private final class Book implements ActiveCall.Book {
        @Override
        public void tell(CallEvent event) {
            if (event instanceof CallAnswered answered)
                countMinutes(answered.call().id());
            listeners.forEach(listener -> listener.onCallEvent(event));
        }

        @Override
        public void over(ActiveCall call, CallEnded ended) {
            CallDetailRecord detail = call.facts().detail(ended);
            calls.remove(call.call().id());
            release(call);
            Tenant talked = call.facts().stopsTalking();
            if (talked != null) limits.hungUp(talked);
            tell(ended);
            archives.forEach(archive -> archive.onCallDetail(detail));
            CompletableFuture<Integer> waiting = drained;
            if (waiting != null && calls.isEmpty()) waiting.complete(endedByDrain);
        }
    }
}

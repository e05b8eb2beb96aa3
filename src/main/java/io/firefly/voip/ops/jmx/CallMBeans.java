package io.firefly.voip.ops.jmx;

import io.firefly.voip.call.Call;
import io.firefly.voip.call.CallEvent;
import io.firefly.voip.call.CallEvent.CallOffered;
import io.firefly.voip.call.CallEventListener;
import io.firefly.voip.call.CallId;
import io.firefly.voip.callcontrol.CallController;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One MBean per call that is alive. Calls only leave word that something changed; a tenth of a second later the MBeans
 * are brought in step with the calls there are, so none is forgotten and a burst of calls costs one look.
 */
final class CallMBeans implements CallEventListener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CallMBeans.class);
    private static final long PAUSE_MILLIS = 100;

    private final Supplier<CallController> calls;
    private final MBeans mbeans;
    private final Sources sources;
    private final Audit audit;
    private final Clock clock;
    private final Set<CallId> shown = new HashSet<>();
    private final AtomicBoolean isLookDue = new AtomicBoolean();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "ops-jmx");
        made.setDaemon(true);
        return made;
    });

    /** @param calls asked for later: calls need their listeners first */
    CallMBeans(Supplier<CallController> calls, MBeans mbeans, Sources sources, Audit audit, Clock clock) {
        this.calls = calls;
        this.mbeans = mbeans;
        this.sources = sources;
        this.audit = audit;
        this.clock = clock;
    }

    Sources sources() {
        return sources;
    }

    @Override
    public void onCallEvent(CallEvent event) {
        if (event instanceof CallOffered offered) sources.offered(offered.call().source());
        if (!isLookDue.compareAndSet(false, true)) return;
        try {
            ScheduledFuture<?> unused = thread.schedule(this::look, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            log.debug("no MBean any more for call={}", event.call().id());
        }
    }

    private void look() {
        isLookDue.set(false);
        try {
            Set<CallId> alive = calls.get().calls().stream().map(Call::id).collect(Collectors.toSet());
            Set<CallId> gone = new HashSet<>(shown);
            gone.removeAll(alive);
            gone.forEach(this::hide);
            alive.removeAll(shown);
            alive.forEach(this::show);
        } catch (RuntimeException e) {
            log.warn("calls and their MBeans are not in step", e);
        }
    }

    private void show(CallId id) {
        LiveCall bean = new LiveCall(calls.get(), id, clock, audit);
        if (mbeans.register(name(id), bean, CallMXBean.class)) shown.add(id);
    }

    private void hide(CallId id) {
        mbeans.unregister(name(id));
        shown.remove(id);
    }

    private static String name(CallId id) {
        return "type=Call,name=" + id.value();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

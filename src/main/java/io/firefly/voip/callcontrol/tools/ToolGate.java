package io.firefly.voip.callcontrol.tools;

import io.firefly.voip.agent.ToolDesk;
import io.firefly.voip.tenant.Tenant;
import io.firefly.voip.tenant.directory.CallDirectory;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What the tools of all calls share: the routes behind them, the directory, the day's ledger. Any thread. */
public final class ToolGate {
    private final ToolDesk desk;
    private final CallDirectory directory;
    private final ToolPolicyProperties settings;
    private final DayLedger ledger;
    private final Clock clock;
    private final Set<Runnable> watchers = ConcurrentHashMap.newKeySet();
    private final LongAdder refused = new LongAdder();

    public ToolGate(ToolDesk desk, CallDirectory directory, ToolPolicyProperties settings, Clock clock) {
        this.desk = desk;
        this.directory = directory;
        this.settings = settings;
        this.ledger = new DayLedger(clock);
        this.clock = clock;
        var unused = desk.watch(this::changed);
        directory.watch(this::changed);
    }

    private void changed() {
        watchers.forEach(Runnable::run);
    }

    public ToolPolicyProperties settings() {
        return settings;
    }

    public CallDirectory directory() {
        return directory;
    }

    /** Tool calls that were not allowed. */
    public long refused() {
        return refused.sum();
    }

    /** Counts an attempt to connect somebody's caller with another; false when there may be no more of them today. */
    public boolean takesTransfer(@Nullable Tenant tenant) {
        int limit = directory.of(tenant == null ? null : tenant.id()).transfersPerDay();
        return ledger.take(tenant, DayLedger.TRANSFERS, 1, limit);
    }

    ToolDesk desk() {
        return desk;
    }

    DayLedger ledger() {
        return ledger;
    }

    Clock clock() {
        return clock;
    }

    void countRefusal() {
        refused.increment();
    }

    /** @param changed runs, on any thread, whenever a tool or the directory may have changed */
    void watch(Runnable changed) {
        watchers.add(changed);
    }

    void unwatch(Runnable changed) {
        watchers.remove(changed);
    }
}

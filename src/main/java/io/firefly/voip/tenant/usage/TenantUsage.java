package io.firefly.voip.tenant.usage;

import io.firefly.voip.tenant.Tenant;
import io.firefly.voip.tenant.usage.MinuteLedger.Entry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The accounts of all tenants that call. Any thread. */
public final class TenantUsage implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TenantUsage.class);

    /** What is said to one more call. */
    public enum Ruling {
        ADMITTED,
        TOO_MANY,
        TOO_FAST,
        OUT_OF_MINUTES
    }

    /** @param callsNow of this tenant, the admitted one included */
    public record Verdict(Ruling ruling, int callsNow) {}

    /** Who is told, on the thread that asks; must return at once. */
    interface Watcher {
        void appeared(String tenant);

        void refused(String tenant, Ruling ruling);
    }

    private static final Watcher NOBODY = new Watcher() {
        @Override
        public void appeared(String tenant) {}

        @Override
        public void refused(String tenant, Ruling ruling) {}
    };

    private final ConcurrentMap<String, Account> accounts = new ConcurrentHashMap<>();
    private final MinuteLedger ledger;
    private final Clock clock;
    private volatile Watcher watcher = NOBODY;
    private volatile @Nullable ScheduledExecutorService thread;
    private boolean ledgerAnswers = true;

    public TenantUsage(MinuteLedger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Remembers what was talked before the start, then settles again and again. */
    void start(Duration interval) {
        settle();
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread named = new Thread(task, "tenant-usage");
            named.setDaemon(true);
            return named;
        });
        thread = started;
        var unused = started.scheduleWithFixedDelay(
                this::settle, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    void watch(Watcher other) {
        watcher = other;
        tenants().forEach(other::appeared);
    }

    /** Counts one more call, unless a limit of the tenant forbids it. */
    public Verdict admit(Tenant tenant) {
        Verdict verdict = with(tenant, account -> {
            Ruling ruling = account.admit(tenant.limits(), clock.instant());
            return new Verdict(ruling, account.calls());
        });
        if (verdict.ruling() != Ruling.ADMITTED) watcher.refused(tenant.id(), verdict.ruling());
        return verdict;
    }

    /** An admitted call is over. */
    public void release(Tenant tenant) {
        with(tenant, account -> {
            account.release();
            return account;
        });
    }

    /** From now on a call of this tenant costs minutes, until {@link #hungUp}. */
    public void answered(Tenant tenant) {
        with(tenant, account -> {
            account.answered(clock.instant());
            return account;
        });
    }

    public void hungUp(Tenant tenant) {
        with(tenant, account -> {
            account.hungUp(clock.instant());
            return account;
        });
    }

    int callsOf(String tenant) {
        return ask(tenant, Account::calls, 0);
    }

    /** Of the tenant's day, running calls included. */
    public Duration talkedToday(String tenant) {
        return ask(
                tenant,
                account -> {
                    account.settle(clock.instant());
                    return Duration.ofMillis(account.talkedMillis());
                },
                Duration.ZERO);
    }

    Set<String> tenants() {
        return Set.copyOf(accounts.keySet());
    }

    private <R> R ask(String tenant, Function<Account, R> question, R otherwise) {
        List<R> answer = new ArrayList<>(1);
        accounts.computeIfPresent(tenant, (id, account) -> {
            answer.add(question.apply(account));
            return account;
        });
        return answer.isEmpty() ? otherwise : answer.get(0);
    }

    private <R> R with(Tenant tenant, Function<Account, R> work) {
        List<R> result = new ArrayList<>(1);
        accounts.compute(tenant.id(), (id, known) -> {
            Account account = known;
            if (account == null) {
                account = new Account(id, tenant.timeZone(), clock.instant());
                watcher.appeared(id);
            }
            account.zone(tenant.timeZone());
            result.add(work.apply(account));
            return account;
        });
        return result.get(0);
    }

    /** Adds up what is talked, writes it down, and learns what other nodes wrote. One thread at a time. */
    synchronized void settle() {
        Instant now = clock.instant();
        List<Entry> talked = new ArrayList<>();
        for (String tenant : accounts.keySet()) {
            accounts.computeIfPresent(tenant, (id, account) -> {
                account.settle(now);
                talked.addAll(account.unsaved());
                return account.isIdle() ? null : account;
            });
        }
        try {
            if (!talked.isEmpty()) ledger.add(talked);
            talked.forEach(entry -> change(entry, true));
            // A day begins 14 hours earlier in Kiribati.
            ledger.since(LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(1)).forEach(this::learn);
            if (!ledgerAnswers) LOG.info("the minutes of tenants are kept again");
            ledgerAnswers = true;
        } catch (RuntimeException e) {
            if (ledgerAnswers) LOG.warn("the minutes of tenants cannot be kept now, and will be: {}", e.toString());
            ledgerAnswers = false;
        }
    }

    private void learn(Entry entry) {
        accounts.computeIfAbsent(entry.tenant(), id -> {
            watcher.appeared(id);
            return new Account(id, ZoneOffset.UTC, clock.instant());
        });
        change(entry, false);
    }

    private void change(Entry entry, boolean saved) {
        accounts.computeIfPresent(entry.tenant(), (id, account) -> {
            if (saved) account.saved(entry);
            else account.known(entry);
            return account;
        });
    }

    /** Writes down what is left. */
    @Override
    public void close() {
        ScheduledExecutorService running = thread;
        if (running == null || running.isShutdown()) return;
        running.shutdownNow();
        settle();
    }
}

package io.firefly.voip.callcontrol.tools;

import io.firefly.voip.tenant.Tenant;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the tenants have used of their tools since their midnight. In memory: a restart begins a new day. Any thread.
 */
final class DayLedger {
    // No names of tools, which are letters, digits, _ and -.
    static final String RUNS = "*";
    static final String SPEND = "$";
    static final String TRANSFERS = ">";

    private static final int MAX_ACCOUNTS = 100_000;

    private final Clock clock;
    private final Map<String, Account> accounts = new HashMap<>();

    DayLedger(Clock clock) {
        this.clock = clock;
    }

    /**
     * Counts something when there is room for it.
     *
     * @param tenant null for a call that is nobody's: all of these share an account
     * @param limit 0: none
     * @return false when the limit would be passed; nothing is counted then
     */
    synchronized boolean take(@Nullable Tenant tenant, String what, int amount, int limit) {
        Account account = account(tenant, what);
        if (limit > 0 && account.used + amount > limit) return false;
        account.used += amount;
        return true;
    }

    /** What was taken for something that did not happen. */
    synchronized void giveBack(@Nullable Tenant tenant, String what, int amount) {
        Account account = account(tenant, what);
        account.used = Math.max(0, account.used - amount);
    }

    private Account account(@Nullable Tenant tenant, String what) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), tenant == null ? ZoneOffset.UTC : tenant.timeZone());
        // Whoever has this many tools and tenants restarts the day rather than fill the memory.
        if (accounts.size() > MAX_ACCOUNTS) accounts.clear();
        String key = (tenant == null ? "" : tenant.id()) + '\n' + what;
        Account account = accounts.computeIfAbsent(key, k -> new Account());
        if (!today.equals(account.day)) {
            account.day = today;
            account.used = 0;
        }
        return account;
    }

    private static final class Account {
        private @Nullable LocalDate day;
        private long used;
    }
}

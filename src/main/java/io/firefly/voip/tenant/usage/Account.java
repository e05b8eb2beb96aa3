package io.firefly.voip.tenant.usage;

import io.firefly.voip.tenant.Tenant.Limits;
import io.firefly.voip.tenant.usage.MinuteLedger.Entry;
import io.firefly.voip.tenant.usage.TenantUsage.Ruling;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one tenant uses. Whoever touches it holds its place in the map of {@link TenantUsage}. */
final class Account {
    private final String tenant;
    private ZoneId zone;

    private int calls;
    private double tokens = Double.MAX_VALUE;
    private long refilledAt;

    private int talking;
    /** Times at which the running talks were settled last, added up: their sum is all that is needed. */
    private long sinceMillis;

    private LocalDate day;
    /** What was talked, of all nodes, as the ledger knows it; and what of ours it does not know yet. */
    private final Map<LocalDate, Long> kept = new TreeMap<>();

    private final Map<LocalDate, Long> unsaved = new TreeMap<>();

    Account(String tenant, ZoneId zone, Instant now) {
        this.tenant = tenant;
        this.zone = zone;
        this.day = LocalDate.ofInstant(now, zone);
        this.refilledAt = now.toEpochMilli();
    }

    Ruling admit(Limits limits, Instant now) {
        settle(now);
        if (!withinRate(limits.callsPerSecond(), now.toEpochMilli())) return Ruling.TOO_FAST;
        if (limits.minutesPerDay() > 0 && talkedMillis() >= limits.minutesPerDay() * 60_000L) {
            return Ruling.OUT_OF_MINUTES;
        }
        if (calls >= limits.concurrentCalls()) return Ruling.TOO_MANY;
        calls++;
        return Ruling.ADMITTED;
    }

    /** A bucket that holds the calls of one second. */
    private boolean withinRate(int perSecond, long now) {
        double refilled = tokens + Math.max(0, now - refilledAt) * perSecond / 1000.0;
        refilledAt = now;
        tokens = Math.min(perSecond, refilled);
        if (perSecond == 0) return true;
        if (tokens < 1) return false;
        tokens--;
        return true;
    }

    void release() {
        if (calls > 0) calls--;
    }

    void answered(Instant now) {
        settle(now);
        talking++;
        sinceMillis += now.toEpochMilli();
    }

    void hungUp(Instant now) {
        settle(now);
        if (talking == 0) return;
        talking--;
        sinceMillis -= now.toEpochMilli();
    }

    /** The tenant may have moved. */
    void zone(ZoneId current) {
        zone = current;
    }

    /** Adds up what the running calls have talked; at midnight a new day begins. */
    void settle(Instant now) {
        long elapsed = talking * now.toEpochMilli() - sinceMillis;
        sinceMillis += elapsed;
        if (elapsed > 0) unsaved.merge(day, elapsed, Long::sum);
        day = LocalDate.ofInstant(now, zone);
        LocalDate yesterday = day.minusDays(1);
        kept.keySet().removeIf(date -> date.isBefore(yesterday));
    }

    /** The ledger has it. */
    void saved(Entry entry) {
        unsaved.computeIfPresent(
                entry.day(), (date, millis) -> millis > entry.talkMillis() ? millis - entry.talkMillis() : null);
        kept.merge(entry.day(), entry.talkMillis(), Long::sum);
    }

    void known(Entry entry) {
        kept.put(entry.day(), entry.talkMillis());
    }

    /** Whether nothing would be forgotten with it. */
    boolean isIdle() {
        return calls == 0 && talking == 0 && unsaved.isEmpty() && kept.isEmpty();
    }

    int calls() {
        return calls;
    }

    /** Of this day and of all nodes, up to the last settlement. */
    long talkedMillis() {
        return kept.getOrDefault(day, 0L) + unsaved.getOrDefault(day, 0L);
    }

    List<Entry> unsaved() {
        List<Entry> entries = new ArrayList<>();
        unsaved.forEach((date, millis) -> entries.add(new Entry(tenant, date, millis)));
        return entries;
    }
}

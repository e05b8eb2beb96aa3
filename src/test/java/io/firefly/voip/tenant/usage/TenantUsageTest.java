package io.firefly.voip.tenant.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.tenant.Tenant;
import io.firefly.voip.tenant.usage.MinuteLedger.Entry;
import io.firefly.voip.tenant.usage.TenantUsage.Ruling;
import io.firefly.voip.tenant.usage.TenantUsage.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TenantUsageTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final HandClock clock = new HandClock();
    private final Ledger ledger = new Ledger();
    private final TenantUsage usage = new TenantUsage(ledger, clock);

    @Test
    void theNextCallIsRefusedUntilOneEnds() {
        Tenant two = tenant(2, 0, 0);

        assertThat(usage.admit(two)).isEqualTo(new Verdict(Ruling.ADMITTED, 1));
        assertThat(usage.admit(two)).isEqualTo(new Verdict(Ruling.ADMITTED, 2));
        assertThat(usage.admit(two)).isEqualTo(new Verdict(Ruling.TOO_MANY, 2));
        usage.release(two);
        assertThat(usage.admit(two)).isEqualTo(new Verdict(Ruling.ADMITTED, 2));
    }

    @Test
    void aReloadChangesTheLimitAndNotWhatIsUsed() {
        usage.admit(tenant(2, 0, 0));
        usage.admit(tenant(2, 0, 0));

        assertThat(usage.admit(tenant(2, 0, 0)).ruling()).isEqualTo(Ruling.TOO_MANY);
        assertThat(usage.admit(tenant(3, 0, 0))).isEqualTo(new Verdict(Ruling.ADMITTED, 3));
        assertThat(usage.admit(tenant(1, 0, 0)).ruling()).isEqualTo(Ruling.TOO_MANY);
    }

    @Test
    void asManyNewCallsAsOneSecondAllowsComeAtOnce() {
        Tenant three = tenant(100, 3, 0);

        for (int i = 0; i < 3; i++) assertThat(usage.admit(three).ruling()).isEqualTo(Ruling.ADMITTED);
        assertThat(usage.admit(three).ruling()).isEqualTo(Ruling.TOO_FAST);
        clock.pass(Duration.ofMillis(333));
        assertThat(usage.admit(three).ruling()).isEqualTo(Ruling.TOO_FAST);
        clock.pass(Duration.ofMillis(1));
        assertThat(usage.admit(three).ruling()).isEqualTo(Ruling.ADMITTED);
        assertThat(usage.admit(three).ruling()).isEqualTo(Ruling.TOO_FAST);
        clock.pass(Duration.ofHours(1));
        for (int i = 0; i < 3; i++) assertThat(usage.admit(three).ruling()).isEqualTo(Ruling.ADMITTED);
        assertThat(usage.admit(three).ruling()).isEqualTo(Ruling.TOO_FAST);
    }

    @Test
    void aClockThatIsSetBackStopsNobody() {
        Tenant one = tenant(100, 1, 0);
        usage.admit(one);
        clock.pass(Duration.ofHours(-1));

        assertThat(usage.admit(one).ruling()).isEqualTo(Ruling.TOO_FAST);
        clock.pass(Duration.ofSeconds(1));
        assertThat(usage.admit(one).ruling()).isEqualTo(Ruling.ADMITTED);
    }

    @Test
    void runningCallsUseUpTheDay() {
        Tenant ten = tenant(100, 0, 10);
        usage.admit(ten);
        usage.answered(ten);
        usage.answered(ten);

        clock.pass(Duration.ofMinutes(4));
        assertThat(usage.talkedToday("t")).isEqualTo(Duration.ofMinutes(8));
        usage.hungUp(ten);
        clock.pass(Duration.ofSeconds(119));
        assertThat(usage.admit(ten).ruling()).isEqualTo(Ruling.ADMITTED);
        clock.pass(Duration.ofSeconds(1));
        assertThat(usage.admit(ten).ruling()).isEqualTo(Ruling.OUT_OF_MINUTES);
    }

    @Test
    void theDayEndsAtTheTenantsMidnight() {
        Tenant ten = tenant(100, 0, 10);
        usage.answered(ten);
        clock.pass(Duration.ofMinutes(10));
        usage.hungUp(ten);
        assertThat(usage.admit(ten).ruling()).isEqualTo(Ruling.OUT_OF_MINUTES);

        // 23:00 in UTC is midnight in Berlin.
        clock.now = Instant.parse("2026-11-21T22:59:59Z");
        assertThat(usage.admit(ten).ruling()).isEqualTo(Ruling.OUT_OF_MINUTES);
        clock.now = Instant.parse("2026-11-21T23:00:00Z");
        assertThat(usage.admit(ten).ruling()).isEqualTo(Ruling.ADMITTED);
    }

    @Test
    void aRestartDoesNotGiveTheMinutesBack() {
        Tenant ten = tenant(100, 0, 10);
        usage.answered(ten);
        clock.pass(Duration.ofMinutes(9));
        // Killed in the middle of a call: what was settled is kept.
        usage.settle();

        TenantUsage restarted = new TenantUsage(ledger, clock);
        restarted.settle();

        assertThat(restarted.admit(ten).ruling()).isEqualTo(Ruling.ADMITTED);
        restarted.answered(ten);
        clock.pass(Duration.ofMinutes(1));
        assertThat(restarted.admit(ten).ruling()).isEqualTo(Ruling.OUT_OF_MINUTES);
        restarted.settle();
        assertThat(ledger.kept).containsExactly(Map.entry("t 2026-11-21", 600_000L));
    }

    @Test
    void aRestartRemembersTheDayOfATenantFarAway() {
        clock.now = Instant.parse("2026-11-21T12:00:00Z");
        Tenant far = new Tenant(
                "far", "echo", null, "none", limits(9, 0, 10), false, 0, ZoneId.of("Pacific/Auckland"), null, true);
        usage.answered(far);
        clock.pass(Duration.ofMinutes(10));
        usage.settle();

        TenantUsage restarted = new TenantUsage(ledger, clock);
        restarted.settle();

        assertThat(ledger.kept).containsOnlyKeys("far 2026-11-22");
        assertThat(restarted.admit(far).ruling()).isEqualTo(Ruling.OUT_OF_MINUTES);
    }

    @Test
    void nodesOnOneLedgerSeeEachOthersMinutes() {
        Tenant ten = tenant(100, 0, 10);
        TenantUsage other = new TenantUsage(ledger, clock);
        usage.answered(ten);
        other.answered(ten);
        clock.pass(Duration.ofMinutes(5));
        usage.settle();
        other.settle();
        usage.settle();

        assertThat(usage.talkedToday("t")).isEqualTo(Duration.ofMinutes(10));
        assertThat(other.admit(ten).ruling()).isEqualTo(Ruling.OUT_OF_MINUTES);
        assertThat(ledger.kept).containsExactly(Map.entry("t 2026-11-21", 600_000L));
    }

    @Test
    void aLedgerThatDoesNotAnswerLosesNothing() {
        Tenant ten = tenant(100, 0, 10);
        usage.answered(ten);
        ledger.broken = true;
        clock.pass(Duration.ofMinutes(3));
        usage.settle();
        clock.pass(Duration.ofMinutes(3));
        usage.settle();
        assertThat(usage.talkedToday("t")).isEqualTo(Duration.ofMinutes(6));
        ledger.broken = false;

        usage.settle();

        assertThat(ledger.kept).containsExactly(Map.entry("t 2026-11-21", 360_000L));
        assertThat(usage.talkedToday("t")).isEqualTo(Duration.ofMinutes(6));
    }

    @Test
    void whoDoesNotCallAnyMoreIsForgotten() {
        Tenant any = tenant(9, 1, 0);
        usage.admit(any);
        usage.settle();
        assertThat(usage.tenants()).containsExactly("t");
        usage.release(any);
        usage.settle();

        assertThat(usage.tenants()).isEmpty();
    }

    private static Tenant tenant(int calls, int perSecond, int minutes) {
        return new Tenant(
                "t",
                "echo",
                null,
                "none",
                limits(calls, perSecond, minutes),
                false,
                0,
                ZoneId.of("Europe/Berlin"),
                null,
                true);
    }

    private static Tenant.Limits limits(int calls, int perSecond, int minutes) {
        return new Tenant.Limits(calls, perSecond, minutes, Duration.ofHours(1));
    }

    private static final class Ledger implements MinuteLedger {
        final Map<String, Long> kept = new TreeMap<>();
        boolean broken;

        @Override
        public void add(List<Entry> talked) {
            if (broken) throw new IllegalStateException("the database is down");
            talked.forEach(entry -> kept.merge(entry.tenant() + " " + entry.day(), entry.talkMillis(), Long::sum));
        }

        @Override
        public List<Entry> since(LocalDate day) {
            List<Entry> entries = new ArrayList<>();
            kept.forEach((key, millis) -> {
                int space = key.indexOf(' ');
                entries.add(new Entry(key.substring(0, space), LocalDate.parse(key.substring(space + 1)), millis));
            });
            return entries;
        }
    }

    private static final class HandClock extends Clock {
        Instant now = NOON;

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}

package io.firefly.voip.tenant;

import io.firefly.voip.tenant.plan.OpeningHours;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Who owns a number and what they may do. Routes read the components by their names: {@code ${variable.tenant.agent}}.
 *
 * @param callflow which route serves the call: {@code direct:callflow-<callflow>}
 * @param closedCallflow the one that serves it outside of the hours; null: the same
 * @param agent the named agent its chat flow connects
 * @param record whether its calls are recorded
 * @param retentionDays how long its recordings are kept; 0: until somebody deletes them
 * @param timeZone where its day begins, for minutes per day
 * @param hours when somebody is there; null: always
 * @param openNow whether somebody was there when the call came
 */
public record Tenant(
        String id,
        String callflow,
        @Nullable String closedCallflow,
        String agent,
        Limits limits,
        boolean record,
        int retentionDays,
        ZoneId timeZone,
        @Nullable OpeningHours hours,
        boolean openNow) {

    private static final ZoneId UTC = ZoneId.of("UTC");

    /** Always open, in UTC, with recordings kept until somebody deletes them. */
    public Tenant(String id, String callflow, String agent, Limits limits, boolean record) {
        this(id, callflow, null, agent, limits, record, 0, UTC, null, true);
    }

    /** The flow that serves a call now: {@link #callflow}, or {@link #closedCallflow} while closed. */
    public String flowNow() {
        return openNow || closedCallflow == null ? callflow : closedCallflow;
    }

    /** This tenant as a call at that time finds it. */
    Tenant at(Instant time) {
        boolean open = hours == null || hours.isOpenAt(time);
        if (open == openNow) return this;
        return new Tenant(id, callflow, closedCallflow, agent, limits, record, retentionDays, timeZone, hours, open);
    }

    /**
     * What a tenant may use.
     *
     * @param concurrentCalls calls at the same time
     * @param callsPerSecond new calls, on average and at once; 0: any
     * @param minutesPerDay of answered calls; 0: any
     * @param maxCallLength after this a call is ended
     */
    public record Limits(int concurrentCalls, int callsPerSecond, int minutesPerDay, Duration maxCallLength) {
        public Limits {
            if (concurrentCalls < 1) throw new IllegalArgumentException("concurrent-calls must be at least 1");
            if (callsPerSecond < 0) throw new IllegalArgumentException("calls-per-second must be at least 1");
            if (minutesPerDay < 0) throw new IllegalArgumentException("minutes-per-day must be at least 1");
            if (maxCallLength.isNegative() || maxCallLength.isZero()) {
                throw new IllegalArgumentException("max-call-length must be longer than 0");
            }
        }

        /** Any number of calls per second and minutes per day. */
        public Limits(int concurrentCalls, Duration maxCallLength) {
            this(concurrentCalls, 0, 0, maxCallLength);
        }
    }
}

package io.firefly.voip.tenant;

import java.time.Duration;

/**
 * Who owns a number and what they may do. Routes read the components by their names: {@code ${variable.tenant.agent}}.
 *
 * @param callflow which route serves the call: {@code direct:callflow-<callflow>}
 * @param agent the named agent its chat flow connects
 * @param record whether its calls are recorded
 */
public record Tenant(String id, String callflow, String agent, Limits limits, boolean record) {
    /**
     * What a tenant may use.
     *
     * @param concurrentCalls calls at the same time
     * @param maxCallLength after this a call is ended
     */
    public record Limits(int concurrentCalls, Duration maxCallLength) {
        public Limits {
            if (concurrentCalls < 1) throw new IllegalArgumentException("concurrent-calls must be at least 1");
            if (maxCallLength.isNegative() || maxCallLength.isZero()) {
                throw new IllegalArgumentException("max-call-length must be longer than 0");
            }
        }
    }
}

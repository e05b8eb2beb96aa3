package io.firefly.voip.sip.dial;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long what may take.
 *
 * @param t1 first repetition of a 200 without ACK (RFC 3261 17.1.1.1)
 * @param t2 the longest pause between two
 * @param limit 64*T1: for a final response behind a CANCEL, an ACK, the last copy of a 200
 * @param reofferLimit for who decides about a re-offer of the far end
 * @param glareMin after a 491, as the one who made the Call-ID (RFC 3261 14.1)
 */
public record Timers(
        Duration t1, Duration t2, Duration limit, Duration reofferLimit, Duration glareMin, Duration glareMax) {

    Duration glare() {
        long steps = Math.max(1, glareMax.minus(glareMin).toMillis() / 10);
        return glareMin.plusMillis(10 * ThreadLocalRandom.current().nextLong(steps));
    }

    Duration next(Duration interval) {
        Duration doubled = interval.multipliedBy(2);
        return doubled.compareTo(t2) > 0 ? t2 : doubled;
    }
}

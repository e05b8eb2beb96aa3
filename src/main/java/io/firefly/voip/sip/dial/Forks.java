package io.firefly.voip.sip.dial;

import io.firefly.voip.call.HangupCause;
import java.util.HashMap;
import java.util.Map;

/**
 * Who answered an INVITE of ours although nobody waits for them: a 200 that crossed our CANCEL, or a second one who took
 * the call. They hear ACK and BYE (RFC 3261 9.1, 13.2.2.4). Thread of the leg.
 */
final class Forks {
    private static final int MAX = 8;

    private record Fork(FarEnd far, String ack) {}

    private final OutgoingLeg leg;
    private final Map<String, Fork> known = new HashMap<>();

    Forks(OutgoingLeg leg) {
        this.leg = leg;
    }

    /** @param gone when the BYE was answered, or given up */
    void hangUp(FarEnd called, Answer ok, Runnable gone) {
        Fork before = known.get(ok.tag());
        if (before != null) {
            leg.line().sendAck(before.ack(), before.far().peer(), before.far().otherwise(), () -> {});
            return;
        }
        FarEnd other = called.fork(ok);
        Fork fork = new Fork(other, other.ack(ok.cseq(), null));
        if (known.size() < MAX) known.put(ok.tag(), fork);
        String bye = other.bye(Reasons.of(HangupCause.CANCELLED));
        Runnable hangUp = () -> leg.send(other, bye, status -> gone.run());
        leg.line().sendAck(fork.ack(), other.peer(), other.otherwise(), () -> leg.run(hangUp));
    }
}

package io.firefly.voip.sip.dial;

import io.firefly.voip.call.DialedLeg;
import io.firefly.voip.call.LegDialer;
import io.firefly.voip.sip.header.Tokens;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The legs that we called, by Call-ID and our tag. A leg that is over is remembered for another 64*T1: a late 200 of a
 * fork must hear ACK and BYE (RFC 3261 13.2.2.4). Any thread.
 */
public final class DialedLegs implements LegDialer {
    private static final int MAX_KNOWN = 20_000;
    /** Responses of one far end that wait for their turn; a final one is repeated. */
    private static final int MAX_UNHEARD = 100;

    private final Line line;
    private final Timers timers;
    private final Map<String, OutgoingLeg> known = new ConcurrentHashMap<>();
    private final Map<String, OutgoingLeg> byCallId = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();

    public DialedLegs(Line line, Timers timers) {
        this.line = line;
        this.timers = timers;
    }

    @Override
    public DialedLeg dial(Invitation invitation, DialedLeg.Listener listener) {
        String callId = invitation.callId();
        if (callId.isEmpty() || callId.chars().anyMatch(c -> c <= ' ' || c == 127))
            throw new IllegalArgumentException("not a Call-ID: '" + callId.replaceAll("\\p{Cntrl}", "?") + "'");
        OutgoingLeg leg = new OutgoingLeg(this, new OutgoingLeg.Order(invitation, Tokens.newTag(), listener));
        if (byCallId.putIfAbsent(callId, leg) != null)
            throw new IllegalArgumentException("Call-ID " + callId + " is in use");
        boolean full = known.size() >= MAX_KNOWN;
        known.put(leg.key(), leg);
        open.incrementAndGet();
        line.execute(callId, () -> leg.begin(full));
        return leg;
    }

    @Override
    public int openLegs() {
        return open.get();
    }

    /** Legs that are over for less than 64*T1 included. */
    public int knownLegs() {
        return known.size();
    }

    /** True when one of ours has that Call-ID and tag: a message that names both comes from somebody we called. */
    public boolean isOurs(String callId, @Nullable String ourTag) {
        return ourTag != null && known.containsKey(key(callId, ourTag));
    }

    /** A response to an INVITE, with or without a transaction. */
    public void answered(String callId, String ourTag, Answer answer) {
        OutgoingLeg leg = known.get(key(callId, ourTag));
        if (leg == null || leg.unheard().incrementAndGet() > MAX_UNHEARD) return;
        line.execute(callId, () -> {
            leg.unheard().set(0);
            leg.answered(answer);
        });
    }

    /**
     * A request in a dialog, ACK and CANCEL too. Thread of the Call-ID.
     *
     * @return false when it is in none of ours
     */
    public boolean asked(String callId, String ourTag, Asked request) {
        OutgoingLeg leg = known.get(key(callId, ourTag));
        if (leg != null) leg.asked(request);
        return leg != null;
    }

    /** Forgets all, and says nothing: ending them first is up to their owner. */
    public void clear() {
        known.clear();
        byCallId.clear();
        open.set(0);
    }

    Line line() {
        return line;
    }

    Timers timers() {
        return timers;
    }

    /** @param lingers when a 200 may still come */
    void over(OutgoingLeg leg, boolean lingers) {
        open.updateAndGet(count -> Math.max(0, count - 1));
        if (!lingers) {
            forget(leg);
            return;
        }
        Future<?> unused = line.later(leg.callId(), timers.limit(), () -> forget(leg));
    }

    private void forget(OutgoingLeg leg) {
        known.remove(leg.key(), leg);
        byCallId.remove(leg.callId(), leg);
    }

    static String key(String callId, String ourTag) {
        return callId + '\n' + ourTag;
    }
}

package io.firefly.voip.camel.freeswitch.board;

import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.call.Parties;
import io.firefly.voip.call.Party;
import io.firefly.voip.call.Source;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A call that FreeSWITCH handed to us, as routes see it.
 *
 * @param parties identities and diversions are among them when the source may assert them
 * @param node of which FreeSWITCH
 * @param headers lower-case SIP header to values; nothing that is not on the allow-list
 * @param sdpOffer of the caller; empty when FreeSWITCH does not tell
 */
public record HandedCall(
        CallId id,
        String uuid,
        String node,
        Parties parties,
        Source source,
        Map<String, List<String>> headers,
        String sdpOffer,
        String sipCallId,
        Offered offered) {

    /** Makes a call of it, once. */
    static final class Offered {
        private final SocketLeg leg;
        private final AtomicBoolean done = new AtomicBoolean();

        Offered(SocketLeg leg) {
            this.leg = leg;
        }

        boolean isDone() {
            return done.get();
        }

        private void end(HangupCause cause) {
            leg.end(cause);
        }

        private SocketLeg take() {
            if (!done.compareAndSet(false, true)) throw new IllegalStateException("the call was offered already");
            return leg;
        }
    }

    /** @throws IllegalStateException when it became a call already */
    public IncomingCall toIncomingCall() {
        return new IncomingCall(id, parties, source, sdpOffer, sipCallId, offered.take());
    }

    /** Without making a call of it. */
    public void end(HangupCause cause) {
        offered.end(cause);
    }

    /** Camel looks bodies up in its caches with every expression. */
    @Override
    public int hashCode() {
        return uuid.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    // The bean properties that expressions in routes use, beside the accessors above, as those of sip.SipRequest.

    public boolean isOffered() {
        return offered.isDone();
    }

    public boolean isTrusted() {
        return source.trusted();
    }

    public Party from() {
        return parties.caller();
    }

    public Party to() {
        return parties.to();
    }

    public String getCalledUser() {
        return parties.called().user();
    }

    public String getCallerUser() {
        return parties.caller().user();
    }

    /** Without the numbers of people. */
    @Override
    public String toString() {
        return "call " + id + " of channel " + uuid + " at " + node;
    }
}

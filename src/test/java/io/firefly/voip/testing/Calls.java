package io.firefly.voip.testing;

import io.firefly.voip.call.Call;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.CallLeg;
import io.firefly.voip.call.CallLegListener;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.call.Parties;
import io.firefly.voip.call.Party;
import io.firefly.voip.call.Source;
import io.firefly.voip.cdr.CallDetailRecord;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;

/** Calls for tests. */
public final class Calls {
    private Calls() {}

    public static Call to(String user) {
        return new Call(incoming(user), Instant.EPOCH);
    }

    public static IncomingCall incoming(String user) {
        Party caller = party("+15550100");
        Party called = party(user);
        Parties parties = new Parties(caller, called, called, null, List.of(), List.of());
        Source trunk = new Source("udp", new InetSocketAddress(InetAddress.getLoopbackAddress(), 5060), null, true);
        return new IncomingCall(CallId.next(), parties, trunk, null, "network-call-id", new SilentLeg());
    }

    private static Party party(String user) {
        return new Party(user, "example.com", "sip:" + user + "@example.com", null);
    }

    /** The record of a call that was never answered. */
    public static CallDetailRecord detail(String callId) {
        Instant at = Instant.EPOCH;
        return new CallDetailRecord(
                callId,
                "n",
                "+15550100",
                "echo",
                null,
                null,
                "t",
                "echo",
                null,
                null,
                at,
                null,
                at,
                0,
                0,
                "normal",
                "us",
                null,
                null);
    }

    private record SilentLeg() implements CallLeg {
        @Override
        public void listen(CallLegListener listener) {}

        @Override
        public void ring() {}

        @Override
        public void answer(String sdp) {}

        @Override
        public void end(HangupCause cause) {}
    }
}

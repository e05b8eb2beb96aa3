package io.firefly.voip.recording;

import io.firefly.voip.call.Call;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.CallLeg;
import io.firefly.voip.call.CallLegListener;
import io.firefly.voip.call.Diversion;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.call.Parties;
import io.firefly.voip.call.Party;
import io.firefly.voip.call.Source;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;

/** A call to record: nobody is behind its leg. */
final class SomeCall {
    static final Instant START = Instant.parse("2026-03-04T05:06:07Z");

    private SomeCall() {}

    static Call named(String id) {
        Party caller = party("+15550100");
        Parties parties = new Parties(
                caller,
                party("4711"),
                party("4711"),
                null,
                List.of(new Diversion(party("+15550199"), "no-answer", 1, false)),
                List.of());
        Source source =
                new Source("udp", new InetSocketAddress(InetAddress.getLoopbackAddress(), 5060), "linphone", false);
        return new Call(new IncomingCall(new CallId(id), parties, source, null, "net-" + id, new NoLeg()), START);
    }

    private static Party party(String user) {
        return new Party(user, "example.com", "sip:" + user + "@example.com", null);
    }

    private static final class NoLeg implements CallLeg {
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

package io.firefly.voip.tenant.sql;

import io.firefly.voip.call.Call;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.Diversion;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.call.Parties;
import io.firefly.voip.call.Party;
import io.firefly.voip.call.Source;
import io.firefly.voip.testing.Calls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Calls from 127.0.0.1. */
final class CallsOf {
    private CallsOf() {}

    static Call trusted(String dialled, String... diversions) {
        List<Diversion> newestFirst = Arrays.stream(diversions)
                .map(number -> new Diversion(party(number), null, 1, false))
                .toList();
        Parties parties = new Parties(party("+49170"), party(dialled), party(dialled), null, newestFirst, List.of());
        Source source = new Source("udp", new InetSocketAddress(InetAddress.getLoopbackAddress(), 5060), null, true);
        IncomingCall offered = new IncomingCall(
                CallId.next(), parties, source, null, "x", Calls.incoming("x").leg());
        return new Call(offered, Instant.EPOCH);
    }

    private static Party party(String user) {
        return new Party(user, "h", "sip:" + user + "@h", null);
    }
}

package io.firefly.voip.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.testing.RecordedLeg;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallTest {
    @ParameterizedTest
    @CsvSource({
        "true,  ,         ,       +49110, +49110",
        "true,  ,         +49301, +49110, +49301",
        "false, linphone, ,       +49110, linphone",
        "false, linphone, ,       linphone, linphone",
    })
    void whoCallsIsWhoIsKnownToCall(
            boolean trusted, @Nullable String subscriber, @Nullable String asserted, String from, String expected) {
        Party called = party("echo");
        Parties parties = new Parties(
                party(from), called, called, asserted == null ? null : party(asserted), List.of(), List.of());
        Source source =
                new Source("udp", new InetSocketAddress(InetAddress.getLoopbackAddress(), 5060), subscriber, trusted);

        Call call = new Call(
                new IncomingCall(CallId.next(), parties, source, null, "id@test", new RecordedLeg()), Instant.EPOCH);

        assertThat(call.getCallerNumber()).isEqualTo(expected);
    }

    private static Party party(String user) {
        return new Party(user, "example.test", "sip:" + user + "@example.test", null);
    }
}

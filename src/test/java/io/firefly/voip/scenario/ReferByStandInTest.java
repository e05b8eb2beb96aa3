package io.firefly.voip.scenario;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.firefly.voip.freeswitch.Engine;
import io.firefly.voip.freeswitch.FreeSwitchStandIn;
import io.firefly.voip.freeswitch.HandingOver;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Topology C: the telephone calls FreeSWITCH, which says REFER for us, and BYE with every final NOTIFY. */
class ReferByStandInTest extends ReferTest {
    final int port = HandingOver.freePort();
    private FreeSwitchStandIn standIn;

    @Override
    Engine engine() throws Exception {
        standIn = FreeSwitchStandIn.start();
        standIn.trunkLeadsTo("127.0.0.1:" + port);
        return standIn;
    }

    @Override
    List<String> settings() {
        return HandingOver.at(port);
    }

    @Override
    int calledPort() {
        return standIn.sipPort();
    }

    @Override
    Stream<Arguments> telephones() {
        return Stream.of(
                arguments("uac-referred-expect-bye", "u1", KNOWN, "desk"),
                arguments("uac-refer-without-subscription-stays", "u1", KNOWN, null),
                arguments("uac-refer-declined-stays", "u1", KNOWN, null),
                arguments("uac-refer-busy-expect-bye", "u1", KNOWN, null),
                arguments("uac-refer-without-notify-stays", "u1", KNOWN, null),
                arguments("uac-bye-while-referred-expect-200", "u1", KNOWN, "desk"),
                arguments("uac-refer-challenged-twice-stays", "u1", KNOWN, null));
    }
}

package io.firefly.voip.scenario;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.firefly.voip.freeswitch.Engine;
import io.firefly.voip.freeswitch.FreeSwitchUnderTest;
import io.firefly.voip.freeswitch.HandingOver;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.Arguments;

/** Topology C with a real FreeSWITCH of our own configuration. */
@Tag("freeswitch")
class ReferByFreeSwitchTest extends ReferByStandInTest {
    private FreeSwitchUnderTest real;

    @Override
    Engine engine() throws Exception {
        real = HandingOver.freeSwitch(port);
        return real;
    }

    @Override
    int calledPort() {
        return real.trunkPort();
    }

    @Override
    Stream<Arguments> telephones() {
        return Stream.concat(super.telephones(), Stream.of(arguments("uac-referred-expect-bye", "t1", KNOWN, "desk")));
    }
}

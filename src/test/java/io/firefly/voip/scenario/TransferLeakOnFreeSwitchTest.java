package io.firefly.voip.scenario;

import io.firefly.voip.freeswitch.Engine;
import io.firefly.voip.freeswitch.FreeSwitchUnderTest;
import org.junit.jupiter.api.Tag;

/** The same calls, the media with a real FreeSWITCH. */
@Tag("freeswitch")
class TransferLeakOnFreeSwitchTest extends TransferLeakTest {
    @Override
    Engine engine() {
        return FreeSwitchUnderTest.needed();
    }
}

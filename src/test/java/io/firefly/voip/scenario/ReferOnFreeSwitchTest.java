package io.firefly.voip.scenario;

import io.firefly.voip.freeswitch.Engine;
import io.firefly.voip.freeswitch.FreeSwitchUnderTest;
import org.junit.jupiter.api.Tag;

/** The same callers, the media with a real FreeSWITCH (topology B). */
@Tag("freeswitch")
class ReferOnFreeSwitchTest extends ReferTest {
    @Override
    Engine engine() {
        return FreeSwitchUnderTest.needed();
    }
}

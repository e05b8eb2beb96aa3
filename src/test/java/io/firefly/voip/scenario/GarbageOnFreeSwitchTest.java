package io.firefly.voip.scenario;

import io.firefly.voip.freeswitch.Engine;
import io.firefly.voip.freeswitch.FreeSwitchUnderTest;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same calls, the media with a real FreeSWITCH. */
@Tag("freeswitch")
class GarbageOnFreeSwitchTest extends GarbageTest {
    @Override
    Engine engine() {
        return FreeSwitchUnderTest.needed();
    }

    @Override
    @Test
    @Disabled("FreeSWITCH plays what anybody sends to its RTP ports; a firewall has to keep strangers away")
    void rubbishAtTheRtpPortDoesNotTouchTheCall() {}
}

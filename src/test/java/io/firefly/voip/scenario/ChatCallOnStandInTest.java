package io.firefly.voip.scenario;

import io.firefly.voip.freeswitch.Engine;
import io.firefly.voip.freeswitch.FreeSwitchStandIn;

/** The same calls, the media with the stand-in for FreeSWITCH. */
class ChatCallOnStandInTest extends ChatCallTest {
    @Override
    Engine engine() {
        return FreeSwitchStandIn.start();
    }
}

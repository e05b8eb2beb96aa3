package io.firefly.voip.scenario;

import io.firefly.voip.freeswitch.Engine;
import io.firefly.voip.freeswitch.FreeSwitchUnderTest;
import io.firefly.voip.freeswitch.HandingOver;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The same with a real FreeSWITCH: its own SIP or ours, its sound by a second leg or by mod_audio_fork. */
@Tag("freeswitch")
class BridgedTransferOnFreeSwitchTest {
    @Nested
    class ByRtp extends BridgedTransferTest {
        @Override
        Engine engine() throws Exception {
            return FreeSwitchUnderTest.needed();
        }
    }

    @Nested
    class ByWebsocket extends ByRtp {
        @Override
        List<String> settings() {
            return websocket();
        }
    }

    @Nested
    class HandedOverByRtp extends BridgedTransferTest {
        final int port = HandingOver.freePort();
        private FreeSwitchUnderTest real;

        @Override
        Engine engine() throws Exception {
            real = HandingOver.freeSwitch(port);
            return real;
        }

        @Override
        List<String> settings() {
            return HandingOver.at(port);
        }

        @Override
        int calledPort() {
            return real.trunkPort();
        }
    }

    @Nested
    class HandedOverByWebsocket extends HandedOverByRtp {
        @Override
        List<String> settings() {
            return Stream.concat(super.settings().stream(), websocket().stream())
                    .toList();
        }
    }

    /** The module is told the port of the settings. */
    private static List<String> websocket() {
        return List.of(
                "firefly.freeswitch.audio",
                "websocket",
                "firefly.audio-socket.listen",
                "127.0.0.1:" + HandingOver.freePort());
    }
}

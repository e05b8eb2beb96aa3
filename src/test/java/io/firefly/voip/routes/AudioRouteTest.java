package io.firefly.voip.routes;

import static io.firefly.voip.testkit.Caller.call;

import io.firefly.voip.testkit.RouteUnderTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The route that carries the sound of FreeSWITCH: audio-server. */
class AudioRouteTest {
    private static final RouteUnderTest AUDIO = RouteUnderTest.files("routes", "audio-server");

    @Test
    void everyEventOfASocketReachesItsCall() {
        for (String event : new String[] {"OPEN", "TEXT", "BINARY", "CLOSE"}) {
            AUDIO.sent(
                            "websocket:server/audio",
                            call(),
                            Map.of("WebsocketKey", "k", "WebsocketEvent", event, "Websocket.path.ticket", "t"))
                    .reaches("deliver-audio");
        }
    }
}

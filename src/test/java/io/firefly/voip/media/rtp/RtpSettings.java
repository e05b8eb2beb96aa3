package io.firefly.voip.media.rtp;

import io.firefly.voip.audio.G711;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** Settings for tests on loopback: each asks for its own stretch of ports, away from the ephemeral ones. */
final class RtpSettings {
    private RtpSettings() {}

    static RtpProperties loopback(int firstPort, int lastPort) {
        return with(firstPort, lastPort, Duration.ofSeconds(30), Duration.ZERO);
    }

    static RtpProperties with(int firstPort, int lastPort, Duration timeout, Duration quarantine) {
        return new RtpProperties(
                firstPort,
                lastPort,
                InetAddress.getLoopbackAddress(),
                null,
                Duration.ofMillis(10),
                Duration.ofMillis(200),
                timeout,
                quarantine,
                List.of(G711.PCMA, G711.PCMU),
                1,
                true);
    }
}

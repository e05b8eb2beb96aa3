package io.firefly.voip.freeswitch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Topology C: FreeSWITCH has the telephones and hands their calls over to a port of ours, known before we start. */
public final class HandingOver {
    private HandingOver() {}

    public static int freePort() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Settings of an exchange that is found there. */
    public static List<String> at(int port) {
        return List.of("firefly.freeswitch.listen", "127.0.0.1:" + port);
    }

    /** A FreeSWITCH of its own that hands over to that port; skips the test when there is no program. */
    public static FreeSwitchUnderTest freeSwitch(int port) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of("target", "freeswitch-" + port));
        return FreeSwitchUnderTest.own(folder.resolve("data").toAbsolutePath(), "127.0.0.1:" + port);
    }
}

package io.firefly.voip.freeswitch;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real FreeSWITCH: one that runs already ({@code FIREFLY_TEST_FREESWITCH=host:eslPort:password:sipPort}), or a process
 * of its own with the configuration of {@code freeswitch/} ({@code FIREFLY_TEST_FREESWITCH_BIN=/usr/bin/freeswitch}).
 * Without them tests are skipped, and say so.
 */
public final class FreeSwitchUnderTest implements Engine {
    private static final String RUNNING = "FIREFLY_TEST_FREESWITCH";
    private static final String PROGRAM = RUNNING + "_BIN";
    private static final int START_SECONDS = 30;
    private static final int STOP_SECONDS = 60;

    private final String host;
    private final int eslPort;
    private final String password;
    private final int sipPort;
    private final Map<String, String> environment;
    private @Nullable Process process;

    private FreeSwitchUnderTest(
            String host, int eslPort, String password, int sipPort, Map<String, String> environment) {
        this.host = host;
        this.eslPort = eslPort;
        this.password = password;
        this.sipPort = sipPort;
        this.environment = environment;
    }

    public static boolean isThere() {
        return System.getenv(RUNNING) != null;
    }

    /** The one that runs already; skips the test when there is none. */
    public static FreeSwitchUnderTest needed() {
        String address = System.getenv(RUNNING);
        assumeTrue(
                address != null,
                RUNNING + " is not set (host:eslPort:password:sipPort): tests with a real FreeSWITCH are left out");
        String[] parts = address.split(":", -1);
        if (parts.length != 4) throw new IllegalArgumentException(RUNNING + " must be host:eslPort:password:sipPort");
        return new FreeSwitchUnderTest(
                parts[0], Integer.parseInt(parts[1]), parts[2], Integer.parseInt(parts[3]), Map.of());
    }

    /**
     * Starts one that may be killed; skips the test when there is no program. It has 200 RTP ports and hands calls of
     * its trunk port over to that address.
     */
    public static FreeSwitchUnderTest own(Path data, String trunkLeadsTo) throws IOException, InterruptedException {
        String program = System.getenv(PROGRAM);
        assumeTrue(program != null, PROGRAM + " is not set: tests that kill a FreeSWITCH are left out");
        int eslPort = freePort();
        int sipPort = freePort();
        int rtp = 2 * ThreadLocalRandom.current().nextInt(5_000, 7_900);
        String password = UUID.randomUUID().toString();
        FreeSwitchUnderTest own = new FreeSwitchUnderTest(
                "127.0.0.1",
                eslPort,
                password,
                sipPort,
                Map.ofEntries(
                        Map.entry("FS_BINARY", program),
                        Map.entry("FS_DATA", data.toString()),
                        Map.entry("ESL_PASSWORD", password),
                        Map.entry("ESL_PORT", String.valueOf(eslPort)),
                        Map.entry("SIP_IP", "127.0.0.1"),
                        Map.entry("SIP_PORT", String.valueOf(sipPort)),
                        Map.entry("TRUNK_PORT", String.valueOf(freePort())),
                        Map.entry("FIREFLY_SOCKET", trunkLeadsTo),
                        Map.entry("HEARTBEAT_SECONDS", "1"),
                        Map.entry("RTP_START_PORT", String.valueOf(rtp)),
                        Map.entry("RTP_END_PORT", String.valueOf(rtp + 200))));
        own.start();
        return own;
    }

    public String host() {
        return host;
    }

    public int eslPort() {
        return eslPort;
    }

    public String password() {
        return password;
    }

    public int sipPort() {
        return sipPort;
    }

    /** Where phones call it directly (topology C); only of one of its own. */
    public int trunkPort() {
        return Integer.parseInt(environment.get("TRUNK_PORT"));
    }

    @Override
    public List<String> settings() {
        return settings(host, eslPort, password, sipPort);
    }

    static List<String> settings(String host, int eslPort, String password, int sipPort) {
        String node = "firefly.freeswitch.nodes[0].";
        return new ArrayList<>(List.of(
                "firefly.media.engine",
                "freeswitch",
                "firefly.freeswitch.listen",
                "127.0.0.1:0",
                node + "host",
                host,
                node + "port",
                String.valueOf(eslPort),
                node + "password",
                password,
                node + "sip",
                host + ":" + sipPort));
    }

    /** The answer to a command, over an event socket of our own. */
    public String api(String command) throws IOException {
        try (RawEsl esl = RawEsl.login(eslPort, password)) {
            return esl.api(command);
        }
    }

    @Override
    public int channels() throws IOException {
        return Integer.parseInt(SipText.find("^(\\d+) total", api("show channels count")));
    }

    /** Starts it, again after {@link #kill} with the same ports. Returns when its event socket answers. */
    public void start() throws IOException, InterruptedException {
        Path log = Path.of(environment.get("FS_DATA")).resolveSibling("freeswitch.log");
        ProcessBuilder builder = new ProcessBuilder("sh", "freeswitch/entrypoint.sh")
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process started = builder.start();
        process = started;
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!ready()) {
            if (!started.isAlive() || System.nanoTime() > giveUp)
                throw new IOException("FreeSWITCH did not start: " + Files.readString(log));
            started.waitFor(200, TimeUnit.MILLISECONDS);
        }
    }

    private boolean ready() {
        try {
            return api("sofia status").contains("RUNNING");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** kill -9. */
    public void kill() {
        if (process != null) process.destroyForcibly().onExit().join();
    }

    /** SIGTERM, and its end. */
    public void stop() throws InterruptedException {
        if (process == null) return;
        process.destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) kill();
    }

    /** Kills what was started here; one that ran already goes on. */
    @Override
    public void close() {
        kill();
    }

    private static int freePort() throws IOException {
        try (DatagramSocket probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}

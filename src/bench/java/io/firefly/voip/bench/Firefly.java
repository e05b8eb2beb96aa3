package io.firefly.voip.bench;

import io.firefly.voip.sip.digest.DigestAlgorithm;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;

/** The server under measurement: the shipped jar with its shipped settings, on ports and in a folder of its own. */
final class Firefly implements AutoCloseable {
    static final String PASSWORD = "bench";
    static final int USERS = 1_000;

    private static final Path JAR = Path.of("target/firefly.jar");
    private static final String REALM = "firefly";
    private static final long START_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(90);
    private static final Pattern MEGABYTES = Pattern.compile("used (\\d+)K");

    private final MeasuredProcess process;
    private final Path log;
    private final double readySeconds;
    private final int sipPort;
    private final int simulatorPort;

    private Firefly(MeasuredProcess process, Path log, double readySeconds, Ports ports) {
        this.process = process;
        this.log = log;
        this.readySeconds = readySeconds;
        this.sipPort = ports.sip;
        this.simulatorPort = ports.simulator;
    }

    private record Ports(int sip, int simulator, int http, int management) {
        static Ports free() throws IOException {
            return new Ports(udp(), tcp(), tcp(), tcp());
        }

        private static int udp() throws IOException {
            try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }

        private static int tcp() throws IOException {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }
    }

    /** Returns when it is ready; {@code more} are settings of the user's own, as arguments. */
    static Firefly start(Path folder, List<String> more) throws IOException {
        return start(folder, more, List.of());
    }

    /** @param flags of the JVM */
    static Firefly start(Path folder, List<String> more, List<String> flags) throws IOException {
        if (!Files.exists(JAR)) throw new IOException(JAR + " is not there: run mvn package first");
        Files.createDirectories(folder);
        Path log = folder.resolve("firefly.txt");
        Ports ports = Ports.free();
        List<String> command = command(folder, ports);
        command.addAll(1, flags);
        command.addAll(more);
        long begin = System.nanoTime();
        MeasuredProcess process = MeasuredProcess.start(Path.of("").toAbsolutePath(), log, command);
        while (!Files.readString(log, StandardCharsets.UTF_8).contains("Firefly is ready")) {
            if (!process.isAlive() || System.nanoTime() - begin > START_LIMIT_NANOS) {
                process.close();
                throw new IOException("Firefly did not start:\n" + Files.readString(log, StandardCharsets.UTF_8));
            }
            LockSupport.parkNanos(10_000_000);
        }
        return new Firefly(process, log, (System.nanoTime() - begin) / 1e9, ports);
    }

    private static List<String> command(Path folder, Ports ports) throws IOException {
        Path data = folder.resolve("data");
        return new ArrayList<>(List.of(
                tool("java"),
                "-jar",
                JAR.toAbsolutePath().toString(),
                "--firefly.sip.port=" + ports.sip,
                "--firefly.sip.bind=127.0.0.1",
                "--server.port=" + ports.http,
                "--management.server.port=" + ports.management,
                "--firefly.data.directory=" + data,
                "--firefly.routes.directory=" + routes(folder),
                "--firefly.agent.provider=simulator",
                "--firefly.simulator.enabled=false",
                "--firefly.simulator.port=" + ports.simulator,
                "--firefly.routing.ring-delay=0s",
                "--firefly.calls.drain-timeout=1s"));
    }

    /** The shipped routes; only how many calls a tenant may have is raised. */
    private static Path routes(Path folder) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("routes"));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("routes"), Files::isRegularFile)) {
            for (Path file : files) {
                String text = Files.readString(file, StandardCharsets.UTF_8);
                Files.writeString(
                        copy.resolve(file.getFileName()),
                        text.replaceAll("concurrent-calls: \\d+", "concurrent-calls: 1000"),
                        StandardCharsets.UTF_8);
            }
        }
        return copy;
    }

    /** Subscribers {@code bench0} to {@code bench999}, written before the server opens its database. */
    static void addUsers(Path folder) throws SQLException {
        String url = "jdbc:h2:file:" + folder.resolve("data/firefly").toAbsolutePath();
        Flyway.configure().dataSource(url, "sa", "").load().migrate();
        try (Connection database = DriverManager.getConnection(url, "sa", "");
                PreparedStatement subscriber = database.prepareStatement(
                        "INSERT INTO subscriber (username, realm, created_at) VALUES (?, ?, CURRENT_TIMESTAMP)");
                PreparedStatement credential = database.prepareStatement(
                        "INSERT INTO credential (username, realm, algorithm, ha1) VALUES (?, ?, ?, ?)")) {
            for (int i = 0; i < USERS; i++) {
                String user = "bench" + i;
                subscriber.setString(1, user);
                subscriber.setString(2, REALM);
                subscriber.addBatch();
                credential.setString(1, user);
                credential.setString(2, REALM);
                credential.setString(3, DigestAlgorithm.MD5.token());
                credential.setString(4, DigestAlgorithm.MD5.ha1(user, REALM, PASSWORD));
                credential.addBatch();
            }
            subscriber.executeBatch();
            credential.executeBatch();
        }
    }

    static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    MeasuredProcess process() {
        return process;
    }

    double readySeconds() {
        return readySeconds;
    }

    int sipPort() {
        return sipPort;
    }

    /** Where it expects the provider, whoever that is. */
    int simulatorPort() {
        return simulatorPort;
    }

    /** What is alive on the heap, after a full collection; NaN when there is no jcmd. */
    double liveHeapMegabytes() throws IOException {
        jcmd("GC.run");
        return usedHeapMegabytes();
    }

    double usedHeapMegabytes() throws IOException {
        Matcher used = MEGABYTES.matcher(jcmd("GC.heap_info"));
        return used.find() ? Long.parseLong(used.group(1)) / 1024.0 : Double.NaN;
    }

    String jcmd(String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of(tool("jcmd"), String.valueOf(process.pid())));
        all.addAll(List.of(command));
        Process jcmd;
        try {
            jcmd = new ProcessBuilder(all).redirectErrorStream(true).start();
        } catch (IOException missing) {
            return "no jcmd: " + missing.getMessage();
        }
        return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Lines of the log that complain. */
    List<String> complaints() throws IOException {
        return Files.readString(log, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                .toList();
    }

    @Override
    public void close() {
        process.close();
    }
}

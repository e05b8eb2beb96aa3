package io.firefly.voip.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.firefly.voip.bench.EchoScenario.Load;
import io.firefly.voip.bench.EchoScenario.Result;
import io.firefly.voip.bench.RtpLoad.Voice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/** The command line of the benchmark: names of scenarios, {@code --quick}, settings of Firefly to try. */
public final class Bench {
    private static final Map<String, Scenario> SCENARIOS = new LinkedHashMap<>();

    static {
        SCENARIOS.put("start", StartScenario::run);
        SCENARIOS.put("echo", EchoScenario::run);
        SCENARIOS.put("ai", AiScenario::run);
        SCENARIOS.put("calls", RateScenario::calls);
        SCENARIOS.put("register", RateScenario::registrations);
    }

    private Bench() {}

    /** One of the tables. */
    interface Scenario {
        void run(Rig rig) throws IOException, InterruptedException;
    }

    /**
     * What was asked for.
     *
     * @param warmUpSeconds of load before a rate is measured; the compilers are at work for minutes
     * @param freeSwitchPort where a FreeSWITCH on this machine takes calls, to be the reference of {@code calls}; null: sipp
     * @param settings of Firefly, as its arguments: {@code --firefly.recording.enabled=false}
     */
    record Options(List<String> names, boolean quick, int warmUpSeconds, @Nullable Integer freeSwitchPort, List<String> settings) {
        private static final String WARM_UP = "--warm-up=";
        private static final String FREESWITCH = "--freeswitch=";

        static Options of(String[] args) {
            List<String> words = Arrays.stream(String.join(" ", args).split("\\s+", -1))
                    .filter(word -> !word.isEmpty())
                    .toList();
            List<String> names = words.stream().filter(word -> !word.startsWith("--")).toList();
            List<String> unknown =
                    names.stream().filter(name -> !SCENARIOS.containsKey(name)).toList();
            if (!unknown.isEmpty()) {
                throw new IllegalArgumentException("no scenario " + unknown + "; there are " + SCENARIOS.keySet());
            }
            boolean quick = words.contains("--quick");
            return new Options(
                    names.isEmpty() ? List.copyOf(SCENARIOS.keySet()) : names,
                    quick,
                    number(words, WARM_UP).orElse(quick ? 15 : 40),
                    number(words, FREESWITCH).orElse(null),
                    words.stream()
                            .filter(word -> word.startsWith("--") && word.contains("="))
                            .filter(word -> !word.startsWith(WARM_UP) && !word.startsWith(FREESWITCH))
                            .toList());
        }

        private static Optional<Integer> number(List<String> words, String name) {
            return words.stream()
                    .filter(word -> word.startsWith(name))
                    .map(word -> Integer.valueOf(word.substring(name.length())))
                    .findFirst();
        }

        int seconds() {
            return quick ? 10 : 20;
        }

        /** Firefly, peer, peer, Firefly: a drift of the machine hits both. */
        int rounds() {
            return quick ? 1 : 2;
        }
    }

    /** What scenarios work with. The server is started, warm, when first asked for. */
    static final class Rig implements AutoCloseable {
        private final Options options;
        private final Report report;
        private final Path folder;
        private @Nullable Firefly firefly;

        Rig(Options options, Report report, Path folder) {
            this.options = options;
            this.report = report;
            this.folder = folder;
        }

        Options options() {
            return options;
        }

        Report report() {
            return report;
        }

        Path folder() {
            return folder;
        }

        Firefly firefly() throws IOException, InterruptedException {
            if (firefly != null) return firefly;
            Path own = folder.resolve("server");
            try {
                Firefly.addUsers(own);
            } catch (SQLException e) {
                throw new IOException("the subscribers cannot be written", e);
            }
            Firefly started = Firefly.start(own, options.settings());
            firefly = started;
            warmUp(started);
            return started;
        }

        private void warmUp(Firefly cold) throws IOException, InterruptedException {
            int seconds = options.quick() ? 8 : 26;
            Result result = new Result();
            EchoScenario.round(
                    cold.process(), cold.sipPort(), new Load("echo", 20, seconds, 1, Voice.ALWAYS), result, up -> {});
            report.note("warmed up for %d s: echo delay p50 / p99 %s ms, CPU-s per call-minute %.2f"
                    .formatted(seconds + 4, result.heard.delay.text(50, 99), result.cpuPerCallMinute()));
        }

        @Override
        public void close() throws IOException {
            if (firefly == null) return;
            List<String> complaints = firefly.complaints();
            firefly.close();
            report.note("");
            report.note(complaints.size() + " warnings and errors in Firefly's log");
            complaints.stream().limit(10).forEach(report::note);
        }
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        Options options = Options.of(args);
        Report report = new Report(System.out);
        Path folder = Files.createTempDirectory("firefly-bench");
        System.out.println("Firefly bench: " + String.join(" ", options.names()) + (options.quick() ? " (quick)" : "")
                + ", " + Runtime.getRuntime().availableProcessors() + " processors, Java "
                + Runtime.version().feature());
        try (Rig rig = new Rig(options, report, folder)) {
            for (Map.Entry<String, Scenario> scenario : SCENARIOS.entrySet()) {
                if (options.names().contains(scenario.getKey())) scenario.getValue().run(rig);
            }
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
        report.summary();
    }
}

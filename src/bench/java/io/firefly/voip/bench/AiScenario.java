package io.firefly.voip.bench;

import io.firefly.voip.bench.Bench.Rig;
import io.firefly.voip.bench.EchoScenario.Load;
import io.firefly.voip.bench.EchoScenario.Result;
import io.firefly.voip.bench.EchoScenario.Watch;
import io.firefly.voip.bench.FakeProvider.Manner;
import io.firefly.voip.bench.RtpLoad.Voice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** S2: callers talk to the agent. First with the simulator, which talks like one, then with one that tells the time. */
final class AiScenario {
    private static final int SIMULATOR_SECONDS = 30;
    private static final int SETTLE_SECONDS = 5;
    private static final int TURN_FRAMES = 100;

    /** Two turns of 2 s in half a minute, each caller at another time; with the third the simulator hangs up. */
    private static final Voice TURNS = (line, frame) -> {
        long at = frame - line * 37L % TURN_FRAMES;
        return (at >= 350 && at < 350 + TURN_FRAMES) || (at >= 900 && at < 900 + TURN_FRAMES);
    };

    private static final int TURN_CALLS = 10;
    private static final int CYCLE_FRAMES = 200;
    private static final int WORDS_FRAMES = 50;

    /** One second of speech each four seconds: the answer of six seconds to the last one is never heard out. */
    private static final Voice TALKS_OVER = (line, frame) -> (frame + line * 17L) % CYCLE_FRAMES < WORDS_FRAMES;

    private AiScenario() {}

    static void run(Rig rig) throws IOException, InterruptedException {
        int calls = rig.options().quick() ? 20 : 100;
        withSimulator(rig, calls);
        withFakeProvider(rig, calls);
        takingTurns(rig);
    }

    private static void withSimulator(Rig rig, int calls) throws IOException, InterruptedException {
        Firefly firefly = rig.firefly();
        Result result = new Result();
        Load load = new Load("chat", calls, SIMULATOR_SECONDS, SETTLE_SECONDS, TURNS);
        try (MeasuredProcess simulator = simulator(rig.folder(), firefly.simulatorPort())) {
            // The first conversations are not counted.
            Load warm = new Load("chat", calls / 5, rig.options().quick() ? 5 : 15, SETTLE_SECONDS, TURNS);
            EchoScenario.round(firefly.process(), firefly.sipPort(), warm, new Result(), up -> {});
            MeasuredProcess.Window theirs = simulator.open();
            EchoScenario.round(firefly.process(), firefly.sipPort(), load, result, up -> {});
            rig.report().section("S2 AI, %d calls, simulator, two turns in %d s".formatted(calls, load.seconds()), "");
            cost(rig.report(), result);
            rig.report().row("CPU of the simulator itself, cores", "%.2f".formatted(EchoScenario.cores(theirs.close())));
        }
        rig.report().target("S2 CPU-s per call-minute, simulator", result.cpuPerCallMinute(), 0.40, "s");
    }

    private static void withFakeProvider(Rig rig, int calls) throws IOException, InterruptedException {
        Firefly firefly = rig.firefly();
        Result result = new Result();
        Load load = new Load("chat", calls, rig.options().seconds(), SETTLE_SECONDS, Voice.ALWAYS);
        FakeProvider fake = new FakeProvider(firefly.simulatorPort(), Manner.TALKS);
        try (fake) {
            EchoScenario.round(firefly.process(), firefly.sipPort(), load, result, new Watch() {
                @Override
                public void begins() {
                    fake.measure(true);
                }

                @Override
                public void ends(Result soFar) throws IOException {
                    fake.measure(false);
                    soFar.liveHeap = firefly.liveHeapMegabytes();
                }
            });
        }
        Report report = rig.report();
        report.section("S2 AI, %d calls, both talk all the time".formatted(calls), "");
        cost(report, result);
        report.row("caller's frame to provider p50/p95/p99, ms", fake.arrival().text(50, 95, 99));
        report.row("provider's delta to RTP p50/p95/p99, ms", result.heard.delay.text(50, 95, 99));
        report.row("frames from callers / deltas heard", fake.arrival().count() + " / " + result.heard.delay.count());
        report.row("gap of sent packets p50/p99/p99.9, ms", result.heard.gap.text(50, 99, 99.9));
        report.row("RTP packets lost on the way back", result.heard.lost() + " of " + result.heard.expected);
        report.row("live heap with all calls up, MB", "%.1f".formatted(result.liveHeap));
        report.target("S2 caller's frame to provider p95, wire to socket", fake.arrival().millis(95), 5, "ms");
        report.target("S2 provider delta to RTP p95", result.heard.delay.millis(95), 25, "ms");
    }

    /** A dialogue, each turn of which begins by talking over the answer before. */
    private static void takingTurns(Rig rig) throws IOException, InterruptedException {
        Firefly firefly = rig.firefly();
        Result result = new Result();
        Load load = new Load("chat", TURN_CALLS, rig.options().seconds(), SETTLE_SECONDS, TALKS_OVER);
        FakeProvider fake = new FakeProvider(firefly.simulatorPort(), Manner.TAKES_TURNS);
        try (fake) {
            EchoScenario.round(firefly.process(), firefly.sipPort(), load, result, up -> {});
        }
        Report report = rig.report();
        report.section("S2 AI, %d calls that talk over the answers".formatted(TURN_CALLS), "");
        report.row("barge-in to silence at the caller p50/p95/p99, ms", result.heard.hush.text(50, 95, 99));
        report.row("end of speech to answer, ours, p50/p95/p99, ms", result.heard.delay.text(50, 95, 99));
        report.row("answers talked over / answers heard", result.heard.hush.count() + " / " + result.heard.delay.count());
        report.foreign(result.usage.foreignCores());
        report.target("S2 barge-in to silence p95, 80 ms of it the provider's", result.heard.hush.millis(95), 200, "ms");
    }

    private static void cost(Report report, Result result) {
        report.row("CPU-s per call-minute", "%.3f".formatted(result.cpuPerCallMinute()));
        report.row("CPU, cores", "%.2f".formatted(EchoScenario.cores(result.usage)));
        report.foreign(result.usage.foreignCores());
        report.row(
                "calls refused / ended / BYEs unanswered",
                result.refused + " / " + result.endedByServer + " / " + result.byesUnanswered);
    }

    private static MeasuredProcess simulator(Path folder, int port) throws IOException, InterruptedException {
        Path quiet = Files.writeString(
                folder.resolve("logback.xml"), "<configuration><root level=\"WARN\"/></configuration>", StandardCharsets.UTF_8);
        MeasuredProcess simulator = MeasuredProcess.start(
                folder,
                folder.resolve("simulator.txt"),
                List.of(
                        Firefly.tool("java"),
                        "-Dlogback.configurationFile=" + quiet,
                        "-cp",
                        absolute(System.getProperty("java.class.path", "")),
                        "io.firefly.voip.agent.simulator.SimulatorServer",
                        String.valueOf(port)));
        for (int i = 0; i < 100; i++) {
            try (Socket reached = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (reached.isConnected()) return simulator;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
        simulator.close();
        throw new IOException(
                "the simulator did not start: " + Files.readString(folder.resolve("simulator.txt"), StandardCharsets.UTF_8));
    }

    private static String absolute(String classPath) {
        String separator = System.getProperty("path.separator", ":");
        StringBuilder all = new StringBuilder();
        for (String entry : classPath.split(separator, -1)) {
            if (all.length() > 0) all.append(separator);
            all.append(Path.of(entry).toAbsolutePath());
        }
        return all.toString();
    }
}

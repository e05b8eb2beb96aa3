package io.firefly.voip.bench;

import io.firefly.voip.bench.Bench.Rig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** S5: from the start of the process to "Firefly is ready", and what it holds at rest. */
final class StartScenario {
    /** Spring Boot's {@code optimizedLaunch}: the code is compiled quickly, and not as well. */
    private static final List<String> MAVENS_FLAGS = List.of("-XX:TieredStopAtLevel=1");

    private StartScenario() {}

    static void run(Rig rig) throws IOException, InterruptedException {
        Report report = rig.report();
        int starts = rig.options().quick() ? 1 : 3;
        List<Double> ready = new ArrayList<>();
        List<Double> readyByMaven = new ArrayList<>();
        double resident = 0;
        double used = 0;
        double live = 0;
        MeasuredProcess.Usage idle = MeasuredProcess.Usage.NONE;
        double foreign = 0;
        for (int i = 0; i < starts; i++) {
            Path other = rig.folder().resolve("start-by-maven" + i);
            try (Firefly fresh = Firefly.start(other, rig.options().settings(), MAVENS_FLAGS)) {
                readyByMaven.add(fresh.readySeconds());
            }
            MeasuredProcess.Window start = MeasuredProcess.watch();
            try (Firefly fresh = Firefly.start(rig.folder().resolve("start" + i), rig.options().settings())) {
                foreign = Math.max(foreign, start.close().foreignCores());
                ready.add(fresh.readySeconds());
                MeasuredProcess.Window rest = fresh.process().open();
                TimeUnit.SECONDS.sleep(5);
                idle = rest.close();
                resident = fresh.process().residentMegabytes();
                used = fresh.usedHeapMegabytes();
                live = fresh.liveHeapMegabytes();
            }
        }
        ready.sort(Double::compare);
        readyByMaven.sort(Double::compare);
        report.section("S5 start, " + starts + " times", "");
        report.foreign(foreign);
        report.row("start to ready, s", tenths(ready));
        report.row("  as mvn spring-boot:run starts it, s", tenths(readyByMaven));
        report.row("at rest: RSS, MB", "%.0f".formatted(resident));
        report.row("at rest: heap used / live, MB", "%.0f / %.0f".formatted(used, live));
        report.row("CPU in the first 5 s after, % of a core", "%.1f".formatted(100 * idle.cpuSeconds() / idle.seconds()));
        report.target("start to ready, median", ready.get(starts / 2), 8, "s");
        report.target("start to ready as mvn spring-boot:run starts it, median", readyByMaven.get(starts / 2), 8, "s");
    }

    private static String tenths(List<Double> seconds) {
        return seconds.toString().replaceAll("(\\.\\d)\\d*", "$1");
    }
}

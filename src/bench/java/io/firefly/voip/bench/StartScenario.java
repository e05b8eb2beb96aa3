package io.firefly.voip.bench;

import io.firefly.voip.bench.Bench.Rig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** S5: from the start of the process to "Firefly is ready", and what it holds at rest. */
final class StartScenario {
    private StartScenario() {}

    static void run(Rig rig) throws IOException, InterruptedException {
        Report report = rig.report();
        int starts = rig.options().quick() ? 1 : 3;
        List<Double> ready = new ArrayList<>();
        double resident = 0;
        double used = 0;
        double live = 0;
        MeasuredProcess.Usage idle = MeasuredProcess.Usage.NONE;
        double foreign = 0;
        for (int i = 0; i < starts; i++) {
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
        report.section("S5 start, " + starts + " times", "");
        report.foreign(foreign);
        report.row("start to ready, s", ready.toString().replaceAll("(\\.\\d)\\d*", "$1"));
        report.row("at rest: RSS, MB", "%.0f".formatted(resident));
        report.row("at rest: heap used / live, MB", "%.0f / %.0f".formatted(used, live));
        report.row("CPU in the first 5 s after, % of a core", "%.1f".formatted(100 * idle.cpuSeconds() / idle.seconds()));
        report.target("start to ready, median", ready.get(ready.size() / 2), 8, "s");
    }
}

package io.firefly.voip.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process and what it costs. One that we started never outlives us. Linux: reads /proc. */
final class MeasuredProcess implements AutoCloseable {
    private static final Path PROC = Path.of("/proc");
    /** USER_HZ, which is 100 on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private static final Set<MeasuredProcess> measured = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> measured.forEach(MeasuredProcess::kill), "bench-kill"));
    }

    private final ProcessHandle process;
    private final boolean isOurs;

    private MeasuredProcess(ProcessHandle process, boolean isOurs) {
        this.process = process;
        this.isOurs = isOurs;
        measured.add(this);
    }

    static MeasuredProcess start(Path directory, Path log, List<String> command) throws IOException {
        Process started = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(log.toFile())
                .start();
        return new MeasuredProcess(started.toHandle(), true);
    }

    /** Somebody else's, who keeps it: it is measured only. */
    static MeasuredProcess running(ProcessHandle process) {
        return new MeasuredProcess(process, false);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What the process holds in memory, shared pages included. */
    double residentMegabytes() {
        for (String line : read(PROC.resolve(pid() + "/status")).split("\n", -1)) {
            if (line.startsWith("VmRSS:")) return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
        }
        return Double.NaN;
    }

    private void kill() {
        if (isOurs) process.destroyForcibly();
    }

    /** sipp does not listen to SIGTERM while it has calls, so it is asked briefly and then killed. */
    @Override
    public void close() {
        if (isOurs) end();
        measured.remove(this);
    }

    private void end() {
        process.destroy();
        if (hasEnded()) return;
        kill();
        if (!hasEnded()) System.err.println("process " + pid() + " does not end");
    }

    private boolean hasEnded() {
        try {
            process.onExit().get(5, TimeUnit.SECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    Window open() {
        return new Window(pid());
    }

    /** What others use meanwhile, when no process of ours is measured. */
    static Window watch() {
        return new Window(ProcessHandle.current().pid());
    }

    /** What a process used between its opening and {@link #close}, and what everybody did who is none of ours. */
    static final class Window {
        private final long pid;
        private final long startNanos = System.nanoTime();
        private final Map<Long, Long> ticksAtStart = ticks();
        private final long compilerTicksAtStart;

        private Window(long pid) {
            this.pid = pid;
            compilerTicksAtStart = compilerTicks();
        }

        Usage close() {
            Map<Long, Long> now = ticks();
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            Set<Long> ours = new HashSet<>();
            ours.add(ProcessHandle.current().pid());
            measured.forEach(one -> ours.add(one.pid()));
            long foreign = 0;
            for (Map.Entry<Long, Long> entry : now.entrySet()) {
                if (!ours.contains(entry.getKey())) {
                    foreign += Math.max(0, entry.getValue() - ticksAtStart.getOrDefault(entry.getKey(), 0L));
                }
            }
            long used = now.getOrDefault(pid, 0L) - ticksAtStart.getOrDefault(pid, 0L);
            double compilers = (compilerTicks() - compilerTicksAtStart) / TICKS_PER_SECOND;
            return new Usage(used / TICKS_PER_SECOND, compilers, foreign / TICKS_PER_SECOND / seconds, seconds);
        }

        /** Of the JIT compilers' threads, which are busy for minutes after a start and then not. */
        private long compilerTicks() {
            long sum = 0;
            try (DirectoryStream<Path> tasks = Files.newDirectoryStream(PROC.resolve(pid + "/task"))) {
                for (Path task : tasks) {
                    String stat = read(task.resolve("stat"));
                    if (stat.contains("(C1 Compiler") || stat.contains("(C2 Compiler")) sum += used(stat);
                }
            } catch (IOException gone) {
                return 0;
            }
            return sum;
        }

        /** Not /proc/stat, which sees up to 30 % less than the processes themselves. */
        private static Map<Long, Long> ticks() {
            Map<Long, Long> ticks = new HashMap<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
                for (Path entry : entries) {
                    String stat = read(entry.resolve("stat"));
                    if (!stat.isEmpty())
                        ticks.put(Long.parseLong(entry.getFileName().toString()), used(stat));
                }
            } catch (IOException e) {
                throw new UncheckedIOException("/proc cannot be listed: the bench needs Linux", e);
            }
            return ticks;
        }

        /** proc(5): the name may hold blanks, so fields are counted behind its bracket; utime is 14, stime 15. */
        private static long used(String stat) {
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        }
    }

    /**
     * @param cpuSeconds user and system time of the process
     * @param compilerSeconds the part of it that the JIT compilers used
     * @param foreignCores what processes that are none of ours used, in cores
     */
    record Usage(double cpuSeconds, double compilerSeconds, double foreignCores, double seconds) {
        static final Usage NONE = new Usage(0, 0, 0, 0);

        Usage plus(Usage other) {
            double both = seconds + other.seconds;
            double foreign = both == 0 ? 0 : (foreignCores * seconds + other.foreignCores * other.seconds) / both;
            return new Usage(
                    cpuSeconds + other.cpuSeconds, compilerSeconds + other.compilerSeconds, foreign, both);
        }
    }

    /** Empty when the process has gone meanwhile. */
    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}

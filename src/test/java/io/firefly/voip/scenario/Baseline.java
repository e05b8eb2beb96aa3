package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads and open files of this process before many calls, to hold against those afterwards. */
record Baseline(Set<String> threads, long files) {
    /** What the JVM itself opens late (a class path entry, a timer thread), whatever calls do. */
    private static final int TOLERANCE = 3;

    /** After as many calls as make all pools as large as they will be. */
    static Baseline now() {
        return new Baseline(new TreeSet<>(Rest.threads()), Rest.openFiles());
    }

    void awaitNoMore() {
        // Longer than an idle thread of a pool lives, whose successor has another number.
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            TreeSet<String> more = new TreeSet<>(Rest.threads());
            more.removeAll(threads);
            assertThat(more).as("threads that were not there before").hasSizeLessThanOrEqualTo(TOLERANCE);
            assertThat(more).noneMatch(name -> name.matches("(call|sip|media|agent|recording|vert|test).*"));
            assertThat(Rest.openFiles()).as("open files and sockets").isLessThanOrEqualTo(files + TOLERANCE);
        });
    }

    /** Returns when all are over; fails with the first that did, or that takes longer than a loaded machine needs. */
    static void inParallel(int atOnce, List<Callable<Void>> calls) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(atOnce);
        try {
            List<Future<Void>> running = new ArrayList<>();
            for (Callable<Void> call : calls) running.add(callers.submit(call));
            for (Future<Void> call : running) call.get(100, TimeUnit.SECONDS);
        } finally {
            callers.shutdownNow();
        }
        assertThat(callers.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    }
}

package io.firefly.voip.camel.reload;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@code route-reload} thread: loads the routes when Camel has started, then looks at the folder again and again. */
final class ReloadLoop implements StartupListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadLoop.class);
    private static final long STOP_SECONDS = 3;
    private final RouteReload reload;
    private final Duration every;
    private volatile @Nullable ScheduledFuture<?> looks;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread named = new Thread(task, "route-reload");
        named.setDaemon(true);
        return named;
    });

    ReloadLoop(RouteReload reload, Duration every) {
        this.reload = reload;
        this.every = every;
    }

    @Override
    public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) {
        reload.loadAtStart();
        looks = thread.scheduleWithFixedDelay(this::scan, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
        // Routes can be added when Camel has fully started, not before.
    }

    /** A scheduled task that throws is never run again; the next look may well succeed. */
    private void scan() {
        try {
            reload.scan();
        } catch (RuntimeException e) {
            LOG.error("looking at the routes folder failed, everything serves as before", e);
        }
    }

    @Override
    public void close() {
        ScheduledFuture<?> running = looks;
        if (running != null) running.cancel(false);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) thread.shutdownNow();
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}

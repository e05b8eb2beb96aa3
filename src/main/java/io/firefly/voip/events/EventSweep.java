package io.firefly.voip.events;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread {@code events-sweep}: ends what has expired, once a second. */
final class EventSweep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventSweep.class);
    private final ScheduledExecutorService timer;

    EventSweep(EventState events) {
        timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "events-sweep");
            thread.setDaemon(true);
            return thread;
        });
        var unused = timer.scheduleWithFixedDelay(() -> sweep(events), 1, 1, TimeUnit.SECONDS);
    }

    private static void sweep(EventState events) {
        try {
            events.sweep();
        } catch (RuntimeException failure) {
            LOG.error("expired events are looked at again in a second", failure);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}

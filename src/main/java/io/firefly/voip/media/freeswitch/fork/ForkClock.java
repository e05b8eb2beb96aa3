package io.firefly.voip.media.freeswitch.fork;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Looks at every line twice a frame, because a line whose frames stay away has nobody else to wake it. One thread. */
final class ForkClock implements AutoCloseable {
    private static final long LOOK_NANOS = ForkLine.FRAME_NANOS / 2;
    private static final long IDLE_NANOS = 1_000_000_000;

    private final Set<ForkLine> lines = ConcurrentHashMap.newKeySet();
    private @Nullable Thread thread;
    private volatile boolean closed;

    /** The first line starts the thread: without calls there is none. */
    synchronized void add(ForkLine line) {
        if (closed) return;
        lines.add(line);
        Thread running = thread;
        if (running == null) {
            running = new Thread(this::run, "fork-clock");
            running.setDaemon(true);
            running.start();
            thread = running;
        }
        LockSupport.unpark(running);
    }

    void remove(ForkLine line) {
        lines.remove(line);
    }

    private void run() {
        while (!closed) {
            long now = System.nanoTime();
            for (ForkLine line : lines) line.look(now);
            LockSupport.parkNanos(this, lines.isEmpty() ? IDLE_NANOS : LOOK_NANOS);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        lines.clear();
        if (thread != null) LockSupport.unpark(thread);
    }
}

package io.firefly.voip.media.rtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A clock of 1 ms slots and the legs that hang on it: each ticks in one slot of twenty, which it moves to shortly after
 * its caller's packets come, and has its socket looked at most often just before. Slot {@code n} is due at an absolute time; a loop that is late runs what it missed, unless it was
 * 200 ms or more: then nobody wants to hear that any more, and the legs skip it.
 *
 * <p>Other threads speak to it by {@link #execute}; everything else happens on its own thread, {@code media-clock-n}.
 * Whatever a leg throws, errors of the JVM included, is that leg's own; what the loop itself throws costs it the legs
 * it has, which are reported as timed out, and it carries the next ones.
 */
final class MediaLoop implements AutoCloseable {
    static final int SLOTS = 20;

    private static final Logger log = LoggerFactory.getLogger(MediaLoop.class);
    private static final long SLOT_NANOS = 1_000_000;
    private static final long ROUND_NANOS = SLOTS * SLOT_NANOS;
    /** So many slots before its tick a leg is polled: every millisecond where packets are expected, else every second. */
    private static final int[] POLLS_BEFORE_TICK = {1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 18};

    private static final long TOO_LATE_NANOS = 200_000_000;
    private static final long IDLE_NANOS = 1_000_000_000;

    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final List<List<RtpLeg>> slots = new ArrayList<>();
    private final RtpLeg.Scratch scratch = new RtpLeg.Scratch();
    private final Thread thread;
    private final long startNanos = System.nanoTime();
    private long slot;
    private int legs;
    private volatile int load;
    private final AtomicLong skippedTicks = new AtomicLong();
    private volatile boolean closed;

    MediaLoop(int number) {
        for (int i = 0; i < SLOTS; i++) slots.add(new ArrayList<>());
        thread = new Thread(this::run, "media-clock-" + number);
        thread.setDaemon(true);
        thread.start();
    }

    /** What a leg wants done on the media thread, with the loop's buffers. */
    @FunctionalInterface
    interface Work {
        void run(RtpLeg.Scratch scratch, long nowNanos);
    }

    /** Any thread: runs within about a millisecond. */
    void execute(Work work) {
        commands.add(() -> work.run(scratch, System.nanoTime()));
        LockSupport.unpark(thread);
    }

    /** Any thread: the leg ticks from now on. */
    void add(RtpLeg leg) {
        execute((buffers, nowNanos) -> {
            leg.begin(buffers, nowNanos);
            leastLoadedSlot().add(leg);
            if (legs++ == 0) resume(nowNanos);
            load = legs;
        });
    }

    /** Any thread: the leg ends and gives its ports back. */
    void remove(RtpLeg leg) {
        execute((buffers, nowNanos) -> {
            for (int i = 0; i < SLOTS; i++) {
                if (slots.get(i).remove(leg)) legs--;
            }
            load = legs;
            leg.close(buffers);
        });
    }

    /** Legs on this loop, as of a moment ago. */
    int load() {
        return load;
    }

    /** Ticks of legs that were given up because the loop came 200 ms late or more. */
    long skippedTicks() {
        return skippedTicks.get();
    }

    private List<RtpLeg> leastLoadedSlot() {
        List<RtpLeg> least = slots.get(0);
        for (List<RtpLeg> candidate : slots) {
            if (candidate.size() < least.size()) least = candidate;
        }
        return least;
    }

    @SuppressWarnings("IllegalCatch") // a loop that dies would silence all its calls and those that are put on it
    private void run() {
        Throwable fault = null;
        boolean over = false;
        while (!over) {
            try {
                if (fault != null) abandon(fault);
                fault = null;
                carry();
                over = true;
            } catch (Throwable e) {
                fault = e;
            }
        }
    }

    /** Nobody knows any more what holds: the calls end, the loop goes on without them. Own thread only. */
    void abandon(Throwable fault) {
        log.error("{} failed, its {} calls end", thread.getName(), legs, fault);
        for (List<RtpLeg> abandoned : slots) {
            while (!abandoned.isEmpty()) abandoned.remove(abandoned.size() - 1).abandon();
        }
        legs = 0;
        load = 0;
    }

    private void carry() {
        while (!closed || !commands.isEmpty()) {
            obey();
            if (legs == 0) {
                if (commands.isEmpty() && !closed) LockSupport.parkNanos(this, IDLE_NANOS);
                continue;
            }
            long wait = dueNanos() - System.nanoTime();
            if (wait > 0) LockSupport.parkNanos(this, wait);
            else advance(-wait);
        }
    }

    @SuppressWarnings("IllegalCatch") // an Error of one call must not silence the others
    private void obey() {
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            try {
                command.run();
            } catch (Throwable e) {
                log.error("a command of the media loop failed", e);
            }
        }
    }

    private long dueNanos() {
        return startNanos + slot * SLOT_NANOS;
    }

    private void resume(long nowNanos) {
        slot = (nowNanos - startNanos) / SLOT_NANOS + 1;
    }

    private void advance(long lateNanos) {
        if (lateNanos >= TOO_LATE_NANOS) skip((int) Math.min(Integer.MAX_VALUE, lateNanos / ROUND_NANOS));
        runSlot((int) (slot % SLOTS), dueNanos());
        do slot++;
        while (isIdle((int) (slot % SLOTS)));
    }

    private void skip(int rounds) {
        slot += (long) rounds * SLOTS;
        for (int i = 0; i < SLOTS; i++) {
            List<RtpLeg> waiting = slots.get(i);
            for (int k = 0; k < waiting.size(); k++) skip(waiting.get(k), rounds);
        }
        skippedTicks.addAndGet((long) rounds * legs);
    }

    private void runSlot(int current, long dueNanos) {
        List<RtpLeg> due = slots.get(current);
        for (int i = due.size() - 1; i >= 0; i--) {
            int shift = tick(due.get(i), dueNanos);
            if (shift != 0) slots.get((current + shift + SLOTS) % SLOTS).add(due.remove(i));
        }
        for (int distance : POLLS_BEFORE_TICK) poll(slots.get((current + distance) % SLOTS));
    }

    @SuppressWarnings("IllegalCatch") // as in tick
    private static void skip(RtpLeg leg, int rounds) {
        try {
            leg.skip(rounds);
        } catch (Throwable e) {
            leg.failed(e);
        }
    }

    /** One call must not silence the others, not by an Error either. */
    @SuppressWarnings("IllegalCatch")
    private int tick(RtpLeg leg, long dueNanos) {
        if (!leg.isDue(dueNanos)) return 0;
        try {
            return leg.tick(scratch, dueNanos, System.nanoTime());
        } catch (Throwable e) {
            leg.failed(e);
            return 0;
        }
    }

    private void poll(List<RtpLeg> others) {
        for (int i = 0; i < others.size(); i++) poll(others.get(i));
    }

    @SuppressWarnings("IllegalCatch") // as in tick
    private void poll(RtpLeg leg) {
        try {
            leg.poll(scratch, System.nanoTime());
        } catch (Throwable e) {
            leg.failed(e);
        }
    }

    /** Nobody ticks here and nobody is polled. Not asked while there are no legs at all. */
    private boolean isIdle(int index) {
        if (!slots.get(index).isEmpty()) return false;
        for (int distance : POLLS_BEFORE_TICK) {
            if (!slots.get((index + distance) % SLOTS).isEmpty()) return false;
        }
        return true;
    }

    /** Obeys what is still waiting, then ends; returns when it has. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

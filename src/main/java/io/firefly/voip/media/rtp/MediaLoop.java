package io.firefly.voip.media.rtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A clock of 1 ms slots and the legs that hang on it: each ticks in one slot of twenty, which it moves to shortly after
 * its caller's packets come. A few legs wake the thread with every packet; of many legs the sockets are looked at once
 * in each slot, all of them by one call, which costs less than a wake-up for each packet. Slot {@code n} is due at an
 * absolute time; a loop that is late runs what it missed, unless it was 200 ms or more: then nobody wants to hear that
 * any more, and the legs skip it.
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
    /** With more of them a slot takes several packets at once. */
    private static final int FEW_LEGS = 6;
    /** More packets than that between two slots are a flood, and wake nobody any more. */
    private static final int FEW_LOOKS = 4 * FEW_LEGS;

    private static final long TOO_LATE_NANOS = 200_000_000;
    private static final long IDLE_MILLIS = 1_000;

    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final List<List<RtpLeg>> slots = new ArrayList<>();
    private final RtpLeg.Scratch scratch = new RtpLeg.Scratch();
    private final Selector sockets;
    private final Consumer<SelectionKey> hear = this::hear;
    private final Thread thread;
    private final long startNanos = System.nanoTime();
    private long slot;
    private int legs;
    private int looks;
    private volatile int load;
    /** Until a packet or a command comes. */
    private volatile boolean asleep;

    private final AtomicLong skippedTicks = new AtomicLong();
    private volatile boolean closed;

    MediaLoop(int number) {
        for (int i = 0; i < SLOTS; i++) slots.add(new ArrayList<>());
        try {
            sockets = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("no media without a selector", e);
        }
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
        if (asleep) sockets.wakeup();
    }

    /** Any thread: the leg ticks from now on. */
    void add(RtpLeg leg) {
        execute((buffers, nowNanos) -> {
            leg.begin(buffers, nowNanos);
            leg.wake(sockets);
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
            // The selector lets go of a socket, and the kernel of its port, at its next look only.
            look(0);
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
            long wait = legs == 0 ? IDLE_MILLIS * SLOT_NANOS : dueNanos() - System.nanoTime();
            if (wait <= 0) advance(-wait);
            else if (wait < SLOT_NANOS) LockSupport.parkNanos(this, wait);
            else if (wakesByPacket()) sleep(wait / SLOT_NANOS);
            else lookAfterASlot();
        }
    }

    private boolean wakesByPacket() {
        return legs == 0 || (legs <= FEW_LEGS && looks < FEW_LOOKS);
    }

    private void lookAfterASlot() {
        LockSupport.parkNanos(this, SLOT_NANOS);
        look(0);
    }

    private void sleep(long millis) {
        asleep = true;
        // Whoever brought a command before that did not see us asleep.
        if (commands.isEmpty() && !closed) look(millis);
        asleep = false;
    }

    /** Hears every caller of whom something has come, by then or, when nothing has, within that time. */
    private void look(long millis) {
        try {
            looks++;
            if (millis == 0) sockets.selectNow(hear);
            else sockets.select(hear, millis);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One call must not silence the others, not by an Error either. */
    @SuppressWarnings("IllegalCatch")
    private void hear(SelectionKey socket) {
        RtpLeg leg = (RtpLeg) socket.attachment();
        try {
            leg.hear(socket.channel(), scratch, System.nanoTime());
        } catch (Throwable e) {
            // It would be ready for ever. What made it fail may pass, so it is looked at with each tick.
            socket.cancel();
            leg.wakesNoMore();
            leg.failed(e);
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
        look(0);
        looks = 0;
        runSlot((int) (slot % SLOTS), dueNanos());
        do slot++;
        while (wakesByPacket() && slots.get((int) (slot % SLOTS)).isEmpty() && legs > 0);
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
    }

    @SuppressWarnings("IllegalCatch") // as in hear
    private static void skip(RtpLeg leg, int rounds) {
        try {
            leg.skip(rounds);
        } catch (Throwable e) {
            leg.failed(e);
        }
    }

    @SuppressWarnings("IllegalCatch") // as in hear
    private int tick(RtpLeg leg, long dueNanos) {
        if (!leg.isDue(dueNanos)) return 0;
        try {
            return leg.tick(scratch, dueNanos, System.nanoTime());
        } catch (Throwable e) {
            leg.failed(e);
            return 0;
        }
    }

    /** Obeys what is still waiting, then ends; returns when it has. */
    @Override
    public void close() {
        closed = true;
        sockets.wakeup();
        try {
            thread.join(2_000);
            sockets.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            log.debug("{} is over", thread.getName(), e);
        }
    }
}

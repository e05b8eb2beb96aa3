package io.firefly.voip.audio;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts what 500 runs of a media-thread step allocate, after it has warmed up. */
public final class Garbage {
    private Garbage() {}

    public static long bytesOf(Runnable step) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 2_000; i++) step.run();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 500; i++) step.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}

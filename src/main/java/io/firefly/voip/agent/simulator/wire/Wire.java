package io.firefly.voip.agent.simulator.wire;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/** The way of frames to the client, with what a script does to them on it. */
public final class Wire {
    private static final int MAX_STALLED = 20_000;
    private static final String UNKNOWN_FIELD = ",\"simulator_future_field\":{\"since\":\"tomorrow\"}}";

    private final Line line;
    private final Clock clock;
    private final FrameLog log;
    private final boolean extraFields;
    private final Queue<String> stalled = new ArrayDeque<>();
    private final Set<String> repeats = new HashSet<>();
    private final Set<String> drops = new HashSet<>();
    private final Map<String, Long> holds = new HashMap<>();
    private int stalls;

    /** @param extraFields every event also gets a field nobody knows */
    public Wire(Line line, Clock clock, FrameLog log, boolean extraFields) {
        this.line = line;
        this.clock = clock;
        this.log = log;
        this.extraFields = extraFields;
    }

    /** One event, as far as the faults of the way let it. */
    public void send(String event) {
        String type = FrameLog.typeOf(event);
        if (drops.remove(type)) {
            log.count("lost by script");
            return;
        }
        boolean twice = repeats.remove(type);
        Long heldMillis = holds.remove(type);
        String frame = extraFields ? event.substring(0, event.length() - 1) + UNKNOWN_FIELD : event;
        if (heldMillis == null) {
            pass(frame);
        } else {
            clock.after(heldMillis, () -> pass(frame));
        }
        if (twice) pass(frame);
    }

    /** A frame as it is. */
    public void pass(String frame) {
        if (stalls == 0) {
            log.out(frame);
            line.send(frame);
        } else if (stalled.size() < MAX_STALLED) {
            stalled.add(frame);
        } else {
            log.count("lost in a stall");
        }
    }

    /** Nothing goes out for so long; then everything, in order. */
    public void stall(long millis) {
        stalls++;
        clock.after(millis, () -> {
            if (--stalls > 0) return;
            for (String frame = stalled.poll(); frame != null; frame = stalled.poll()) pass(frame);
        });
    }

    public void repeat(String type) {
        repeats.add(type);
    }

    public void drop(String type) {
        drops.add(type);
    }

    public void hold(String type, long millis) {
        holds.put(type, millis);
    }
}

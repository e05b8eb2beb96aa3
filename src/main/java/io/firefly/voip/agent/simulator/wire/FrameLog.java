package io.firefly.voip.agent.simulator.wire;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The newest frames of a session, both ways, and counters of all of them. Sound that goes on is one entry with a count.
 * Sound itself is not kept. Bounds: 1000 entries of 400 characters, 200 counters.
 */
public final class FrameLog {
    private static final int MAX_ENTRIES = 1_000;
    private static final int MAX_TEXT = 400;
    private static final int MAX_COUNTERS = 200;
    private static final String TYPE = "\"type\":\"";

    private final Clock clock;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Map<String, Long> counters = new TreeMap<>();

    public FrameLog(Clock clock) {
        this.clock = clock;
    }

    /** One frame, or several of one type in a row. */
    public static final class Entry {
        private final long atMillis;
        private final String way;
        private final String type;
        private final String text;
        private int count = 1;

        Entry(long atMillis, String way, String type, String text) {
            this.atMillis = atMillis;
            this.way = way;
            this.type = type;
            this.text = text;
        }

        /** On the session's clock, of the first of them. */
        public long atMillis() {
            return atMillis;
        }

        /** {@code in} from the client, {@code out} to it, {@code fault} done to it. */
        public String way() {
            return way;
        }

        public String type() {
            return type;
        }

        /** The beginning of the first of them. */
        public String text() {
            return text;
        }

        public int count() {
            return count;
        }
    }

    /** @param type as the client wrote it; anything else goes under {@code other} */
    public void in(String type, String frame) {
        boolean plain = type.matches("[a-z_.]{1,80}");
        note("in", plain ? type : "other", frame);
    }

    public void out(String frame) {
        note("out", typeOf(frame), frame);
    }

    public void fault(String told) {
        note("fault", told, "");
    }

    /** One more of something that is not a frame. */
    public void count(String what) {
        if (counters.containsKey(what) || counters.size() < MAX_COUNTERS) counters.merge(what, 1L, Long::sum);
    }

    public List<Entry> entries() {
        return new ArrayList<>(entries);
    }

    /** By name, such as {@code out response.done}. */
    public Map<String, Long> counters() {
        return new TreeMap<>(counters);
    }

    /** Of a frame that names its type first, as ours do; empty when it does not. */
    public static String typeOf(String frame) {
        int at = frame.indexOf(TYPE);
        if (at < 0) return "";
        int end = frame.indexOf('"', at + TYPE.length());
        return end < 0 ? "" : frame.substring(at + TYPE.length(), end);
    }

    private void note(String way, String type, String frame) {
        count(way + " " + type);
        Entry last = entries.peekLast();
        boolean isSound = type.endsWith(".append") || type.endsWith("audio.delta");
        if (isSound && last != null && last.type.equals(type) && last.way.equals(way)) {
            last.count++;
            return;
        }
        if (entries.size() >= MAX_ENTRIES) entries.removeFirst();
        String text = isSound ? "" : frame.substring(0, Math.min(MAX_TEXT, frame.length()));
        entries.addLast(new Entry(clock.nowMillis(), way, type, text));
    }
}

package io.firefly.voip.agent.openai;

import io.firefly.voip.agent.AgentMouth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A mouth whose clock the test turns: plays 8 kHz sound only when told to. */
final class FakeMouth implements AgentMouth {
    private static final int SAMPLES_PER_MILLI = 8;

    private static final class Queued {
        int samples;
        int played;
        boolean done;
    }

    private final Map<String, Queued> queue = new LinkedHashMap<>();
    final List<String> itemsDone = new ArrayList<>();
    final List<Short> heard = new ArrayList<>();
    int interruptions;
    int room = Integer.MAX_VALUE;

    @Override
    public int say(String itemId, short[] pcm, int length) {
        int taken = Math.min(length, room);
        queue.computeIfAbsent(itemId, id -> new Queued()).samples += taken;
        for (short sample : Arrays.copyOf(pcm, taken)) heard.add(sample);
        return length - taken;
    }

    @Override
    public void itemDone(String itemId) {
        itemsDone.add(itemId);
        Queued item = queue.get(itemId);
        if (item != null) item.done = true;
    }

    @Override
    public List<Heard> interrupt() {
        interruptions++;
        List<Heard> all = new ArrayList<>();
        queue.forEach((id, item) -> {
            if (item.played < item.samples || !item.done) all.add(heard(id, item));
        });
        queue.clear();
        return all;
    }

    private static Heard heard(String id, Queued item) {
        return new Heard(id, item.samples / SAMPLES_PER_MILLI, item.played / SAMPLES_PER_MILLI, item.done);
    }

    @Override
    public boolean isSpeaking() {
        return queue.values().stream().anyMatch(item -> item.played < item.samples);
    }

    int queuedMillis() {
        return queue.values().stream().mapToInt(i -> i.samples - i.played).sum() / SAMPLES_PER_MILLI;
    }

    void play(int millis) {
        int left = millis * SAMPLES_PER_MILLI;
        for (Queued item : queue.values()) {
            int now = Math.min(left, item.samples - item.played);
            item.played += now;
            left -= now;
        }
    }
}

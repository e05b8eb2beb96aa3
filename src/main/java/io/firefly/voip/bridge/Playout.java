package io.firefly.voip.bridge;

import io.firefly.voip.agent.AgentMouth;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.audio.Tempo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What an agent has said and the caller has not heard yet: providers speak several times faster than real time.
 *
 * <p>One side writes (the agent's thread; guarded, because a prompt may follow from the call's thread), the media
 * thread reads. Positions count samples since the call began; second-long blocks are made as the queue grows and used
 * again, so a quiet agent costs nothing and the bound is never allocated in advance.
 */
final class Playout implements AgentMouth, AudioSource {
    /** More than any answer a caller would listen to; what exceeds it is dropped and counted. */
    private static final int CAPACITY_SECONDS = 300;

    private final AudioFormat format;
    private final int blockSamples;
    private final AtomicReferenceArray<short @Nullable []> blocks = new AtomicReferenceArray<>(CAPACITY_SECONDS);
    private final double speed;
    private final Runnable whenInterrupted;
    private final @Nullable Tempo tempo;
    private short[] stretched = {};

    private final Map<String, Item> items = new LinkedHashMap<>();
    private long dropped;

    /** Written by the writing side only. */
    private volatile long written;

    /** Everything before this position is not to be heard any more. Written by the writing side only. */
    private volatile long skipTo;

    /** Written by the media thread only. */
    private volatile long played;

    private volatile @Nullable Runnable whenDrained;

    /**
     * @param speed tempo of the agent's speech with the pitch kept, 0.1 to 5.0; 1.0 costs nothing
     * @param whenInterrupted runs on the agent's thread when what is still to be heard was given up; returns at once
     */
    Playout(AudioFormat format, double speed, Runnable whenInterrupted) {
        this.format = format;
        this.whenInterrupted = whenInterrupted;
        this.blockSamples = format.sampleRateHz();
        this.speed = speed;
        this.tempo = speed == 1.0 ? null : new Tempo(format, speed);
    }

    @Override
    public synchronized int say(String itemId, short[] pcm, int length) {
        Item item = items.computeIfAbsent(itemId, id -> new Item(written));
        item.queuedSamples += length;
        if (tempo == null) return append(item, pcm, length);
        if (stretched.length < tempo.maxOutput(length)) stretched = new short[tempo.maxOutput(length)];
        return append(item, stretched, tempo.process(pcm, length, stretched));
    }

    private int append(Item item, short[] pcm, int length) {
        long heard = Math.max(played, skipTo);
        // One block stays free: the media thread may still read the one that its position stands in.
        long room = (long) (CAPACITY_SECONDS - 1) * blockSamples - (written - heard);
        int fits = (int) Math.min(length, Math.max(0, room));
        copyIn(pcm, fits);
        item.endsAt = written;
        dropped += length - fits;
        return length - fits;
    }

    private void copyIn(short[] pcm, int length) {
        long position = written;
        int done = 0;
        while (done < length) {
            int offset = (int) (position % blockSamples);
            int part = Math.min(length - done, blockSamples - offset);
            System.arraycopy(pcm, done, block(position), offset, part);
            done += part;
            position += part;
        }
        written = position;
    }

    private short[] block(long position) {
        int index = (int) (position / blockSamples % CAPACITY_SECONDS);
        short[] block = blocks.get(index);
        if (block == null) {
            block = new short[blockSamples];
            blocks.set(index, block);
        }
        return block;
    }

    @Override
    public synchronized void itemDone(String itemId) {
        Item item = items.get(itemId);
        if (item == null) return;
        if (tempo != null) {
            if (stretched.length < tempo.maxOutput(0)) stretched = new short[tempo.maxOutput(0)];
            append(item, stretched, tempo.flush(stretched));
        }
        item.complete = true;
        forgetHeardItems();
    }

    /** An item that was heard to its end needs no more bookkeeping. */
    private void forgetHeardItems() {
        long heard = played;
        items.values().removeIf(item -> item.complete && item.endsAt <= heard);
    }

    @Override
    public synchronized List<Heard> interrupt() {
        long heard = played;
        skipTo = written;
        whenInterrupted.run();
        List<Heard> told = new ArrayList<>(items.size());
        items.forEach((id, item) -> {
            if (!item.complete || item.endsAt > heard) told.add(item.heard(id, heard));
        });
        items.clear();
        if (tempo != null) tempo.flush(stretched.length == 0 ? new short[tempo.maxOutput(0)] : stretched);
        return told;
    }

    @Override
    public boolean isSpeaking() {
        return Math.max(played, skipTo) < written;
    }

    /** Runs once, on the media thread, when nothing is left to be heard; hand over there. */
    void whenDrained(Runnable action) {
        whenDrained = action;
    }

    synchronized long droppedSamples() {
        return dropped;
    }

    @Override
    public int read(short[] pcm, int length) {
        long from = Math.max(played, skipTo);
        int ready = (int) Math.min(length, written - from);
        long position = from;
        int done = 0;
        while (done < ready) {
            int offset = (int) (position % blockSamples);
            int part = Math.min(ready - done, blockSamples - offset);
            short[] block = blocks.get((int) (position / blockSamples % CAPACITY_SECONDS));
            if (block == null) break;
            System.arraycopy(block, offset, pcm, done, part);
            done += part;
            position += part;
        }
        played = position;
        if (ready == 0) tellDrained();
        return done;
    }

    private void tellDrained() {
        Runnable action = whenDrained;
        if (action == null) return;
        whenDrained = null;
        action.run();
    }

    /** The bookkeeping of one utterance; positions are of the stretched sound, lengths of the original. */
    private final class Item {
        private final long startsAt;
        private long endsAt;
        private long queuedSamples;
        private boolean complete;

        Item(long startsAt) {
            this.startsAt = startsAt;
            this.endsAt = startsAt;
        }

        Heard heard(String id, long playedUntil) {
            long heardSamples = Math.max(0, Math.min(playedUntil, endsAt) - startsAt);
            int queuedMillis = (int) (queuedSamples / format.samplesPerMilli());
            int heardMillis = (int) Math.round(heardSamples * speed / format.samplesPerMilli());
            return new Heard(id, queuedMillis, Math.min(heardMillis, queuedMillis), complete);
        }
    }
}

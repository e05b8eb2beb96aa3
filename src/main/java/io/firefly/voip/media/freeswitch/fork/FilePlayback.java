package io.firefly.voip.media.freeswitch.fork;

import io.firefly.voip.media.freeswitch.SwitchChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has FreeSWITCH play the files that drachtio's build of the module makes, in order and without a gap. What was said before
 * the caller interrupted is neither played nor waited for. The module removes its files when its socket ends; those that we
 * can see go as soon as they were played.
 *
 * <p>Any thread. {@link #next} and {@link #discard} allocate little and never wait.
 */
final class FilePlayback {
    private static final Logger log = LoggerFactory.getLogger(FilePlayback.class);
    /** Some 3 s: a channel that does not play (on hold) does not get more. */
    static final int MAX_WAITING = 12;
    /** More than an hour of speech, 80 MB. */
    static final int MAX_FILES = 20_000;

    private static final int JITTER_BUFFER_MILLIS = 40;
    private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final Pattern NAME = Pattern.compile("\"textContent\":\\s*\"(\\d{1,9})-(\\d{1,9})\"");
    private static final Pattern FILE = Pattern.compile(
            "\"file\":\\s*\"(/[^\"\\\\\\p{Cntrl}$]{1,250}/([A-Za-z0-9-]{1,64})_\\d{1,10}\\.tmp\\.r8)\"");

    private final SwitchChannel channel;
    private final Consumer<Runnable> worker;
    private final LongSupplier nanoTime;
    private final Map<String, CompletionStage<?>> waiting = new ConcurrentHashMap<>();
    private int generation;
    private int unfinished;
    private int files;
    private long progressNanos;
    private boolean complained;

    /** @param worker where files are removed */
    FilePlayback(SwitchChannel channel, Consumer<Runnable> worker, LongSupplier nanoTime) {
        this.channel = channel;
        this.worker = worker;
        this.nanoTime = nanoTime;
        prepare();
    }

    /**
     * A star would end a playback; and FreeSWITCH throws away what came from the caller, 40 ms, whenever one begins, unless
     * it is in a jitter buffer.
     */
    private void prepare() {
        String uuid = channel.uuid();
        channel.api("uuid_setvar", uuid + " playback_terminators none")
                .thenCompose(said -> channel.api("uuid_getvar", uuid + " jitterbuffer_msec"))
                .thenCompose(set -> set.isBlank() || set.strip().equals("_undef_")
                        ? channel.api("uuid_jitterbuffer", uuid + " " + JITTER_BUFFER_MILLIS)
                        : CompletableFuture.completedFuture(set))
                .whenComplete((said, failure) -> {
                    if (failure != null) complain("it is not prepared: " + failure.getMessage());
                });
    }

    /** The name of the next piece; null when too many wait already. */
    synchronized @Nullable String next() {
        long now = nanoTime.getAsLong();
        if (unfinished == 0) progressNanos = now;
        if (files >= MAX_FILES) return null;
        if (unfinished >= MAX_WAITING) {
            if (now - progressNanos < STALLED_NANOS) return null;
            discard();
        }
        unfinished++;
        files++;
        return generation + "-" + files;
    }

    /** @return false when there was nothing to be heard */
    synchronized boolean discard() {
        if (unfinished == 0) return false;
        generation++;
        unfinished = 0;
        // What is dropped is never told of: only the events of what runs come.
        waiting.values().forEach(dropped -> dropped.toCompletableFuture().cancel(false));
        waiting.clear();
        channel.dropQueued();
        return true;
    }

    /** The event {@code play_audio}: the module has written a file. On the channel's worker, in order. */
    void announced(String body) {
        Matcher name = NAME.matcher(body);
        Matcher file = FILE.matcher(body);
        boolean known = name.find() && file.find() && file.group(2).equals(channel.uuid());
        if (!known) {
            complain("the module told of no file of ours: " + body);
            return;
        }
        play(Integer.parseInt(name.group(1)), file.group(1));
    }

    private void play(int said, String file) {
        CompletionStage<String> played;
        synchronized (this) {
            if (said != generation) {
                remove(file);
                return;
            }
            played = channel.queue("playback", file);
            waiting.put(file, played);
        }
        played.whenComplete((response, failure) -> {
            waiting.remove(file);
            over(said);
            remove(file);
            if (failure == null && !response.equals("FILE PLAYED")) complain("playback says " + response);
        });
    }

    private synchronized void over(int said) {
        progressNanos = nanoTime.getAsLong();
        if (said == generation && unfinished > 0) unfinished--;
    }

    private synchronized void complain(String what) {
        if (complained) return;
        complained = true;
        log.warn("channel {} may lose sound: {}", channel.uuid(), what);
    }

    /** On another machine there is no such file. */
    private void remove(String file) {
        worker.accept(() -> {
            try {
                Files.deleteIfExists(Path.of(file));
            } catch (IOException e) {
                log.trace("not ours to remove: {}", e.getMessage());
            }
        });
    }

    /** Pieces that were sent and not heard yet. */
    synchronized int unfinished() {
        return unfinished;
    }
}

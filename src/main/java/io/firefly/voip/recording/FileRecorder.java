package io.firefly.voip.recording;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.call.Call;
import io.firefly.voip.recording.RecordingProperties.By;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records to files, all by one writer thread. */
final class FileRecorder implements Recorder, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FileRecorder.class);
    private static final int ROUND_MILLIS = 100;
    private static final int LAST_ROUND_SECONDS = 10;

    private final RecordingProperties properties;
    private final Clock clock;
    private final Set<FileRecording> open = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService writer;
    private volatile boolean closed;
    private boolean saidOurselves;

    FileRecorder(RecordingProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
        this.writer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "recording-writer");
            thread.setDaemon(true);
            return thread;
        });
        if (properties.enabled()) {
            var unused = writer.scheduleWithFixedDelay(this::round, ROUND_MILLIS, ROUND_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public Recording start(Call call, AudioFormat format) {
        return start(call, format, (path, whenRefused) -> false);
    }

    @Override
    public synchronized Recording start(Call call, AudioFormat format, Elsewhere elsewhere) {
        if (!properties.enabled() || closed) return NoRecording.INSTANCE;
        if (open.size() >= properties.maxOpen()) {
            log.warn("not recorded call={} open={}: firefly.recording.max-open reached", call.id(), open.size());
            return NoRecording.INSTANCE;
        }
        boolean wanted = properties.by() == By.FREESWITCH;
        FileRecording recording = new FileRecording(
                properties, call, format, clock.instant(), (path, refused) -> wanted && elsewhere.write(path, refused));
        if (wanted && !recording.isForeign() && !saidOurselves) {
            log.warn(
                    "firefly.recording.by is freeswitch, and it does not carry call={}: such calls we record",
                    call.id());
            saidOurselves = true;
        }
        open.add(recording);
        return recording;
    }

    @Override
    public int openRecordings() {
        return open.size();
    }

    /** Whether the recording whose files begin with that name is not over. */
    boolean isOpen(String baseName) {
        return open.stream().anyMatch(recording -> recording.baseName().equals(baseName));
    }

    /** Writes what is there and closes all files, also of calls that still run. */
    @Override
    public void close() throws InterruptedException {
        synchronized (this) {
            closed = true;
        }
        writer.shutdownNow();
        if (!writer.awaitTermination(LAST_ROUND_SECONDS, TimeUnit.SECONDS)) {
            log.warn("recordings cut off open={}: the disk did not answer for {} s", open.size(), LAST_ROUND_SECONDS);
            return;
        }
        round();
    }

    private void round() {
        for (FileRecording recording : open) serve(recording);
    }

    private void serve(FileRecording recording) {
        boolean over;
        try {
            over = recording.drain(closed);
        } catch (RuntimeException e) {
            // One broken recording must not stop the thread that serves the others.
            log.error("recording given up call={}", recording.call().id(), e);
            over = true;
        }
        if (!over) return;
        open.remove(recording);
        recording.over();
    }
}

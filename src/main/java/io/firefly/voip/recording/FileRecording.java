package io.firefly.voip.recording;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.call.Call;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call on its way to disk. The media thread writes the sides, the writer thread calls {@link #drain}. */
final class FileRecording implements Recording {
    private static final Logger log = LoggerFactory.getLogger(FileRecording.class);
    private static final DateTimeFormatter NAME_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final RecordingProperties properties;
    private final Call call;
    private final AudioFormat format;
    private final Instant startedAt;
    private final String baseName;
    private final TickRing ticks;
    private final Transcript transcript;
    private final CompletableFuture<@Nullable Void> finished = new CompletableFuture<>();
    private volatile boolean takes = true;
    private volatile @Nullable Summary summary;

    // Writer thread only.
    private @Nullable RecordedSound sound;
    private @Nullable String failure;

    FileRecording(RecordingProperties properties, Call call, AudioFormat format, Instant startedAt) {
        this.properties = properties;
        this.call = call;
        this.format = format;
        this.startedAt = startedAt;
        this.baseName = properties.prefix() + NAME_TIME.format(startedAt) + "-" + call.id();
        this.ticks = new TickRing(format);
        this.transcript = new Transcript(startedAt);
    }

    Call call() {
        return call;
    }

    @Override
    public AudioSink callerSide() {
        return (pcm, length) -> {
            if (takes) ticks.writeCaller(pcm, length);
        };
    }

    @Override
    public AudioSink agentSide() {
        return (pcm, length) -> {
            if (takes) ticks.writeAgent(pcm, length);
        };
    }

    @Override
    public void said(Instant at, String speaker, String text) {
        if (takes && properties.metadata()) transcript.add(at, speaker, text);
    }

    @Override
    public CompletionStage<@Nullable Void> finish(Summary known) {
        if (takes) {
            takes = false;
            summary = known;
        }
        return finished;
    }

    /**
     * Takes to disk what waits.
     *
     * @param last true when nobody will call again, whether the call has ended or not
     * @return true when the recording is over and everything is closed
     */
    boolean drain(boolean last) {
        Summary known = summary;
        if (last) takes = false;
        keep();
        if (known == null && !last) return false;
        closeSound();
        if (known != null && properties.metadata() && sound != null) writeMetadata(known, sound);
        if (sound != null) {
            log.info("recorded call={} millis={} files={}", call.id(), millis(sound.samples()), sound.fileNames());
        }
        return true;
    }

    /** Tells who waits for the end. */
    void over() {
        takes = false;
        finished.complete(null);
    }

    private void keep() {
        try {
            if (sound == null && failure == null) sound = new RecordedSound(properties, baseName, format);
            ticks.drain(this::writePairs);
            if (failure == null) transcript.writeTo(file(".txt"));
        } catch (IOException e) {
            fail(e.toString());
        }
    }

    private void writePairs(short[] stereo, int length) {
        if (failure != null || sound == null) return;
        try {
            if (!sound.write(stereo, length)) fail("the file is full: 4 GB");
        } catch (IOException e) {
            fail(e.toString());
        }
    }

    private void closeSound() {
        if (sound == null) return;
        try {
            sound.close();
        } catch (IOException e) {
            fail(e.toString());
        }
    }

    private void writeMetadata(Summary known, RecordedSound kept) {
        var files = new Metadata.Kept(
                kept.fileNames(),
                transcript.writtenLines() > 0 ? file(".txt").getFileName().toString() : null,
                format.sampleRateHz(),
                startedAt,
                millis(kept.samples()),
                millis(ticks.silencedSamples()),
                failure);
        try {
            Metadata.of(call, Metadata.Ending.of(known), files).writeTo(file(".json"));
        } catch (IOException e) {
            fail(e.toString());
        }
    }

    /** Says so once; from here on nothing more is kept of this call. */
    private void fail(String reason) {
        if (failure != null) return;
        failure = reason;
        List<String> kept = sound == null ? List.of() : sound.fileNames();
        log.error(
                "recording stopped call={} directory={} kept={}: {}", call.id(), properties.directory(), kept, reason);
    }

    private long millis(long samples) {
        return samples / format.samplesPerMilli();
    }

    private Path file(String suffix) {
        return properties.directory().resolve(baseName + suffix);
    }
}

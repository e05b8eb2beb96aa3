package io.firefly.voip.recording;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.call.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call on its way to disk. The media thread writes the sides, unless somebody else writes the sound; the writer thread
 * calls {@link #drain}.
 */
final class FileRecording implements Recording {
    private static final int FRAME_MILLIS = 20;
    private static final int KEPT_BACK_FRAMES = 3;
    private static final Logger log = LoggerFactory.getLogger(FileRecording.class);
    private static final DateTimeFormatter NAME_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final RecordingProperties properties;
    private final Call call;
    private final AudioFormat format;
    private final Instant startedAt;
    private final String baseName;
    private final long startedNanos = System.nanoTime();
    private final Transcript transcript;
    private final CompletableFuture<@Nullable Void> finished = new CompletableFuture<>();
    private volatile long missedMillis;
    private volatile @Nullable TickRing ticks;
    private volatile boolean takes = true;
    private volatile @Nullable Summary summary;

    // Writer thread only.
    private @Nullable ForeignSound foreign;
    private @Nullable RecordedSound sound;
    private @Nullable String failure;
    private long mostSamples = Long.MAX_VALUE / 4;
    private boolean begun;
    private boolean textFailed;

    /** @param elsewhere takes over to write a stereo WAV file there; false: it cannot */
    FileRecording(
            RecordingProperties properties,
            Call call,
            AudioFormat format,
            Instant startedAt,
            Recorder.Elsewhere elsewhere) {
        this.properties = properties;
        this.call = call;
        this.format = format;
        this.startedAt = startedAt;
        this.baseName = properties.prefix() + NAME_TIME.format(startedAt) + "-" + call.id();
        ForeignSound theirs = new ForeignSound(properties, baseName);
        this.foreign = elsewhere.write(theirs.path(), this::refused) ? theirs : null;
        if (foreign == null) ticks = new TickRing(format);
        this.transcript = new Transcript(startedAt);
    }

    Call call() {
        return call;
    }

    boolean isForeign() {
        return foreign != null;
    }

    /** How all its files begin. */
    String baseName() {
        return baseName;
    }

    @Override
    public AudioSink callerSide() {
        return (pcm, length) -> {
            TickRing to = ticks;
            if (takes && to != null) to.writeCaller(pcm, length);
        };
    }

    @Override
    public AudioSink agentSide() {
        return (pcm, length) -> {
            TickRing to = ticks;
            if (takes && to != null) to.writeAgent(pcm, length);
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
        boolean over = known != null || last;
        begin();
        TickRing own = ticks;
        if (own != null && foreign != null) takeOver(foreign);
        if (own != null) keep(own, known, over);
        else if (foreign != null && over) over = fetch(foreign, last);
        if (over) closeSound();
        if (properties.metadata()) keepText(over);
        if (!over) return false;
        if (properties.metadata()) writeMetadata(known);
        if (sound != null) {
            log.info("recorded call={} millis={} files={}", call.id(), sound.millis(), sound.fileNames());
        }
        return true;
    }

    /** Tells who waits for the end. */
    void over() {
        takes = false;
        finished.complete(null);
    }

    private void begin() {
        if (begun) return;
        begun = true;
        try {
            if (foreign == null) sound = new RecordedSound(properties, baseName, format);
            else RecordedSound.makeFolder(properties.directory());
            if (properties.metadata()) Metadata.of(call, null, null).reserve(file(".json"));
        } catch (IOException e) {
            fail(e.toString());
        }
    }

    /** Who should have written the sound does not: our taps do from here on. */
    private synchronized void refused() {
        if (ticks != null) return;
        missedMillis = Duration.ofNanos(System.nanoTime() - startedNanos).toMillis();
        ticks = new TickRing(format);
    }

    /** Silence takes the place of what was said until we knew. */
    private void takeOver(ForeignSound theirs) {
        foreign = null;
        try {
            Files.deleteIfExists(theirs.path());
            sound = new RecordedSound(properties, baseName, format);
            short[] silence = new short[2 * format.samplesPerFrame()];
            for (long i = 0; i < missedMillis / FRAME_MILLIS; i++) writePairs(silence, silence.length);
            log.warn("recorded by us instead call={} {} ms late", call.id(), missedMillis);
        } catch (IOException e) {
            fail(e.toString());
        }
    }

    /** @return false when there will be more */
    private boolean fetch(ForeignSound from, boolean last) {
        try {
            if (sound == null) sound = from.arrived(last);
            return sound != null && from.copy(sound, last);
        } catch (IOException e) {
            fail(e.toString());
            return true;
        }
    }

    /**
     * The media clock moves by less than a frame to where the caller's packets come, so that it may have ticked once more
     * than the call has lasted, or have begun a frame late: what exceeds the call is cut, what is short of it filled, and
     * the end is kept back until it is known.
     */
    private void keep(TickRing ticks, @Nullable Summary known, boolean over) {
        if (known != null) mostSamples = frames(known.talkTime()) * format.samplesPerFrame();
        ticks.drain(this::writePairs, over ? 0 : KEPT_BACK_FRAMES * format.samplesPerFrame());
        if (known != null) fillUp(known.talkTime().toMillis() / FRAME_MILLIS * format.samplesPerFrame());
    }

    /** The first tick comes up to a frame after the answer. More than that is a fault, and not to be hidden. */
    private void fillUp(long leastSamples) {
        if (sound == null) return;
        long missing = leastSamples - sound.samples();
        if (missing <= 0 || missing > 2L * format.samplesPerFrame()) return;
        short[] silence = new short[2 * format.samplesPerFrame()];
        for (long left = 2 * missing; left > 0; left -= silence.length)
            writePairs(silence, (int) Math.min(left, silence.length));
    }

    private static long frames(Duration time) {
        return (time.toMillis() + FRAME_MILLIS - 1) / FRAME_MILLIS;
    }

    /** Also without the sound: what was said is small and may find room. After a failure once more, at the end. */
    private void keepText(boolean over) {
        if (textFailed && !over) return;
        try {
            transcript.writeTo(file(".txt"));
        } catch (IOException e) {
            textFailed = true;
            fail(e.toString());
        }
    }

    private void writePairs(short[] stereo, int length) {
        if (failure != null || sound == null) return;
        long room = 2 * (mostSamples - sound.samples());
        if (room <= 0) return;
        try {
            if (!sound.write(stereo, (int) Math.min(length, room))) fail("the file is full: 4 GB");
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

    /** Also without the sound: it says why there is none. */
    private void writeMetadata(@Nullable Summary known) {
        RecordedSound kept = sound;
        TickRing own = ticks;
        var files = new Metadata.Kept(
                kept == null ? List.of() : kept.fileNames(),
                transcript.writtenLines() > 0 ? file(".txt").getFileName().toString() : null,
                kept == null ? format.sampleRateHz() : kept.format().sampleRateHz(),
                startedAt,
                kept == null ? 0 : kept.millis(),
                own == null ? 0 : own.silencedSamples() / format.samplesPerMilli(),
                failure);
        try {
            Metadata.Ending ending = known == null ? null : Metadata.Ending.of(known);
            Metadata.of(call, ending, files).writeTo(file(".json"));
        } catch (IOException e) {
            fail(e.toString());
            log.error("no metadata call={}: {}", call.id(), e.toString());
        }
    }

    /** Says so once; from here on no more sound is kept of this call. */
    private void fail(String reason) {
        if (failure != null) return;
        failure = reason;
        List<String> kept = sound == null ? List.of() : sound.fileNames();
        log.error(
                "recording stopped call={} directory={} kept={}: {}", call.id(), properties.directory(), kept, reason);
    }

    private Path file(String suffix) {
        return properties.directory().resolve(baseName + suffix);
    }
}

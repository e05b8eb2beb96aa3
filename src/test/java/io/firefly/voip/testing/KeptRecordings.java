package io.firefly.voip.testing;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.call.Call;
import io.firefly.voip.recording.Recorder;
import io.firefly.voip.recording.Recording;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Recordings that count frames instead of keeping them. */
public final class KeptRecordings implements Recorder {
    public final AtomicInteger open = new AtomicInteger();
    public final AtomicInteger callerFrames = new AtomicInteger();
    public final AtomicInteger agentFrames = new AtomicInteger();
    public final List<String> lines = new CopyOnWriteArrayList<>();
    public final List<Recording.Summary> finished = new CopyOnWriteArrayList<>();

    @Override
    public Recording start(Call call, AudioFormat format) {
        open.incrementAndGet();
        return new Recording() {
            @Override
            public AudioSink callerSide() {
                return (pcm, length) -> callerFrames.incrementAndGet();
            }

            @Override
            public AudioSink agentSide() {
                return (pcm, length) -> agentFrames.incrementAndGet();
            }

            @Override
            public void said(Instant at, String speaker, String text) {
                lines.add(speaker + ": " + text);
            }

            @Override
            public CompletionStage<@Nullable Void> finish(Summary summary) {
                open.decrementAndGet();
                finished.add(summary);
                return CompletableFuture.completedFuture(null);
            }
        };
    }

    @Override
    public int openRecordings() {
        return open.get();
    }
}

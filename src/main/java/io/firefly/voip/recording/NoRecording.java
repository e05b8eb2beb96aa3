package io.firefly.voip.recording;

import io.firefly.voip.audio.AudioSink;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Keeps nothing: recording is switched off, or there is no room for one more. */
enum NoRecording implements Recording {
    INSTANCE;

    @Override
    public AudioSink callerSide() {
        return AudioSink.NOWHERE;
    }

    @Override
    public AudioSink agentSide() {
        return AudioSink.NOWHERE;
    }

    @Override
    public void said(Instant at, String speaker, String text) {
        // Nothing is kept.
    }

    @Override
    public CompletionStage<@Nullable Void> finish(Summary summary) {
        return CompletableFuture.completedFuture(null);
    }
}

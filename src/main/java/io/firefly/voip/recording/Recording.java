package io.firefly.voip.recording;

import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.call.CallEvent.EndedBy;
import io.firefly.voip.call.HangupCause;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One call being written down. The media thread writes one frame to each side per tick, caller first; a writer thread
 * takes them to disk, so nothing here waits for it.
 */
public interface Recording {
    AudioSink callerSide();

    AudioSink agentSide();

    /** One line of the dialogue, in order. */
    void said(Instant at, String speaker, String text);

    /** Closes the files and writes the metadata beside them. May be called twice. Never completes exceptionally. */
    CompletionStage<@Nullable Void> finish(Summary summary);

    /** What is known at the end of a call. */
    record Summary(
            @Nullable String tenant,
            @Nullable String route,
            @Nullable String agent,
            @Nullable String codec,
            @Nullable Instant answeredAt,
            Instant endedAt,
            Duration talkTime,
            HangupCause cause,
            EndedBy endedBy) {}
}

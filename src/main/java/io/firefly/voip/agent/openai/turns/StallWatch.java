package io.firefly.voip.agent.openai.turns;

import io.firefly.voip.agent.openai.sound.AgentPump;
import io.firefly.voip.agent.openai.wire.Failures;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Notices a provider that no longer takes part although its socket is open: an answer that is due does not come, the
 * end of the caller's turn is never told, or a caller talks and is not heard at all. Agent's thread only.
 */
public final class StallWatch {
    private static final Duration LOOK = Duration.ofMillis(500);
    /** This much talk in a row that the provider's VAD did not notice. */
    private static final long UNHEARD_MILLIS = 4_000;
    /** Coughs minutes apart are no talk. */
    private static final long FORGOTTEN_NANOS = Duration.ofSeconds(5).toNanos();

    private final Turns turns;
    private final Turns.Line line;
    private final AgentPump.Loudness caller;
    private final Duration patience;
    private long lastMoveNanos;
    private long lastLoudNanos;
    private long loudMillis;
    private long heardMillis;

    public StallWatch(Turns turns, Turns.Line line, AgentPump.Loudness caller, Duration patience) {
        this.turns = turns;
        this.line = line;
        this.caller = caller;
        this.patience = patience;
    }

    public void start() {
        begin();
        line.after(LOOK, this::look);
    }

    private void begin() {
        lastMoveNanos = line.nanoTime();
        lastLoudNanos = lastMoveNanos;
        loudMillis = caller.loudMillis();
        heardMillis = loudMillis;
    }

    /** Something was said on the wire, by us or by the provider: patience begins anew. */
    public void moved() {
        lastMoveNanos = line.nanoTime();
    }

    private void look() {
        listen();
        String trouble = trouble();
        if (trouble != null) {
            begin();
            turns.stalled(trouble);
        }
        line.after(LOOK, this::look);
    }

    /** Of the caller's sound only that counts which the provider should have told us about. */
    private void listen() {
        long loud = caller.loudMillis();
        if (loud != loudMillis) lastLoudNanos = line.nanoTime();
        loudMillis = loud;
        // What is loud while the agent speaks may be its own echo.
        boolean excused = turns.isCut() || turns.isExpecting() || turns.isCallerSpeaking() || turns.isAgentHeardNow();
        if (excused || line.nanoTime() - lastLoudNanos >= FORGOTTEN_NANOS) heardMillis = loud;
    }

    private @Nullable String trouble() {
        long silentNanos = line.nanoTime() - lastMoveNanos;
        if (turns.isExpecting() && silentNanos >= patience.toNanos()) return Failures.stalled(patience.toMillis());
        // A caller may speak without a pause for long, and the provider says nothing while they do.
        long bothSilentNanos = Math.min(silentNanos, line.nanoTime() - lastLoudNanos);
        if (turns.isCallerSpeaking() && bothSilentNanos >= patience.toNanos()) {
            return Failures.endlessTurn(patience.toMillis());
        }
        return loudMillis - heardMillis >= UNHEARD_MILLIS ? Failures.deaf(UNHEARD_MILLIS) : null;
    }
}

package io.firefly.voip.callcontrol;

import io.firefly.voip.agent.Utterance;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dialogue on the console: {@code [HH:MM:SS] CALLER: ...}. A logger of its own ({@code transcript}), because what
 * callers say appears nowhere else in the log and must be possible to switch off.
 */
final class TranscriptConsole {
    private static final Logger transcript = LoggerFactory.getLogger("transcript");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final boolean enabled;
    private final ZoneId zone;

    TranscriptConsole(boolean enabled, ZoneId zone) {
        this.enabled = enabled;
        this.zone = zone;
    }

    void print(Instant at, Utterance utterance) {
        if (!enabled) return;
        transcript.info(
                "[{}] {}: {}",
                TIME.format(at.atZone(zone)),
                utterance.speaker(),
                utterance.text().strip());
    }
}

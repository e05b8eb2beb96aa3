package io.firefly.voip.agent.openai.turns;

import io.firefly.voip.agent.AgentFailure;
import io.firefly.voip.agent.openai.wire.Create.Purpose;
import io.firefly.voip.agent.openai.wire.Failures;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The caller waits for an answer that will not come. Once they hear an apology, the second time it is over, unless the
 * provider just fell silent: then another connection is tried in between. A rate limit is waited for first; and a
 * greeting, for which nobody has asked, is tried again before anybody hears of it. Agent's thread only.
 */
final class Unanswered {
    private static final Logger log = LoggerFactory.getLogger(Unanswered.class);
    /** Nobody holds the line for longer. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private static final int MAX_WAITS = 2;

    /** Who tries again. */
    interface Speaker {
        /** @param purpose of the response that failed; null: an answer to the caller */
        void tryAgain(@Nullable Purpose purpose);

        /** Counts what was said or begun: a wait that finds it changed has nothing more to do. */
        int responses();
    }

    private final Setting setting;
    private final Turns.Line line;
    private final Speaker speaker;
    private int failuresInARow;
    private int waits;
    private boolean greetedAgain;
    private boolean reconnected;

    Unanswered(Setting setting, Turns.Line line, Speaker speaker) {
        this.setting = setting;
        this.line = line;
        this.speaker = speaker;
    }

    void answered() {
        failuresInARow = 0;
        waits = 0;
        reconnected = false;
    }

    /**
     * The provider fell silent: whether another connection is worth it. Once, for a caller who heard an apology before;
     * what follows from {@link #happened} otherwise.
     */
    boolean isToReconnect() {
        if (failuresInARow == 0 || reconnected) return false;
        reconnected = true;
        return true;
    }

    /**
     * @param code the provider's; empty when it said nothing
     * @param wait after which another attempt is worth it; null when nobody knows
     */
    void happened(String code, String why, @Nullable Purpose purpose, @Nullable Duration wait) {
        boolean greeting = purpose == Purpose.GREETING;
        if (wait != null && wait.compareTo(LONGEST_WAIT) <= 0 && waits < MAX_WAITS) {
            waits++;
            waitFor(wait, why, purpose);
        } else if (greeting && !greetedAgain && !Failures.isFatal(code)) {
            greetedAgain = true;
            log.info(
                    "greeting tried again call={} reason=\"{}\"",
                    setting.brief().callId(),
                    why);
            speaker.tryAgain(purpose);
        } else {
            line.failed(new AgentFailure(why, greeting || Failures.isFatal(code) || ++failuresInARow > 1));
        }
    }

    private void waitFor(Duration wait, String why, @Nullable Purpose purpose) {
        log.warn("call={} waits {} ms: {}", setting.brief().callId(), wait.toMillis(), why);
        setting.stage().pleaseWait();
        int before = speaker.responses();
        line.after(wait, () -> {
            if (speaker.responses() == before) speaker.tryAgain(purpose);
        });
    }
}

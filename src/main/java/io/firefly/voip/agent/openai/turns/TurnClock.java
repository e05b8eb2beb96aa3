package io.firefly.voip.agent.openai.turns;

import io.firefly.voip.agent.AgentStage.Leaving;
import io.firefly.voip.agent.conduct.Conduct;
import io.firefly.voip.agent.conduct.Initiative;
import io.firefly.voip.agent.openai.wire.Create;
import io.firefly.voip.agent.openai.wire.Create.Purpose;
import java.time.Duration;

/**
 * Looks at the conversation again and again: lets the agent take the {@link Initiative}, and listens only after a greeting
 * that is not to be interrupted. Agent's thread only.
 */
final class TurnClock {
    private static final Duration LOOK = Duration.ofMillis(500);
    /** A greeting's end must not be missed by much: the caller answers. */
    private static final Duration GREETING_LOOK = Duration.ofMillis(60);

    private static final Duration LONGEST_GREETING = Duration.ofSeconds(60);

    private final Setting setting;
    private final Turns turns;
    private final Turns.Line line;
    private final ResponseSequencer sequencer;
    private final Initiative initiative;
    private long beganNanos;
    private boolean begun;
    private boolean protecting;

    TurnClock(Setting setting, Turns turns, ResponseSequencer sequencer, Turns.Line line) {
        this.setting = setting;
        this.turns = turns;
        this.sequencer = sequencer;
        this.line = line;
        Conduct conduct =
                setting.properties().conduct().with(setting.brief().profile().manner());
        this.protecting = conduct.protectedGreeting();
        this.initiative = new Initiative(conduct, setting.stage(), new Floor());
    }

    /** The agent greets. */
    void begin() {
        if (begun) return;
        begun = true;
        beganNanos = line.nanoTime();
        initiative.begin();
        look();
    }

    /** The greeting may still come or is heard, and nobody may interrupt it. */
    boolean isProtecting() {
        return protecting;
    }

    /** The caller is there: spoke, or pressed a key. */
    void callerIsThere() {
        initiative.callerIsThere();
    }

    private void look() {
        // During a break this waits: the next session is as deaf as the one that was.
        if (protecting && !turns.isCut() && (turns.isPause() || isGreetingTooLong())) listen();
        initiative.look();
        if (!initiative.hasLeft()) line.after(protecting ? GREETING_LOOK : LOOK, this::look);
    }

    private boolean isGreetingTooLong() {
        return line.nanoTime() - beganNanos >= LONGEST_GREETING.toNanos();
    }

    private void listen() {
        protecting = false;
        line.send(setting.events().clearInput(setting.events().nextId()));
        line.send(setting.events().listen(setting.events().nextId()));
    }

    private final class Floor implements Initiative.Floor {
        @Override
        public boolean isPause() {
            return turns.isPause() && !turns.isCut();
        }

        @Override
        public void remark(String instructions) {
            sequencer.request(new Create(Purpose.CONTINUE, setting.events().remarkInstructions(instructions), false));
        }

        @Override
        public void leave(Leaving why) {
            line.leave(why);
        }

        @Override
        public long nanoTime() {
            return line.nanoTime();
        }
    }
}

package io.firefly.voip.agent.openai.turns;

import io.firefly.voip.agent.AgentStage.Leaving;
import io.firefly.voip.agent.openai.settings.Conduct;
import io.firefly.voip.agent.openai.wire.Create;
import io.firefly.voip.agent.openai.wire.Create.Purpose;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What an agent does without being asked: it asks a caller who says nothing whether they are there and says goodbye to
 * one who is not, warns that the call will end and ends it in time, and listens only after a greeting that is not to be
 * interrupted. Agent's thread only.
 */
final class Initiative {
    private static final Duration LOOK = Duration.ofMillis(500);
    /** A greeting's end must not be missed by much: the caller answers. */
    private static final Duration GREETING_LOOK = Duration.ofMillis(60);

    private static final Duration LONGEST_GREETING = Duration.ofSeconds(60);
    /** Somebody who talks when the time is up may finish. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Setting setting;
    private final Conduct conduct;
    private final Turns turns;
    private final Turns.Line line;
    private final ResponseSequencer sequencer;
    private final Consumer<Leaving> leave;
    private long beganNanos;
    private long silentSinceNanos;
    private int prompts;
    private boolean begun;
    private boolean protecting;
    private boolean warned;
    private boolean left;

    /** @param leave says goodbye and ends the call */
    Initiative(Setting setting, Turns turns, ResponseSequencer sequencer, Turns.Line line, Consumer<Leaving> leave) {
        this.setting = setting;
        this.conduct = setting.events().conduct();
        this.turns = turns;
        this.sequencer = sequencer;
        this.line = line;
        this.leave = leave;
        this.protecting = conduct.protectedGreeting();
    }

    /** The agent greets. */
    void begin() {
        if (begun) return;
        begun = true;
        beganNanos = line.nanoTime();
        silentSinceNanos = beganNanos;
        look();
    }

    /** The greeting may still come or is heard, and nobody may interrupt it. */
    boolean isProtecting() {
        return protecting;
    }

    /** The caller is there: spoke, or pressed a key. */
    void callerIsThere() {
        prompts = 0;
    }

    private void look() {
        if (left) return;
        long now = line.nanoTime();
        boolean quiet = turns.isPause() && !turns.isCut();
        // During a break this waits: the next session is as deaf as the one that was.
        if (protecting && !turns.isCut() && (quiet || isOver(LONGEST_GREETING, now))) listen();
        if (!quiet || setting.stage().isCallerAway()) silentSinceNanos = now;
        boolean leaves = limit(quiet, now) || silence(now);
        if (!leaves) line.after(protecting ? GREETING_LOOK : LOOK, this::look);
    }

    private boolean isOver(Duration time, long now) {
        return now - beganNanos >= time.toNanos();
    }

    private void listen() {
        protecting = false;
        line.send(setting.events().clearInput(setting.events().nextId()));
        line.send(setting.events().listen(setting.events().nextId()));
    }

    private boolean limit(boolean quiet, long now) {
        Duration most = conduct.maxDuration();
        if (most.isZero()) return false;
        Duration warning = conduct.warnBefore();
        boolean warns = !warned && !warning.isZero() && warning.compareTo(most) < 0;
        if (warns && quiet && isOver(most.minus(warning), now) && !isOver(most, now)) {
            warned = true;
            say(setting.events().warningInstructions(warning));
        }
        boolean over = isOver(quiet ? most : most.plus(GRACE), now);
        return over && leave(Leaving.OUT_OF_TIME);
    }

    private boolean silence(long now) {
        Duration after = conduct.silence().after();
        if (after.isZero() || now - silentSinceNanos < after.toNanos()) return false;
        if (prompts >= conduct.silence().prompts()) return leave(Leaving.CALLER_SILENT);
        prompts++;
        silentSinceNanos = now;
        say(setting.events().silenceInstructions());
        return false;
    }

    private void say(String instructions) {
        sequencer.request(new Create(Purpose.CONTINUE, instructions, false));
    }

    private boolean leave(Leaving why) {
        left = true;
        leave.accept(why);
        return true;
    }
}

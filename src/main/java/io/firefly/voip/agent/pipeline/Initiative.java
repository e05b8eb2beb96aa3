package io.firefly.voip.agent.pipeline;

import io.firefly.voip.agent.AgentStage.Leaving;
import io.firefly.voip.agent.pipeline.settings.Conduct;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What an agent does without being asked: it asks a caller who says nothing whether they are there and says goodbye to one
 * who is not, warns that the call will end, and ends it in time. Agent's thread.
 */
final class Initiative {
    private static final String ARE_YOU_THERE =
            "The caller has said nothing for a while. Ask in one short sentence, in the"
                    + " language of the conversation, whether they are still there.";
    /** Somebody who talks when the time is up may finish. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    /** Who speaks now. */
    interface Floor {
        /** Nobody speaks, or is about to. */
        boolean isPause();

        void remark(String instructions);
    }

    private final Conduct conduct;
    private final Stages stages;
    private final Floor floor;
    private final BooleanSupplier callerAway;
    private final Consumer<Leaving> leave;
    private long beganNanos;
    private long silentSinceNanos;
    private int prompts;
    private boolean begun;
    private boolean warned;
    private boolean left;

    /**
     * @param callerAway on hold: neither there nor silent
     * @param leave says goodbye and ends the call
     */
    Initiative(Conduct conduct, BooleanSupplier callerAway, Stages stages, Floor floor, Consumer<Leaving> leave) {
        this.conduct = conduct;
        this.callerAway = callerAway;
        this.leave = leave;
        this.stages = stages;
        this.floor = floor;
    }

    /** The caller hears us from now on. */
    void begin() {
        begun = true;
        beganNanos = stages.nanoTime();
        silentSinceNanos = beganNanos;
    }

    /** The caller spoke, or pressed a key. */
    void callerIsThere() {
        prompts = 0;
    }

    void look() {
        if (!begun || left) return;
        long now = stages.nanoTime();
        boolean pause = floor.isPause();
        if (!pause || callerAway.getAsBoolean()) silentSinceNanos = now;
        if (!limit(pause, now)) silence(now);
    }

    private boolean limit(boolean pause, long now) {
        Duration most = conduct.maxDuration();
        if (most.isZero()) return false;
        Duration warning = conduct.warnBefore();
        boolean warns = !warned && !warning.isZero() && warning.compareTo(most) < 0;
        if (warns && pause && isOver(most.minus(warning), now) && !isOver(most, now)) {
            warned = true;
            floor.remark(endsIn(warning));
            return true;
        }
        if (!isOver(pause ? most : most.plus(GRACE), now)) return false;
        leave(Leaving.OUT_OF_TIME);
        return true;
    }

    private boolean isOver(Duration time, long now) {
        return now - beganNanos >= time.toNanos();
    }

    private static String endsIn(Duration time) {
        long seconds = time.toSeconds();
        String words = seconds >= 90 ? Math.round(seconds / 60.0) + " minutes" : seconds + " seconds";
        return "This call ends in about " + words
                + ". Tell the caller so in one short sentence, in the language of the conversation, and go on.";
    }

    private void silence(long now) {
        Duration after = conduct.silence().after();
        if (after.isZero() || now - silentSinceNanos < after.toNanos()) return;
        if (prompts >= conduct.silence().prompts()) {
            leave(Leaving.CALLER_SILENT);
        } else {
            prompts++;
            silentSinceNanos = now;
            floor.remark(ARE_YOU_THERE);
        }
    }

    private void leave(Leaving why) {
        left = true;
        leave.accept(why);
    }
}

package io.firefly.voip.agent.conduct;

import io.firefly.voip.agent.AgentStage;
import io.firefly.voip.agent.AgentStage.Leaving;
import java.time.Duration;

/**
 * What an agent does without being asked: it asks a caller who says nothing whether they are there and says goodbye to one
 * who is not, warns that the call will end, and ends it in time. Agent's thread only.
 */
public final class Initiative {
    private static final String ARE_YOU_THERE =
            "The caller has said nothing for a while. Now ask in one short sentence, in the"
                    + " language of the conversation, whether they are still there.";
    /** Somebody who talks when the time is up may finish. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    /** The conversation as it stands. */
    public interface Floor {
        /** Nobody speaks, or is about to. */
        boolean isPause();

        /** @param instructions for the model: what to say now */
        void remark(String instructions);

        /** Says goodbye and ends the call. */
        void leave(Leaving why);

        long nanoTime();
    }

    private final Conduct conduct;
    private final AgentStage stage;
    private final Floor floor;
    private long beganNanos;
    private long silentSinceNanos;
    private int prompts;
    private boolean begun;
    private boolean warned;
    private boolean left;

    /** @param stage tells when the caller is away: neither there nor silent */
    public Initiative(Conduct conduct, AgentStage stage, Floor floor) {
        this.conduct = conduct;
        this.stage = stage;
        this.floor = floor;
    }

    /** The caller hears us from now on. */
    public void begin() {
        if (begun) return;
        begun = true;
        beganNanos = floor.nanoTime();
        silentSinceNanos = beganNanos;
    }

    /** The caller spoke, or pressed a key. */
    public void callerIsThere() {
        prompts = 0;
    }

    /** To be called at least every half second. */
    public void look() {
        if (!begun || left) return;
        long now = floor.nanoTime();
        boolean pause = floor.isPause();
        if (!pause || stage.isCallerAway()) silentSinceNanos = now;
        if (!limit(pause, now)) silence(now);
    }

    /** It said goodbye of its own accord, and looks no more. */
    public boolean hasLeft() {
        return left;
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
                + ". Now tell the caller so in one short sentence, in the language of the conversation, and go on.";
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
        floor.leave(why);
    }
}

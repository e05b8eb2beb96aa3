package io.firefly.voip.agent.simulator.script;

/**
 * How fast the model is; -1 everywhere means: as before.
 *
 * @param responseDelayMillis from the end of the caller's turn to {@code response.created}
 * @param firstAudioDelayMillis from there to the first sound
 * @param jitterMillis each delta comes up to so much later than it should
 * @param toolDelayMillis from the response to its function call
 * @param speed times real time in which sound is generated
 */
public record Tempo(
        long responseDelayMillis, long firstAudioDelayMillis, long jitterMillis, long toolDelayMillis, double speed) {
    public static final Tempo ORDINARY = new Tempo(-1, -1, -1, -1, -1);

    /** These values, and the others where these say nothing. */
    public Tempo or(Tempo other) {
        return new Tempo(
                responseDelayMillis < 0 ? other.responseDelayMillis : responseDelayMillis,
                firstAudioDelayMillis < 0 ? other.firstAudioDelayMillis : firstAudioDelayMillis,
                jitterMillis < 0 ? other.jitterMillis : jitterMillis,
                toolDelayMillis < 0 ? other.toolDelayMillis : toolDelayMillis,
                speed < 0 ? other.speed : speed);
    }
}

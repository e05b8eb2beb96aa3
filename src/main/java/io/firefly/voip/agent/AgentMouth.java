package io.firefly.voip.agent;

import java.util.List;

/**
 * Where an agent's speech goes: a bounded queue that the media thread plays in real time while the provider delivers
 * faster. Agent's thread only.
 */
public interface AgentMouth {
    /**
     * Queues speech of one item (the provider's name for one utterance), in the format of the brief.
     *
     * @return samples that found no room and were dropped (counted as a metric); 0 normally
     */
    int say(String itemId, short[] pcm, int length);

    /** The item is complete: nothing more will be said of it. */
    void itemDone(String itemId);

    /** Silence at once: everything unplayed is dropped. Tells how much of each queued or half-heard item was heard. */
    List<Heard> interrupt();

    /** True while something said is still to be played. */
    boolean isSpeaking();

    /**
     * How much of an item reached the caller.
     *
     * @param queuedMillis what was handed to {@link #say} of it
     * @param heardMillis what was played of it until now
     * @param complete true when the item was done before it was interrupted
     */
    record Heard(String itemId, int queuedMillis, int heardMillis, boolean complete) {}
}

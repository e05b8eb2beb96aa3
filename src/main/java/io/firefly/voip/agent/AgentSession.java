package io.firefly.voip.agent;

import io.firefly.voip.audio.AudioSink;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** One conversation of an agent with one caller. Methods return at once, from any thread. */
public interface AgentSession extends AutoCloseable {
    /** Takes what the caller says, up to 20 ms at a time, in the format of the brief. Media thread. */
    AudioSink ears();

    /** The call is answered: greet. Before the provider is ready this is remembered. */
    void begin();

    /** A key the caller pressed; the agent may be told. */
    void dtmf(char digit);

    /** From now on these are the tools it may ask for; what it was offered before is withdrawn. */
    default void offer(List<ToolDescription> tools) {}

    /**
     * Says a short phrase in the agent's voice while the caller waits for a tool, unless somebody speaks; it is no turn
     * of the conversation.
     *
     * @return false when this agent cannot
     */
    default boolean fill(String phrase) {
        return false;
    }

    /**
     * Ends the conversation politely: what is being said, or else one short goodbye, is generated to its end and no
     * further turn begins.
     *
     * @return completes when the last sound was handed to the mouth; never exceptionally
     */
    CompletionStage<Void> sayGoodbye();

    /** Hangs up on the provider. May be called twice. Nothing reaches the stage after this returns, but late tools. */
    @Override
    void close();
}

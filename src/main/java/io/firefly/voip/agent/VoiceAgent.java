package io.firefly.voip.agent;

/** A speaking AI. One per provider: OpenAI Realtime, the simulator behind the same protocol, a pipeline. */
public interface VoiceAgent {
    /**
     * Begins a conversation and returns at once; connecting goes on behind. Called while the phone rings, so that the
     * agent is ready when the call is answered.
     *
     * @param stage what the session may use of the call; its methods are called on the agent's thread
     */
    AgentSession join(AgentBrief brief, AgentStage stage);

    /** Who answers and why, in a few words for whoever starts us. */
    String description();

    /** Sessions open now; 0 at rest. */
    int openSessions();
}

package io.firefly.voip.agent;

import java.util.concurrent.CompletionStage;

/** What a session may do to the call it speaks in. Told on the agent's thread; implementations return at once. */
public interface AgentStage {
    /** The provider accepted the session: from here on {@link AgentSession#begin} is heard at once. */
    void ready();

    /** Where the agent speaks. */
    AgentMouth mouth();

    /** One side said something; final text only, in the order of the dialogue. */
    void said(Utterance utterance);

    /** The agent wants a tool to be run; the answer goes back by itself. */
    CompletionStage<String> call(ToolCall tool);

    /** The conversation cannot go on (or has an accident the caller should hear of). */
    void failed(AgentFailure failure);

    /** The caller waits longer than they expect, and the agent cannot say so itself: they should hear that. */
    default void pleaseWait() {}

    /** The agent said goodbye of its own accord: the call may end when that was heard. The session goes on until then. */
    default void leaves(Leaving why) {}

    /** Why an agent says goodbye without being asked to. */
    enum Leaving {
        CALLER_SILENT,
        OUT_OF_TIME
    }

    /** The caller has put us on hold: neither do they hear the agent nor are they silent. */
    default boolean isCallerAway() {
        return false;
    }

    /** Tokens and cost units of one response, as the provider reports them. */
    void used(AgentUsage usage);
}

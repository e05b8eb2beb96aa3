package io.firefly.voip.agent;

/**
 * Why an agent cannot go on.
 *
 * @param message one sentence for the operator's log: what happened and what to do
 * @param fatal true when the conversation is over; false when the caller should hear an apology and it goes on
 */
public record AgentFailure(String message, boolean fatal) {}

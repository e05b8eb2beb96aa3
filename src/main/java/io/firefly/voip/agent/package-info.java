/**
 * The port to a speaking AI. Knows no provider: a second one is a new folder beside {@code agent.openai}.
 *
 * <p>Start with {@link io.firefly.voip.agent.VoiceAgent} and {@link io.firefly.voip.agent.AgentStage}. Sound reaches a
 * session on the media thread by {@link io.firefly.voip.agent.AgentSession#ears} and leaves it on the agent's thread by
 * {@link io.firefly.voip.agent.AgentMouth}; between the two stand bounded rings, never a lock.
 */
@NullMarked
package io.firefly.voip.agent;

import org.jspecify.annotations.NullMarked;

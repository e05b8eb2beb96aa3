/**
 * The words of the Realtime API (GA shape, JSON over a websocket).
 *
 * <p>Start with {@link io.firefly.voip.agent.openai.wire.ServerEvent} (what the provider says, reduced to what we listen to)
 * and {@link io.firefly.voip.agent.openai.wire.ClientEvents} (what we say).
 * {@link io.firefly.voip.agent.openai.wire.Failures} says in one sentence each what went wrong. No threads, no state of a
 * conversation.
 */
@NullMarked
package io.firefly.voip.agent.openai.wire;

import org.jspecify.annotations.NullMarked;

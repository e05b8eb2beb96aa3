/**
 * OpenAI Realtime (GA protocol, JSON over one websocket per call), and whoever speaks the same, such as the simulator.
 *
 * <p>Start with {@code OpenAiVoiceAgent#join}, then {@code RealtimeSession} (connect, configure, end) and {@code
 * Lifeline} (breaks and renewals, one {@code Link} after the other), then the packages below: {@code settings} (what can be
 * set), {@code wire} (events both ways), {@code sound} (both ways), {@code turns} (who speaks when).
 *
 * <p>Threads: everything of a session runs on its one {@code agent-n} thread, to which websocket events, orders and timers
 * are posted; the caller's sound goes by the media thread and {@code agent-pump}. The socket itself is
 * {@link io.firefly.voip.agent.Upstream}.
 */
@NullMarked
package io.firefly.voip.agent.openai;

import org.jspecify.annotations.NullMarked;

/**
 * OpenAI Realtime (GA protocol, JSON over one websocket per call), and the simulator that speaks the same.
 *
 * <p>Start with {@code OpenAiVoiceAgent#join}, then {@code RealtimeSession} (connect, configure, end) and {@code Turns}
 * (who speaks when). Beside them: {@code ResponseSequencer} keeps to one response at a time, {@code Speech} brings sound
 * to the mouth and knows what to truncate after a barge-in, {@code Dialogue} puts transcripts in order, {@code ToolCalls}
 * answers functions, {@code ResponseSequencer.Goodbye} lets the last words finish. {@code StallWatch} doubts a provider that says nothing. {@code ServerEvent} reads the wire, {@code ClientEvents}
 * writes it, {@code Failures} says what went wrong.
 *
 * <p>Threads: the media thread writes {@code AgentPump.Ears} (a ring, no lock, no garbage); {@code agent-pump} carries
 * the frames of all sessions to their sockets, woken by the first of them; everything else of a session runs on its one {@code agent-n}
 * thread, to which websocket events, orders and timers are posted. The socket itself is
 * {@link io.firefly.voip.agent.Upstream}. G.711 (ITU-T) passes through unchanged.
 */
@NullMarked
package io.firefly.voip.agent.openai;

import org.jspecify.annotations.NullMarked;

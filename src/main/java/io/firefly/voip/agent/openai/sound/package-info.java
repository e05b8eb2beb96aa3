/**
 * Sound between a call and its provider.
 *
 * <p>Start with {@link io.firefly.voip.agent.openai.sound.AgentPump}: the media thread writes its {@code Ears} (a ring, no
 * lock, no garbage), the thread {@code agent-pump} carries the frames of all sessions to their sockets.
 * {@link io.firefly.voip.agent.openai.sound.Speech} is the other way, on the agent's thread: from the wire to the mouth,
 * with a ledger of what came of each item, by which a barge-in is truncated.
 * {@link io.firefly.voip.agent.openai.sound.LineCodec} writes both: G.711 (ITU-T) as it is, or 24 kHz PCM.
 */
@NullMarked
package io.firefly.voip.agent.openai.sound;

import org.jspecify.annotations.NullMarked;

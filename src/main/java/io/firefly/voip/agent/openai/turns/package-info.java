/**
 * Who speaks when in a session that is ready. One agent's thread per session; nothing here is shared.
 *
 * <p>Start with {@link io.firefly.voip.agent.openai.turns.Turns}. Beside it:
 * {@link io.firefly.voip.agent.openai.turns.ResponseSequencer} keeps to one response at a time and lets the last words
 * finish, {@link io.firefly.voip.agent.openai.turns.Dialogue} puts transcripts in order,
 * {@link io.firefly.voip.agent.openai.turns.ToolCalls} answers functions,
 * {@link io.firefly.voip.agent.openai.turns.StallWatch} doubts a provider that says nothing, and
 * {@link io.firefly.voip.agent.openai.turns.Seam} leads from one session to the next, with a summary where there is time.
 */
@NullMarked
package io.firefly.voip.agent.openai.turns;

import org.jspecify.annotations.NullMarked;

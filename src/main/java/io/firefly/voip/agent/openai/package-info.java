/**
 * OpenAI Realtime (GA protocol): events, turns, barge-in, truncation, usage. Speaks through {@link io.firefly.voip.agent.Upstream}.
 */
@NullMarked
package io.firefly.voip.agent.openai;

import org.jspecify.annotations.NullMarked;

/**
 * What can be set about OpenAI Realtime and servers of the same protocol: {@code firefly.openai}.
 *
 * <p>Start with {@link io.firefly.voip.agent.openai.settings.OpenAiProperties}. Values only, checked when they are read,
 * with sentences that name the key; nothing here knows a session.
 */
@NullMarked
package io.firefly.voip.agent.openai.settings;

import org.jspecify.annotations.NullMarked;

/**
 * The settings {@code firefly.pipeline.*}. Values only, checked when they are read, with sentences that name the key.
 */
@NullMarked
package io.firefly.voip.agent.pipeline.settings;

import org.jspecify.annotations.NullMarked;

/**
 * The settings {@code firefly.pipeline.*} and what one agent makes of them ({@code Conduct}).
 */
@NullMarked
package io.firefly.voip.agent.pipeline.settings;

import org.jspecify.annotations.NullMarked;

/**
 * The caller's sound becomes turns: {@link io.firefly.voip.agent.pipeline.hearing.VoiceActivity} tells speech from
 * everything else, frame by frame ({@code EnergyDetector}, or a bean of somebody else's), {@code TurnDetector} finds where a
 * turn begins, is meant and ends. Everything runs on the session's agent thread.
 */
@NullMarked
package io.firefly.voip.agent.pipeline.hearing;

import org.jspecify.annotations.NullMarked;

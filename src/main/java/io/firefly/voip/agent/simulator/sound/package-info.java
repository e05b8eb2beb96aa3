/**
 * The simulator's ears and voice: when the caller speaks, and how what the model says sounds.
 *
 * <p>Start with {@link io.firefly.voip.agent.simulator.sound.InputAudio} (the input buffer and its clock) and {@code
 * SpeechDetector} behind it (32 ms frames, by energy); then {@link io.firefly.voip.agent.simulator.sound.Voice}:
 * recordings in {@code /simulator}, and a murmur for every other sentence. Time is the audio written, never the wall.
 *
 * <p>{@code Voice} is shared and thread-safe; an {@code InputAudio} belongs to the event loop of its session.
 */
@NullMarked
package io.firefly.voip.agent.simulator.sound;

import org.jspecify.annotations.NullMarked;

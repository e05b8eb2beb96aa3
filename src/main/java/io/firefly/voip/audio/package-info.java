/**
 * What sound is: format, 20 ms frame, stage, path, G.711, resampler, tempo, level, tones, WAV. Pure functions and
 * small stations; no thread, no socket.
 *
 * <p>Start with {@link io.firefly.voip.audio.AudioPath}: one direction of a call, written once, in the order the sound
 * travels. Everything that is called per frame neither blocks nor allocates (a test counts the bytes).
 */
@NullMarked
package io.firefly.voip.audio;

import org.jspecify.annotations.NullMarked;

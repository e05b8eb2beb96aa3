/**
 * What sound is: format, 20 ms frame, stage, path, G.711, resampler, tempo, level, tones, WAV. Pure functions and
 * small stations; no thread, no socket.
 *
 * <p>Start with {@link io.firefly.voip.audio.AudioPath}: one direction of a call, written once, in the order the sound
 * travels. {@link io.firefly.voip.audio.Tap} and {@link io.firefly.voip.audio.LevelMeter} are stations of it;
 * {@link io.firefly.voip.audio.Resampler} and {@link io.firefly.voip.audio.Tempo} change rate and speed of a stream;
 * {@link io.firefly.voip.audio.SampleRing} carries samples to another thread.
 *
 * <p>Sound that is complete (announcements, measurements) is a {@link io.firefly.voip.audio.Sound}, read and written by
 * {@link io.firefly.voip.audio.WavFile}. {@link io.firefly.voip.audio.Tones} and {@link io.firefly.voip.audio.Chirp}
 * make test signals and find them again.
 *
 * <p>Everything that is called per frame neither blocks nor allocates (a test counts the bytes); all objects belong to
 * one thread at a time unless they say otherwise. Only {@code WavFile} touches the disk. ITU-T G.711, AES17 (dBFS).
 */
@NullMarked
package io.firefly.voip.audio;

import org.jspecify.annotations.NullMarked;

/**
 * What is kept of a call: stereo or mono sound as it was heard (caller left, agent right), metadata and transcript
 * beside it.
 *
 * <p>Start with {@link io.firefly.voip.recording.Recorder}; {@code FileRecorder} stands behind it and keeps every open
 * {@code FileRecording}. Per tick the media thread writes the caller's frame and then the agent's; the pair goes into a
 * bounded ring, and the number of pairs is the length of the recording.
 *
 * <p>One writer thread, {@code recording-writer}, serves all recordings ten times a second: it alone opens, writes and
 * closes files ({@code RecordedSound}, {@code Transcript}, {@code Metadata}). What does not fit into the ring because
 * the disk is slow is counted and written as silence, so that the length stays true. When the disk fails the recording
 * says so once, keeps what is on disk, playable, and takes no more sound; transcript and metadata are tried all the
 * same. For the metadata room is reserved at the beginning ({@code .json.part}). The call never notices.
 *
 * <p>Names: {@code <prefix><UTC time>-<call id>-stereo.wav}, {@code -mono.wav}, {@code .json}, {@code .txt}.
 */
@NullMarked
package io.firefly.voip.recording;

import org.jspecify.annotations.NullMarked;

/**
 * What is kept of a call: stereo or mono sound as it was heard (caller left, agent right), metadata and transcript
 * beside it.
 *
 * <p>Start with {@link io.firefly.voip.recording.Recorder}. One writer thread for all recordings; the rings before it
 * are bounded, and what does not fit is counted and written as silence, so that the length stays true.
 */
@NullMarked
package io.firefly.voip.recording;

import org.jspecify.annotations.NullMarked;

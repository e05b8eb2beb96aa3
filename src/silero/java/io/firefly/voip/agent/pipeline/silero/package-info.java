/**
 * Silero VAD: a small neural network tells speech from noise, music and tones, where the energy of the line cannot. Only in
 * builds with {@code -Psilero}, because ONNX Runtime is 139 MB of native code; the model is the user's file ({@code
 * firefly.pipeline.vad.model}).
 *
 * <p>Start with {@code SileroActivity}, one per call: it gathers windows of 32 ms and asks {@code SileroModel}, which all
 * calls share. Everything runs on the session's agent thread, a fraction of a millisecond for each window.
 */
@NullMarked
package io.firefly.voip.agent.pipeline.silero;

import org.jspecify.annotations.NullMarked;

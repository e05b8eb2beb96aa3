/**
 * The scheme {@code pipeline:} and the way from a pipeline's stages to their routes.
 *
 * <pre>
 * from direct:pipeline-transcribe   a turn of the caller; body: WAV as byte[]; at the end: the words
 * from direct:pipeline-generate     an answer is due; body: the caller's last words; at the end: the answer
 * from direct:pipeline-speak        one sentence; body: the sentence; at the end: WAV as byte[]
 * to   pipeline:transcribe, pipeline:generate, pipeline:speak   by the OpenAI-compatible servers of firefly.pipeline
 * </pre>
 *
 * <p>Start with {@code RouteVoiceBackend}. Routes run on the {@code pipeline-work-*} thread that wants the stage, to their
 * end; they may wait, and are interrupted when nobody wants the result any more. {@code pipeline:generate} passes its text
 * on while it is generated; a route that puts a body in its place is heard as well.
 */
@NullMarked
package io.firefly.voip.camel.pipeline;

import org.jspecify.annotations.NullMarked;

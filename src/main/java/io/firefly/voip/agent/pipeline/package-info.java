/**
 * A voice agent made of three stages: what the caller said is transcribed, an answer is generated and spoken, sentence by
 * sentence. {@code firefly.agent.provider=pipeline}.
 *
 * <p>Start with {@link io.firefly.voip.agent.pipeline.VoiceBackend}, the stages as a port: the product's goes through the
 * routes {@code pipeline-transcribe}, {@code pipeline-generate} and {@code pipeline-speak} (package
 * {@code camel.pipeline}), whose default steps speak the OpenAI-compatible HTTP APIs ({@code agent.pipeline.http}). Then
 * {@code Turns} (who speaks when), {@code Listening} (frames to words), {@code Reply} (one answer), {@code Voice} (what of
 * it was heard). The caller's turns are found in {@code agent.pipeline.hearing}; what the agent does without being asked is
 * in {@code agent.conduct}.
 *
 * <p>Threads: the media thread writes the ears (a ring, no lock, no garbage); everything else of a session runs on its one
 * {@code pipeline-n} thread, which looks into the ears every 20 ms; stages run on {@code pipeline-work-n} threads, where
 * they may wait, and are interrupted when they take too long or nobody wants to hear them any more.
 */
@NullMarked
package io.firefly.voip.agent.pipeline;

import org.jspecify.annotations.NullMarked;

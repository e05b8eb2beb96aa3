/**
 * A voice agent made of three stages: what the caller said is transcribed, an answer is generated and spoken, sentence by
 * sentence. {@code firefly.agent.provider=pipeline}.
 *
 * <p>Start with {@link io.firefly.voip.agent.pipeline.VoiceBackend}, the stages as a port: the product's goes through the
 * routes {@code pipeline-transcribe}, {@code pipeline-generate} and {@code pipeline-speak} (package
 * {@code camel.pipeline}), whose default steps speak the OpenAI-compatible HTTP APIs ({@code agent.pipeline.http}).
 *
 * <p>The path of a turn, from ear to mouth:
 *
 * <ol>
 *   <li>{@code PipelineSession.look} takes the caller's frames out of the ears, {@code Turns.hear} passes them on;
 *   <li>{@code Listening} finds the turn in them ({@code hearing.TurnDetector} and {@code VoiceActivity}) and has it written
 *       down; speech that goes on for a while holds what the agent says;
 *   <li>{@code Turns.Ear.words}: words wait in {@code CallersWords}; without any, what was held goes on;
 *   <li>{@code Turns.proceed} and {@code answer}: what the agent was saying is cut to what was heard, in {@code History} too;
 *   <li>{@code Reply.generate}: the model answers in pieces, {@code Sentences} cuts them, each sentence is spoken while the
 *       next is generated; tools ({@code ToolRuns}) are between the parts of an answer;
 *   <li>{@code Voice} brings sentences to the mouth and knows what of them was heard; {@code Turns.look} sees the end, and
 *       {@code TurnBook} writes it down.
 * </ol>
 *
 * <p>Every stage is a job of {@code Stages}: with a time-out, and nothing comes of one that nobody wants any more. What the
 * agent does without being asked is in {@code agent.conduct}.
 *
 * <p>Threads: the media thread writes the ears (a ring, no lock, no garbage); everything else of a session runs on its one
 * {@code pipeline-n} thread, which looks into the ears every 20 ms; stages run on {@code pipeline-work-n} threads, where
 * they may wait, and are interrupted when they take too long or nobody wants to hear them any more.
 */
@NullMarked
package io.firefly.voip.agent.pipeline;

import org.jspecify.annotations.NullMarked;

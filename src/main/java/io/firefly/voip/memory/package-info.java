/**
 * What the pipeline's agents remember of a caller from one call to the next: the last turns, as they were heard and said,
 * per tenant and caller's number. Off unless {@code firefly.caller-memory.enabled} says otherwise.
 *
 * <p>Start with {@code RememberingBackend}, which lies around the stages ({@code VoiceBackend.Layer}): it reads when a call
 * begins, tells the model when an answer is due, and keeps what was said when the call ends. {@link
 * io.firefly.voip.memory.CallerMemory} is the port; {@code SqlCallerMemory} keeps it in the table {@code caller_memory}.
 * It is read and deleted over HTTP in {@code console};
 * {@code ForgettingMemory} sees to it that calls under way ({@code Talks}) forget, too. Callers are who the exchange believes they are ({@code Call.getCallerNumber}); who withholds a number is not remembered.
 *
 * <p>Threads: {@code caller-memory}, one, reads and writes the database, so that a call finds what the one before it left;
 * a worker of the pipeline waits for it at most half a second, then the agent remembers nothing.
 */
@NullMarked
package io.firefly.voip.memory;

import org.jspecify.annotations.NullMarked;

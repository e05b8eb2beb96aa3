/**
 * The three stages over the HTTP APIs that OpenAI has and many servers copy: whisper servers, Ollama and vLLM, Kokoro and
 * Piper, {@code firefly speech-server}.
 *
 * <p>Start with {@link io.firefly.voip.agent.pipeline.http.SpeechApi}. {@code HttpCaller} sends and tries again,
 * {@code ChatStream} reads the answer as it is generated (server-sent events, WHATWG HTML 9.2), {@code Multipart} writes
 * RFC 7578, {@code Waves} reads and writes WAV in memory.
 *
 * <p>The client is the JDK's ({@code java.net.http}): streams, can be interrupted, keeps connections, and costs nothing;
 * OpenAI's own SDK is 75 MB. Methods run on the caller's thread and wait; an interrupt ends them.
 */
@NullMarked
package io.firefly.voip.agent.pipeline.http;

import org.jspecify.annotations.NullMarked;

/**
 * {@code firefly speech-server}: the three OpenAI-compatible endpoints of a pipeline on this machine, without a network and
 * without a key: espeak-ng speaks, pocketsphinx recognises a few words, rules answer. To try the pipeline out and to test
 * it; a conversation wants real models behind the same endpoints.
 *
 * <p>Start with {@code SpeechServer}. {@code Recogniser} and {@code Synthesiser} run Debian's programs, a process for every
 * request, on one of four threads; {@code Receptionist} knows what to answer. Loopback only.
 */
@NullMarked
package io.firefly.voip.speech;

import org.jspecify.annotations.NullMarked;

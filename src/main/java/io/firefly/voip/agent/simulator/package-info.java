/**
 * The offline realtime server: speaks the OpenAI Realtime GA protocol well enough that the adapter cannot tell.
 *
 * <p>Start with {@link io.firefly.voip.agent.simulator.SimulatorServer} (who may connect), then {@code RealtimeSession}
 * (one connection: its events in, its turns out). From there: {@code SessionRules} and {@code SessionSettings} (what a
 * session may be set to), {@code InputAudio} and {@code SpeechDetector} (when the caller speaks, on the clock of the
 * audio written), {@code Conversation} (items), {@code Responses} and {@code ResponseRun} (what is generated and how
 * fast), {@code Receptionist} (what is said) and {@code Voice} (how it sounds: recordings in {@code /simulator}).
 *
 * <p>One Vert.x event loop runs everything; timers come back on it, so nothing is synchronised. Energy hears that the
 * caller speaks but not what: the dialogue goes by turns, and the caller's transcript only counts them.
 *
 * <p>Nothing here knows our side of the protocol; the judge is the official SDK, which the tests let validate every
 * frame. A mistake of the client is a {@link io.firefly.voip.agent.simulator.ProtocolError}: one {@code error} event,
 * and only where the real server hangs up, a close. RFC 6455.
 */
@NullMarked
package io.firefly.voip.agent.simulator;

import org.jspecify.annotations.NullMarked;

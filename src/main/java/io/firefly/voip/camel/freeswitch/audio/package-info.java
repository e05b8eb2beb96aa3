/**
 * The scheme {@code audio:}: events of the websockets that FreeSWITCH's mod_audio_fork dials, on their way to their calls.
 *
 * <pre>
 * to   audio:deliver      hands an event of a socket to the call whose ticket it brought
 * </pre>
 *
 * <p>Start with {@code AudioSockets}. The route {@code audio-server} listens and delivers; frames to FreeSWITCH go to
 * {@code websocket:send} without a route, on the thread that brought the frame before. Nothing here waits.
 */
@NullMarked
package io.firefly.voip.camel.freeswitch.audio;

import org.jspecify.annotations.NullMarked;

/**
 * The {@code websocket:} component: sockets that belong to calls, through Camel routes.
 *
 * <pre>
 * from websocket:server/audio?path=/audio/{ticket}&amp;port=8085   events of every socket that connects to us
 * from websocket:client/agent                                  events of every socket dialled under that name
 * to   websocket:connect/agent   to websocket:send   to websocket:close
 * </pre>
 *
 * <p>Start with {@link io.firefly.voip.camel.websocket.Websockets}, then {@code LiveSocket} and its {@code Mailbox}.
 * Events of one socket are routed strictly in order, one at a time, OPEN first and CLOSE last. A slow route pauses its
 * socket; a full send queue refuses the frame; a route that is being reloaded finds its sockets waiting.
 *
 * <p>Threads: a socket belongs to one Vert.x event loop for life, the only thread that touches its mailbox. Routes run
 * on it and must not block, unless they say {@code dispatch=worker}. Sending is allowed from any thread. RFC 6455.
 */
@NullMarked
package io.firefly.voip.camel.websocket;

import org.jspecify.annotations.NullMarked;

/**
 * The scheme {@code agent:} and what a speaking AI needs of Camel: its tools and its socket to the provider.
 *
 * <pre>
 * to   agent:reception                                 connects the named voice agent to the call
 * from agent:tool/hang_up?description=...&amp;parameter.reason=string?   the route is a tool of every agent
 * to   agent:deliver                                   hands a websocket event to its conversation
 * </pre>
 *
 * <p>Start with {@code CamelToolDesk} for tools and {@code CamelUpstream} for sockets. Every frame of a provider passes
 * the routes {@code agent-upstream} and {@code agent-downstream}, on the socket's event loop one way and on the sender's
 * thread the other way; nothing here waits. Tools run on {@code tool-*} threads, as many as
 * {@code firefly.tools.workers}.
 */
@NullMarked
package io.firefly.voip.camel.agent;

import org.jspecify.annotations.NullMarked;

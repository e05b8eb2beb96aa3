/**
 * The letter of the realtime protocol: what a client may write, what a session may be set to, and how the server writes.
 *
 * <p>Start with {@link io.firefly.voip.agent.simulator.protocol.SessionRules} (fields, types and ranges of every client
 * event), then {@link io.firefly.voip.agent.simulator.protocol.SessionSettings} (the session object and its merge), {@link
 * io.firefly.voip.agent.simulator.protocol.ServerEvents} (envelope and ids) and {@link
 * io.firefly.voip.agent.simulator.protocol.ProtocolError} (refusals). No thread, no clock, no socket in here.
 */
@NullMarked
package io.firefly.voip.agent.simulator.protocol;

import org.jspecify.annotations.NullMarked;

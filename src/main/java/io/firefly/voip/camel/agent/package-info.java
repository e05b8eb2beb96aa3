/**
 * The scheme {@code agent:} (connect an agent, be its tool) and the agent's sockets through Camel's websocket endpoint.
 */
@NullMarked
package io.firefly.voip.camel.agent;

import org.jspecify.annotations.NullMarked;

/**
 * The {@code websocket:} component: ordered per socket, keyed, bounded; one static route for all upstream sockets.
 */
@NullMarked
package io.firefly.voip.camel.websocket;

import org.jspecify.annotations.NullMarked;

/**
 * The offline realtime server: speaks the GA protocol well enough that the adapter cannot tell.
 */
@NullMarked
package io.firefly.voip.agent.simulator;

import org.jspecify.annotations.NullMarked;

/**
 * What is between a simulated session and its client: line, clock, log, and the faults of the way.
 *
 * <p>Start with {@link io.firefly.voip.agent.simulator.wire.Wire} (frames out: stalled, held, doubled or lost when the
 * script says so), then {@link io.firefly.voip.agent.simulator.wire.FrameLog} (what was said both ways, and counters),
 * {@link io.firefly.voip.agent.simulator.wire.Clock} and {@link io.firefly.voip.agent.simulator.wire.VirtualClock}.
 *
 * <p>One session, one thread: the event loop. No socket in here, a {@link io.firefly.voip.agent.simulator.wire.Line}
 * stands for it.
 */
@NullMarked
package io.firefly.voip.agent.simulator.wire;

import org.jspecify.annotations.NullMarked;

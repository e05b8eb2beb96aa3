/**
 * Our legs towards FreeSWITCH nodes, and the threads that work on the calls that have some.
 *
 * <p>Start with {@link io.firefly.voip.media.freeswitch.leg.LegDesk}: it names our INVITEs so that their channels are
 * found again ({@code drachtio-fsmrf:} as the public image wants it, {@code X-Firefly-Call}, {@code X-Firefly-Exchange})
 * and knows which of them are ours and alive. A {@link io.firefly.voip.media.freeswitch.leg.NodeLeg} is one of them: its
 * answer, its channel, its end.
 *
 * <p>Threads: {@code freeswitch-*}; one call is always served by the same one (a {@code Strand}), the only writer of its
 * state. Nothing there waits. RFC 3261 13, 14; RFC 3326 (Reason).
 */
@NullMarked
package io.firefly.voip.media.freeswitch.leg;

import org.jspecify.annotations.NullMarked;

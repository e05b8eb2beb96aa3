/**
 * The caller's sound for ears that need it at once and not evenly: an agent, whose provider needs order and not pace.
 *
 * <p>Start with {@link io.firefly.voip.media.rtp.arrival.ArrivalSound}: it puts packets in order, with two of them held
 * back at most. {@code CallerTime} then makes sound and silence of them that lasts as long as real time does. The jitter
 * buffer is not involved; who is recorded, echoed or bridged to a person hears that one.
 *
 * <p>Threads: the media thread of the leg alone; nothing here allocates, waits or logs. Counters may be read by anybody.
 *
 * <p>RFC 3550 (sequence numbers, timestamps), RFC 3551 4.1 (pauses that are not sent), RFC 4733 (tones not to be heard).
 */
@NullMarked
package io.firefly.voip.media.rtp.arrival;

import org.jspecify.annotations.NullMarked;

/**
 * Legs that we call: our INVITE and the dialog it becomes, from the first request to the last response. Texts in, texts
 * out: the stack is on the other side of {@link io.firefly.voip.sip.dial.Line}, which {@code sip} implements.
 *
 * <p>Start at {@link io.firefly.voip.sip.dial.DialedLegs} (which leg a message belongs to), then {@code OutgoingLeg}
 * (INVITE, CANCEL, BYE), {@code Acks}, {@code Forks} (who answered and is not wanted), {@code FarEnd} (tags, routes, how
 * our requests are written), {@code OurOffers} (re-INVITEs by us), {@code TheirOffers} (re-INVITE and UPDATE by them).
 *
 * <p>Threads: what belongs to one Call-ID is done by one thread at a time; nothing here waits.
 *
 * <p>RFC 3261 9, 12, 13, 14, 15, 17.1.1; 3311; 3326.
 */
@NullMarked
package io.firefly.voip.sip.dial;

import org.jspecify.annotations.NullMarked;
